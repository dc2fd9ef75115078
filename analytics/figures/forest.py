"""Forest plot: each effect with its interval and weight, the pooled value, the prediction."""

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from analytics.figures.marks import TEXT, gain_text, table_rows
from analytics.figures.model import (
    Cell,
    Column,
    DataTable,
    Figure,
    Part,
    PlotJson,
    Wording,
    counted,
    finite,
    signed,
)
from analytics.figures.pooling import Synthesis, shown_effect
from analytics.figures.theme import axis, colour, layout, named_rows, symbol
from analytics.frames.rows import records
from analytics.stats.sampling import KNOWN
from extraction.schema.comparison import EffectMeasure, SynthesisPolicy

LANE = 22
LABELLED_LANES = 90
TALLEST = 1600
GAP = 0.32
BIGGEST, SMALLEST = 15.0, 6.0
UNITS = {EffectMeasure.LOG_RATIO: " %", EffectMeasure.DIFFERENCE: " points"}
NAMES = {
    EffectMeasure.LOG_RATIO: "log ratio, shown as relative gain in percent",
    EffectMeasure.DIFFERENCE: "difference in points",
}
COLUMNS = (
    Column("study", "Study"),
    Column("group", "Group"),
    Column("metric", "Metric"),
    Column("task", "Task / data set"),
    Column("fraction", "Labels"),
    Column("arm_typed", "Method"),
    Column("other_typed", "Comparator"),
    Column("yi", "Effect", 4, is_signed=True),
    Column("se", "Standard error", 4),
    Column("shown", "Gain", 2, is_signed=True),
    Column("shown_low", "95 % from", 2, is_signed=True),
    Column("shown_high", "to", 2, is_signed=True),
    Column("weight", "Weight, %", 1),
    Column("error_basis", "Error from"),
    Column("arm_spread", "Spread over runs"),
    Column("status", "Status"),
)


COMPUTED = {"yi", "se", "shown", "shown_low", "shown_high", "weight"}
NEEDED = (
    *(column.key for column in COLUMNS if column.key not in COMPUTED),
    *("relative_gain", "link"),
)


def forest(
    experiments: pd.DataFrame,
    bands: Sequence[Synthesis],
    policy: SynthesisPolicy,
    wording: Wording,
) -> Figure:
    """Draw the effects of each metric with what a model makes of them.

    Args:
        experiments: `with_sampling(mark_reported(with_gains(experiments_frame(...))))`, of which
            those beside the bands are counted.
        bands: `syntheses` of the same with the columns `NEEDED`.
        policy: What is pooled, and how.
        wording: The review's words.

    Returns:
        One band per metric: squares as large as their weight with 95 % intervals, hollow marks
        for effects without a sampling error (never pooled by variance), a diamond for the pooled
        value and a bar for the prediction interval.

    Raises:
        KeyError: A column is missing.

    Source:
        Lewis & Clarke 2001, BMJ 322:1479 (forest plots); NUMBERS.
    """
    drawn = _placed(bands, policy.effect)
    pooled = [one for one in bands if one.pooled]
    return Figure(
        key="forest",
        title=f"Forest plot: {wording.arm} against {wording.comparator}",
        reading=tuple(_reading(bands, policy, wording)),
        plot={
            "data": [*_effects(drawn, wording), *_sums(bands, policy.effect)] if bands else [],
            "layout": _layout(bands, drawn, policy.effect, wording),
        },
        table=DataTable(COLUMNS, (*table_rows(drawn, COLUMNS), *_sum_rows(bands, policy, wording))),
        left_out=tuple(_left_out(bands, experiments)),
        is_model=bool(pooled),
        is_wide=True,
        legend=_legend(drawn, wording),
        note=_note(pooled, policy),
    )


def heights(bands: Sequence[Synthesis]) -> list[tuple[int, int, int]]:
    """Lanes of each band from the top: its heading, its first effect, its pooled value."""
    found = []
    y = 0
    for band in bands:
        first = y + 1
        last = first + len(band.rows)
        found.append((y, first, last))
        y = last + (1 if band.pooled else 0)
    return found


def _placed(bands: Sequence[Synthesis], measure: EffectMeasure) -> pd.DataFrame:
    parts = []
    for band, (_, first, _last) in zip(bands, heights(bands), strict=True):
        rows = band.rows
        parts.append(
            rows.assign(
                y=range(first, first + len(rows)),
                se=rows["vi"] ** 0.5,
                shown=[shown_effect(one, measure) for one in rows["yi"]],
                shown_low=[_shown_or_nan(one, measure) for one in rows["low"]],
                shown_high=[_shown_or_nan(one, measure) for one in rows["high"]],
            )
        )
    if parts:
        return pd.concat(parts)
    return pd.DataFrame(columns=[*(column.key for column in COLUMNS), "y", "link"])


def _shown_or_nan(value: float, measure: EffectMeasure) -> float:
    return value if math.isnan(value) else shown_effect(value, measure)


def _effects(drawn: pd.DataFrame, wording: Wording) -> list[PlotJson]:
    order = wording.order([*wording.groups, *drawn["group"]])
    traces = []
    for position, group in enumerate(order):
        own = drawn[drawn["group"] == group]
        for rows, is_open in ((own[own["se"].notna()], False), (own[own["se"].isna()], True)):
            if not rows.empty:
                traces.append(_marks(rows, group, position, is_open=is_open))
    return traces


def _marks(rows: pd.DataFrame, group: str, position: int, *, is_open: bool) -> PlotJson:
    up = [_reach(high, x) for high, x in zip(rows["shown_high"], rows["shown"], strict=True)]
    down = [_reach(x, low) for low, x in zip(rows["shown_low"], rows["shown"], strict=True)]
    mark: PlotJson = {
        "type": "scatter",
        "mode": "markers",
        "name": f"{group}, no interval" if is_open else group,
        "x": [finite(value, 4) for value in rows["shown"]],
        "y": [int(lane) for lane in rows["y"]],
        "customdata": rows["link"].tolist(),
        "text": [gain_text(row) for row in records(rows, TEXT)],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "size": SMALLEST + 3 if is_open else [_size(weight) for weight in rows["weight"]],
            "symbol": symbol(position) + ("-open" if is_open else ""),
            "color": colour(position),
            "line": {"width": 2 if is_open else 0, "color": colour(position)},
        },
    }
    if is_open:
        return mark
    return mark | {
        "error_x": {"type": "data", "symmetric": False, "array": up, "arrayminus": down,
                    "color": colour(position), "thickness": 1.5, "width": 3}
    }  # fmt: skip


def _reach(high: object, low: object) -> float:
    ends = finite(high, 8), finite(low, 8)
    return 0.0 if ends[0] is None or ends[1] is None else round(ends[0] - ends[1], 4)


def _size(weight: object) -> float:
    share = finite(weight)
    return SMALLEST if share is None else round(SMALLEST + BIGGEST * (share / 100) ** 0.5, 1)


def _sums(bands: Sequence[Synthesis], measure: EffectMeasure) -> Iterator[PlotJson]:
    for band, (_, _first, last) in zip(bands, heights(bands), strict=True):
        found = band.pooled
        if found is None:
            continue
        low, middle, high = (
            finite(shown_effect(one, measure), 4) for one in (found.low, found.estimate, found.high)
        )
        if found.prediction:
            ends = [finite(shown_effect(one, measure), 4) for one in found.prediction]
            yield {
                "type": "scatter", "mode": "lines", "x": ends, "y": [last, last],
                "line": {"color": "@ink-3", "width": 4}, "name": f"{band.metric}, prediction",
                "hovertemplate": "95 % prediction interval: %{x:.2f}<extra></extra>",
            }  # fmt: skip
        yield {
            "type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": "@ink",
            "x": [low, middle, high, middle, low],
            "y": [last, last - GAP, last, last + GAP, last],
            "line": {"color": "@ink", "width": 1}, "name": f"{band.metric}, pooled",
            "hovertemplate": f"{band.metric}, pooled: %{{x:.2f}}<extra></extra>",
        }  # fmt: skip


def _layout(
    bands: Sequence[Synthesis], drawn: pd.DataFrame, measure: EffectMeasure, wording: Wording
) -> PlotJson:
    places = heights(bands)
    total = places[-1][2] + 1 if places else 2
    has_names = len(drawn) <= LABELLED_LANES
    ticks = [(int(y), str(name)) for y, name in zip(drawn["y"], drawn["study"], strict=True)]
    sums = [
        (last, "pooled") for band, (_, _f, last) in zip(bands, places, strict=True) if band.pooled
    ]
    named = [*(ticks if has_names else []), *sums]
    title = f"gain of {wording.arm} over {wording.comparator},{UNITS[measure]}"
    return layout(
        int(min(70 + LANE * total, TALLEST)) if not has_names else 70 + LANE * total,
        margin={"l": 8, "r": 12, "t": 12, "b": 48},
        xaxis=axis(title={"text": title, "font": {"size": 12}}, zeroline=True),
        yaxis=named_rows([name for _, name in named], [y for y, _ in named], count=total),
        annotations=[_head(band, head) for band, (head, _, _l) in zip(bands, places, strict=True)],
    )


def _head(band: Synthesis, y: int) -> PlotJson:
    words = f"{counted(len(band.rows), 'effect')} from {counted(band.studies, 'study', 'studies')}"
    return {
        "xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "y": y, "yanchor": "middle",
        "text": f"<b>{band.metric}</b>  {words}", "showarrow": False,
        "font": {"size": 12, "color": "@ink"}, "bgcolor": "@surface",
    }  # fmt: skip


def _reading(
    bands: Sequence[Synthesis], policy: SynthesisPolicy, wording: Wording
) -> Iterator[Part]:
    if not bands:
        yield Part("No study of this selection reports a comparable pair.")
        return
    pooled = [one for one in bands if one.pooled]
    if not pooled:
        effects = sum(len(one.rows) for one in bands)
        studies = len({number for one in bands for number in one.rows["study_id"]})
        yield Part(counted(effects, "effect"), wording.link({"role": "full"}))
        yield Part(
            f" from {counted(studies, 'study', 'studies')} are drawn; nothing is pooled, "
            f"because of {bands[0].metric}, the most frequent metric, {bands[0].why_not}."
        )
        return
    for number, one in enumerate(pooled):
        yield Part(" " if number else "")
        yield from pooled_words(one, policy.effect, wording)


def pooled_words(band: Synthesis, measure: EffectMeasure, wording: Wording) -> Iterator[Part]:
    """Say what a model makes of one metric.

    Args:
        band: A synthesis; one without a pooled value has no words.
        measure: What was pooled.
        wording: The review's words.

    Returns:
        Parts of one sentence.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    found = band.pooled
    if found is None:
        return
    rows = wording.link({"metric": band.metric, "gain_error": KNOWN})
    estimate, low, high = (_said(v, measure) for v in (found.estimate, found.low, found.high))
    yield Part(f"{band.metric}: ")
    yield Part(estimate, rows)
    yield Part(" (95 % interval ")
    yield Part(f"{low} to {high}", rows)
    if found.prediction:
        ends = [_said(value, measure) for value in found.prediction]
        yield Part("; a new study is expected between ")
        yield Part(f"{ends[0]} and {ends[1]}", rows)
    yield Part("), I² ")
    yield Part(f"{found.i2:.0f} %", rows)
    yield Part(", ")
    yield Part(
        f"{counted(found.k, 'effect')} from {counted(found.studies, 'study', 'studies')}", rows
    )
    yield Part(".")


def _said(value: float, measure: EffectMeasure) -> str:
    return signed(shown_effect(value, measure), 2, UNITS[measure])


def _sum_rows(
    bands: Sequence[Synthesis], policy: SynthesisPolicy, wording: Wording
) -> Iterator[dict[str, Cell]]:
    measure = policy.effect
    for band in bands:
        found = band.pooled
        if found is None:
            continue
        link = wording.link({"metric": band.metric, "gain_error": KNOWN})
        empty: dict[str, Cell] = {c.key: None if c.digits is not None else "" for c in COLUMNS}
        yield empty | {
            "study": "Pooled",
            "metric": band.metric,
            "task": f"{found.k} effects from {found.studies} studies",
            "yi": finite(found.estimate),
            "se": finite(found.se),
            "shown": finite(shown_effect(found.estimate, measure)),
            "shown_low": finite(shown_effect(found.low, measure)),
            "shown_high": finite(shown_effect(found.high, measure)),
            "weight": 100.0,
            "error_basis": band.model,
            "link": link,
        }
        if found.prediction:
            yield empty | {
                "study": "Prediction interval",
                "metric": band.metric,
                "shown_low": finite(shown_effect(found.prediction[0], measure)),
                "shown_high": finite(shown_effect(found.prediction[1], measure)),
                "link": link,
            }


def _left_out(bands: Sequence[Synthesis], experiments: pd.DataFrame) -> Iterator[str]:
    for band in bands:
        if band.why_not:
            yield f"{band.metric} is not pooled: {band.why_not}."
        missing = int(band.rows["vi"].isna().sum())
        if band.pooled and missing:
            words = counted(missing, "effect has", "effects have")
            yield f"{band.metric}: {words} no sampling error and no weight (hollow marks)."
        for sentence in band.warnings:
            yield f"{band.metric}: {sentence}"
    usable = int((experiments["refused_reason"] == "").sum())
    rest = usable - sum(len(one.rows) for one in bands)
    if rest > 0 and bands:
        yield f"{counted(rest, 'other experiment')} of the same studies: one effect a study."


def _note(pooled: Sequence[Synthesis], policy: SynthesisPolicy) -> str:
    marks = "Hollow marks have no interval: no sampling error is on record."
    if not pooled:
        return marks
    models = "; ".join(dict.fromkeys(one.model for one in pooled))
    numbers = "; ".join(
        f"{one.metric}: τ² {one.pooled.tau2:.4g} "
        f"({one.pooled.tau2_interval[0]:.4g} to {one.pooled.tau2_interval[1]:.4g}), "
        f"Q {one.pooled.q:.2f}, p {one.pooled.q_p:.3g}"
        for one in pooled
        if one.pooled
    )
    return (
        f"Effect: {NAMES[policy.effect]}. Model: {models}, r = {float(policy.correlation):g}. "
        f"{numbers}. Square: weight. Diamond: pooled value. Bar: prediction interval. {marks}"
    )


def _legend(drawn: pd.DataFrame, wording: Wording) -> tuple[tuple[str, str, str], ...]:
    order = wording.order([*wording.groups, *drawn["group"]])
    present = set(drawn["group"])
    return tuple((one, colour(i), symbol(i)) for i, one in enumerate(order) if one in present)
