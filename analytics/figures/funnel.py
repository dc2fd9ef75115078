"""Contour-enhanced funnel plot: does what is small lie apart, and where would it be significant?"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analytics.figures.marks import TEXT, gain_text, group_points, legend_of, table_rows
from analytics.figures.model import (
    Column,
    DataTable,
    Figure,
    Part,
    PlotJson,
    Wording,
    counted,
    finite,
)
from analytics.figures.pooling import Synthesis
from analytics.figures.theme import axis, layout
from analytics.frames.rows import records
from analytics.stats.distributions import central_quantile, two_sided_p
from analytics.stats.sampling import KNOWN
from analytics.stats.synthesis.cautions import EGGER_NEEDS, may_test_asymmetry
from analytics.stats.synthesis.effects import make_effects
from analytics.stats.synthesis.heterogeneity import tau2_reml
from analytics.stats.synthesis.robust import Asymmetry, egger
from extraction.schema.comparison import EffectMeasure, SynthesisPolicy

CONTOURS = ((0.99, "@contour-3", "p from 0.01 to 0.05"), (0.95, "@contour-2", "p from 0.05 to 0.1"))
INNER = (0.90, "@contour-1", "p above 0.1")
SIGNIFICANT = 0.05
SUSPICIOUS = 0.1  # the usual level of Egger's test
AXES = {
    EffectMeasure.LOG_RATIO: "ln(method / comparator)",
    EffectMeasure.DIFFERENCE: "difference in points",
}
COLUMNS = (
    Column("study", "Study"),
    Column("group", "Group"),
    Column("metric", "Metric"),
    Column("task", "Task / data set"),
    Column("yi", "Effect", 4, is_signed=True),
    Column("se", "Standard error", 4),
    Column("p", "p", 4),
    Column("error_basis", "Error from"),
)


def funnel(
    bands: Sequence[Synthesis],
    policy: SynthesisPolicy,
    wording: Wording,
) -> Figure:
    """Draw the effects of the metric with most pooled effects over their standard errors.

    Args:
        bands: `syntheses` with the columns that `forest` needs.
        policy: What is pooled, and how.
        wording: The review's words.

    Returns:
        Points with the regions of p above 0.1, from 0.05 to 0.1 and from 0.01 to 0.05 around no
        difference, the pooled value as a line, and Egger's test from 10 effects on.

    Raises:
        KeyError: A column is missing.

    Source:
        Peters et al. 2008, J Clin Epidemiol 61:991; Sterne et al. 2011, BMJ 343:d4002; Egger's
        test with the between-effects variance, as metafor's `regtest`.
    """
    pooled = [one for one in bands if one.pooled]
    main = max(pooled, key=lambda one: one.pooled.k if one.pooled else 0, default=None)
    drawn = _drawn(main)
    return Figure(
        key="funnel",
        title="Funnel plot: small studies against large ones",
        reading=tuple(_reading(main, drawn, wording)),
        plot={
            "data": _traces(main, drawn, wording),
            "layout": layout(
                380,
                xaxis=axis(title={"text": AXES[policy.effect], "font": {"size": 12}}),
                yaxis=axis(
                    autorange="reversed",
                    rangemode="tozero",
                    title={"text": "standard error", "font": {"size": 12}},
                ),
                margin={"l": 8, "r": 12, "t": 12, "b": 48},
            ),
        },
        table=DataTable(COLUMNS, table_rows(drawn, COLUMNS)),
        left_out=tuple(_left_out(pooled, main)),
        is_model=main is not None,
        is_wide=True,
        legend=legend_of(drawn, wording),
        note=_note(),
    )


def _drawn(main: Synthesis | None) -> pd.DataFrame:
    if main is None:
        return pd.DataFrame(columns=[*(column.key for column in COLUMNS), "link"])
    rows = main.rows[main.rows["vi"].notna()]
    errors = rows["vi"] ** 0.5
    p = [two_sided_p(y / se) for y, se in zip(rows["yi"], errors, strict=True)]
    return rows.assign(se=errors, p=p)


def _traces(main: Synthesis | None, drawn: pd.DataFrame, wording: Wording) -> list[PlotJson]:
    if main is None or main.pooled is None:
        return []
    top = float(drawn["se"].max()) * 1.08
    ends = [f"{se:.4f}, p {p:.3g}" for se, p in zip(drawn["se"], drawn["p"], strict=True)]
    texts = [
        f"{gain_text(row)}<br>standard error {end}"
        for row, end in zip(records(drawn, TEXT), ends, strict=True)
    ]
    middle = finite(main.pooled.estimate, 6)
    line: PlotJson = {
        "type": "scatter", "mode": "lines", "x": [middle, middle], "y": [0, finite(top, 6)],
        "line": {"color": "@ink", "width": 1.5, "dash": "dash"}, "name": "pooled value",
        "hovertemplate": "pooled value %{x:.4f}<extra></extra>",
    }  # fmt: skip
    regions = [_region(level, token, name, top) for level, token, name in (*CONTOURS, INNER)]
    return [*regions, line, *group_points(drawn, "yi", "se", wording, texts)]


def _region(level: float, token: str, name: str, top: float) -> PlotJson:
    reach = central_quantile(level) * top
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "fillcolor": token,
        "line": {"width": 0.5, "color": "@ink-3"},
        "x": [finite(-reach, 6), 0, finite(reach, 6)],
        "y": [finite(top, 6), 0, finite(top, 6)],
        "name": name,
        "hoverinfo": "skip",
    }


def asymmetry_of(main: Synthesis) -> Asymmetry | None:
    """Egger's test of one synthesis.

    Args:
        main: Pooled effects.

    Returns:
        The test; None with fewer than 10 effects, or where all standard errors are the same.

    Raises:
        ValueError: Never.

    Source:
        Egger et al. 1997; Sterne et al. 2011 (at least 10).
    """
    known = main.rows[main.rows["vi"].notna()]
    if main.pooled is None or known.empty:
        return None
    effects = make_effects(
        known["yi"].to_numpy(dtype=np.float64),
        known["vi"].to_numpy(dtype=np.float64),
        known["study_id"].tolist(),
    )
    if not may_test_asymmetry(effects) or np.ptp(effects.vi) == 0:
        return None
    design = np.column_stack([np.ones(effects.k), np.sqrt(effects.vi)])
    return egger(effects, tau2_reml(effects, design))


def _reading(main: Synthesis | None, drawn: pd.DataFrame, wording: Wording) -> Iterator[Part]:
    if main is None or main.pooled is None:
        yield Part("No funnel is drawn: fewer than 2 effects have a sampling error on record.")
        return
    link = wording.link({"metric": main.metric, "gain_error": KNOWN})
    studies = counted(main.pooled.studies, "study", "studies")
    yield Part(f"{main.metric}: ")
    yield Part(f"{counted(main.pooled.k, 'effect')} from {studies}", link)
    significant = int((drawn["p"] < SIGNIFICANT).sum())
    yield Part(f", {significant} of them with p below {SIGNIFICANT}. ")
    test = asymmetry_of(main)
    if test is None:
        yield Part(f"Egger's test is not made with fewer than {EGGER_NEEDS} effects.")
        return
    sign = "no sign" if test.p >= SUSPICIOUS else "a sign"
    yield Part(
        f"Egger's test: t {test.statistic:.2f} with {test.df} degrees of freedom, p {test.p:.3g}, "
        f"{sign} that small studies differ; that may also have other causes than publication."
    )


def _left_out(bands: list[Synthesis], main: Synthesis | None) -> Iterator[str]:
    others = [one.metric for one in bands if one is not main]
    if others:
        yield f"Other metrics are kept apart; choose one by the filter: {', '.join(others)}."
    missing = int(main.rows["vi"].isna().sum()) if main else 0
    if missing:
        yield f"{counted(missing, 'effect has', 'effects have')} no sampling error."


def _note() -> str:
    return (
        "Shaded, from the middle: p above 0.1, from 0.05 to 0.1, from 0.01 to 0.05; outside p is "
        "below 0.01. Dashed: pooled value."
    )
