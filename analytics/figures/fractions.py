"""Gain against the share of labels: one line per study, task and model."""

import pandas as pd

from analytics.figures.gains import COLUMNS
from analytics.figures.model import (
    DataTable,
    Figure,
    Part,
    PlotJson,
    Wording,
    counted,
    finite,
    signed,
)
from analytics.figures.theme import axis, colour, layout, symbol
from analytics.frames.rows import records

SERIES = ["study_id", "task", "model", "metric", "comparator", "evaluation"]
FEWEST = 2
NEEDED = list(
    dict.fromkeys(
        [*(column.key for column in COLUMNS), *SERIES, "fraction_share", "link", "position"]
    )
)


def gain_by_fraction(experiments: pd.DataFrame, wording: Wording) -> Figure:
    """Draw the relative gain over the share of labels where a study measured several shares.

    Args:
        experiments: `with_gains(experiments_frame(...))` with a `link` column.
        wording: The review's words.

    Returns:
        Lines on a logarithmic axis of shares in percent; amounts stated as counts are left out.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition (label-fraction curves).
    """
    usable = experiments.loc[experiments["refused_reason"] == "", NEEDED]
    shares = usable[usable["fraction_share"] > 0].sort_values("fraction_share", kind="stable")
    lines = _series(shares)
    drawn = pd.concat(lines) if lines else shares.iloc[:0]
    order = wording.order([*wording.groups, *drawn["group"]])
    rest = len(usable) - len(drawn)
    rows = tuple(
        {
            c.key: finite(row[c.key]) if c.digits is not None else str(row[c.key])
            for c in COLUMNS
            if c.key != "role"
        }
        | {"link": str(row["link"])}
        for row in records(drawn)
    )
    return Figure(
        key="gain-by-fraction",
        title="Relative gain by share of labels",
        reading=_reading(lines),
        plot={"data": [_line(own, order) for own in lines], "layout": _layout(wording)},
        table=DataTable(tuple(c for c in COLUMNS if c.key != "role"), rows),
        left_out=(f"{counted(rest, 'experiment')} of series with one share, or with counts only.",)
        if rest
        else (),
        is_wide=True,
        legend=tuple(
            (g, colour(i), symbol(i)) for i, g in enumerate(order) if g in set(drawn["group"])
        ),
    )


def _series(shares: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of each series that has at least two shares, in the order of the series."""
    number = shares.groupby(SERIES, sort=False).ngroup()
    amounts = shares.groupby(number)["fraction_share"].transform("nunique")
    kept = shares[amounts >= FEWEST]
    return [own for _, own in kept.groupby(number.loc[kept.index], sort=False)]


def _line(own: pd.DataFrame, order: list[str]) -> PlotJson:
    position = order.index(str(own["group"].iloc[0]))
    gains = [finite(value, 4) for value in own["relative_gain"]]
    texts = [
        f"<b>{row['study']}</b> {signed(float(str(row['relative_gain'])))}<br>{row['task']}<br>"
        f"{row['model']} · {row['fraction']}"
        for row in records(own)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [finite(100 * share) for share in own["fraction_share"]],
        "y": gains,
        "customdata": own["link"].tolist(),
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": colour(position), "width": 1.5},
        "marker": {"size": 8, "symbol": symbol(position), "color": colour(position)},
    }


def _reading(lines: list[pd.DataFrame]) -> tuple[Part, ...]:
    if not lines:
        return (Part("No study reports gains at several shares of labels."),)
    falling = sum(
        float(own["relative_gain"].iloc[0]) > float(own["relative_gain"].iloc[-1]) for own in lines
    )
    studies = {int(number) for own in lines for number in own["study_id"]}
    effects = counted(sum(map(len, lines)), "effect")
    words = (
        f"In {falling} of {counted(len(lines), 'series', 'series')} the gain is larger with the "
        f"fewest labels than with the most ({effects} from "
        f"{counted(len(studies), 'study', 'studies')}, descriptive)."
    )
    return (Part(words),)


def _layout(wording: Wording) -> PlotJson:
    gain = f"relative gain over {wording.comparator}, %"
    return layout(
        380,
        xaxis=axis(
            type="log",
            title={"text": "share of labels, %", "font": {"size": 12}},
            tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100],
        ),
        yaxis=axis(title={"text": gain, "font": {"size": 12}}, zeroline=True),
        margin={"l": 8, "r": 12, "t": 12, "b": 48},
    )
