"""Does the answer hold when one study goes, or when only some values are believed?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

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
from analytics.figures.pooling import (
    Synthesis,
    needed,
    pooled_of,
    shown_effect,
    syntheses,
    synthesise,
)
from analytics.figures.theme import axis, layout, named_rows
from analytics.frames.filters import only
from analytics.stats.sampling import with_correlation
from analytics.stats.synthesis.bootstrap import Statistic, cluster_bootstrap
from analytics.stats.synthesis.effects import Effects, FloatArray, make_effects
from analytics.stats.synthesis.pooling import MINIMUM, Estimator, Inference, pool
from analytics.stats.synthesis.robust import pool_robust
from extraction.schema.comparison import Dependence, EffectMeasure, SynthesisPolicy

LANE = 22
LONGEST = 40
MOST_STUDIES = 25
MOST_EFFECTS = 300
HALF = 0.5
SEED, DRAWS = 20_230_601, 10_000
COLUMNS = (
    Column("kind", "What is varied"),
    Column("variant", "Variant"),
    Column("metric", "Metric"),
    Column("effects", "Effects", 0),
    Column("studies", "Studies", 0),
    Column("value", "Gain", 2, is_signed=True),
    Column("low", "95 % from", 2, is_signed=True),
    Column("high", "to", 2, is_signed=True),
    Column("change", "Change", 2, is_signed=True),
)
ESTIMATORS = (
    (Estimator.COMMON, Inference.WALD, "common effect"),
    (Estimator.DERSIMONIAN_LAIRD, Inference.WALD, "DerSimonian-Laird, Wald"),
    (Estimator.PAULE_MANDEL, Inference.HARTUNG_KNAPP, "Paule-Mandel, Hartung-Knapp"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to narrow: a column, what it is called, and the filter that leads to its rows.

    `is_of_rows` is true where a study may hold several values, which then count as one.
    """

    column: str
    label: str
    filter: str
    is_of_rows: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One value under one change, on the scale on which it is read; an interval where known."""

    kind: str
    name: str
    metric: str
    effects: int
    studies: int
    value: float
    low: float | None = None
    high: float | None = None
    link: str = ""


def sensitivity(
    experiments: pd.DataFrame, policy: SynthesisPolicy, ways: Sequence[Way], wording: Wording
) -> Figure:
    """Vary what the answer of the most frequent metric rests on.

    Args:
        experiments: As for `forest`.
        policy: What is pooled, and how.
        ways: Columns by whose values the effects are narrowed, one value at a time.
        wording: The review's words.

    Returns:
        The answer, and beside it: r = 0.5, other estimators, each study left out, only the effects
        of one value of each of `ways`, other metrics. Where nothing can be pooled the answer is
        the unweighted mean, and it is said to be descriptive.

    Raises:
        KeyError: A column is missing.

    Source:
        Cochrane Handbook 6.5, chapter 10.14; NUMBERS (r = 0 and r = 0.5).
    """
    bands = syntheses(experiments, policy)
    main = bands[0] if bands else None
    found = list(_variants(bands, policy, ways, wording)) if main else []
    return Figure(
        key="sensitivity",
        title="Sensitivity: what the answer rests on",
        reading=_reading(found, main, policy),
        plot={"data": _traces(found), "layout": _layout(found, policy)},
        table=DataTable(COLUMNS, tuple(_row(one, found[0].value) for one in found)),
        left_out=tuple(_left_out(main, found, policy)),
        is_model=bool(main and main.pooled),
        is_wide=True,
        note="Line: the answer with everything. Bars: 95 % intervals, where there is one.",
    )


def _variants(
    bands: Sequence[Synthesis], policy: SynthesisPolicy, ways: Sequence[Way], wording: Wording
) -> Iterator[Variant]:
    main = bands[0]
    rows_link = wording.link({"reported_metric": main.metric, "role": "full"})
    yield _answer(main, policy.effect, "answer", "everything", rows_link)
    if main.pooled:
        yield from _models(main, policy, rows_link)
    lean = main.rows[list(needed(policy))]  # dozens of slices: only what a model reads
    for way in ways:
        values = main.rows[way.column].value_counts()
        for value in values.index if len(values) > 1 else ():
            narrowed = synthesise(lean[main.rows[way.column] == value], main.metric, policy)
            asked = only(str(value)) if way.is_of_rows else str(value)
            link = wording.link({way.filter: asked, "metric": main.metric})
            yield _answer(narrowed, policy.effect, f"only one {way.label}", str(value), link)
    for band in bands[1:]:
        link = wording.link({"reported_metric": band.metric, "role": "full"})
        yield _answer(band, policy.effect, "another metric", band.metric, link)
    if main.studies > MINIMUM and not _is_too_large(main, policy):
        yield from _without_each(main, policy)


def _is_too_large(main: Synthesis, policy: SynthesisPolicy) -> bool:
    """Three levels are searched for; of very many effects that takes too long for each study."""
    return policy.dependence is Dependence.THREE_LEVEL and len(main.rows) > MOST_EFFECTS


def _answer(found: Synthesis, measure: EffectMeasure, kind: str, name: str, link: str) -> Variant:
    """The pooled value, or the mean with an interval over resampled studies."""
    if found.pooled:
        low, high = (shown_effect(one, measure) for one in (found.pooled.low, found.pooled.high))
        value = shown_effect(found.pooled.estimate, measure)
        k, studies = found.pooled.k, found.pooled.studies
        return Variant(kind, name, found.metric, k, studies, value, low, high, link)
    shown = _shown(found.rows["yi"], measure)
    clusters = pd.factorize(found.rows["study_id"])[0].astype(np.int64)
    bottom = top = None
    if found.studies >= MINIMUM:
        drawn = cluster_bootstrap(shown, clusters, Statistic.MEAN, draws=DRAWS, seed=SEED)
        bottom, top = drawn.low, drawn.high
    mean = float(shown.mean())
    return Variant(kind, name, found.metric, shown.size, found.studies, mean, bottom, top, link)


def _shown(yi: "pd.Series[float]", measure: EffectMeasure) -> FloatArray:
    return np.array([shown_effect(float(one), measure) for one in yi], dtype=np.float64)


def _models(main: Synthesis, policy: SynthesisPolicy, link: str) -> Iterator[Variant]:
    known = main.rows[main.rows["vi"].notna()]
    if float(policy.correlation) != HALF:
        half = synthesise(with_correlation(known, HALF), main.metric, policy)
        yield _answer(half, policy.effect, "correlation of the errors", f"r = {HALF}", link)
    effects = _effects(known)
    for estimator, test, name in ESTIMATORS:
        other = pool(effects, estimator, test)
        low, high = (shown_effect(one, policy.effect) for one in (other.low, other.high))
        value = shown_effect(other.estimate, policy.effect)
        yield Variant("model", name, main.metric, other.k, other.studies, value, low, high, link)
    if main.pooled and effects.cluster_count < effects.k:
        robust = pool_robust(effects, main.pooled.tau2)
        low, high = (shown_effect(one, policy.effect) for one in (robust.low, robust.high))
        value = shown_effect(robust.estimate, policy.effect)
        name = "cluster-robust (CR2)"
        yield Variant("model", name, main.metric, effects.k, robust.studies, value, low, high, link)


def _effects(known: pd.DataFrame) -> Effects:
    return make_effects(
        known["yi"].to_numpy(dtype=np.float64),
        known["vi"].to_numpy(dtype=np.float64),
        known["study_id"].tolist(),
    )


def _without_each(main: Synthesis, policy: SynthesisPolicy) -> Iterator[Variant]:
    """Each study left out; of very many those that move the answer most."""
    rows = main.rows[["study_id", "study", "link", "yi", "vi", "weight"]]
    rows = rows[rows["vi"].notna()] if main.pooled else rows
    for number in _most_moving(rows)[:MOST_STUDIES]:
        own, rest = rows[rows["study_id"] == number], rows[rows["study_id"] != number]
        name, link = str(own["study"].iloc[0]), str(own["link"].iloc[0])
        if main.pooled:
            yield _pooled_without(rest, main.metric, policy, (name, link))
        else:
            yield _mean_without(rest, main.metric, policy.effect, (name, link))


def _pooled_without(
    rest: pd.DataFrame, metric: str, policy: SynthesisPolicy, named: tuple[str, str]
) -> Variant:
    found, _ = pooled_of(_effects(rest), policy)
    if found is None:
        return _mean_without(rest, metric, policy.effect, named)
    value, low, high = (
        shown_effect(one, policy.effect) for one in (found.estimate, found.low, found.high)
    )
    name = f"without {named[0]}"
    kind = "one study left out"
    return Variant(kind, name, metric, found.k, found.studies, value, low, high, named[1])


def _mean_without(
    rest: pd.DataFrame, metric: str, measure: EffectMeasure, named: tuple[str, str]
) -> Variant:
    shown = _shown(rest["yi"], measure)
    studies, mean = int(rest["study_id"].nunique()), float(shown.mean())
    name, link = f"without {named[0]}", named[1]
    return Variant("one study left out", name, metric, shown.size, studies, mean, link=link)


def _most_moving(rows: pd.DataFrame) -> list[int]:
    """Studies by how far they pull the answer: weight times distance, largest first."""
    weight = rows["weight"].fillna(1.0)
    middle = float((weight * rows["yi"]).sum() / weight.sum())
    pull = (weight * (rows["yi"] - middle)).abs().groupby(rows["study_id"]).sum()
    return [int(str(one)) for one in pull.sort_values(ascending=False, kind="stable").index]


def _reading(
    found: Sequence[Variant], main: Synthesis | None, policy: SynthesisPolicy
) -> tuple[Part, ...]:
    if main is None or not found:
        return (Part("No study of this selection reports a comparable pair."),)
    unit = " %" if policy.effect is EffectMeasure.LOG_RATIO else " points"
    first = found[0]
    kind = "pooled gain" if main.pooled else "mean gain, unweighted and descriptive,"
    parts = [
        Part(f"{main.metric}: the {kind} is {signed(first.value, 2, unit)} ("),
        Part(
            f"{counted(first.effects, 'effect')} from {counted(first.studies, 'study', 'studies')}",
            first.link,
        ),
        Part(")"),
    ]
    single = [one for one in found if one.kind == "one study left out"]
    if single:
        low, high = (pick(single, key=lambda one: one.value) for pick in (min, max))
        parts += [
            Part("; leaving one study out moves it between "),
            Part(f"{signed(low.value, 2, unit)} ({low.name})", low.link),
            Part(" and "),
            Part(f"{signed(high.value, 2, unit)} ({high.name})", high.link),
        ]
        turned = sum((one.value > 0) != (first.value > 0) for one in single)
        parts.append(Part(f"; its direction changes in {turned} of {len(single)} cases"))
    return (*parts, Part("."))


def _left_out(
    main: Synthesis | None, found: Sequence[Variant], policy: SynthesisPolicy
) -> Iterator[str]:
    if main is None:
        return
    if not main.pooled:
        yield f"Means are unweighted: {main.why_not}. Intervals resample studies, seed {SEED}."
    if _is_too_large(main, policy):
        yield f"No study is left out: three levels of more than {MOST_EFFECTS} effects."
    elif main.studies > MOST_STUDIES:
        yield f"Only the {MOST_STUDIES} studies that move the answer most are left out in turn."
    if any(one.kind.startswith("only") for one in found):
        yield "Narrowed to the reported effects; a filter lets the policy choose again."


def _traces(found: Sequence[Variant]) -> list[PlotJson]:
    if not found:
        return []
    up = [_reach(one.high, one.value) for one in found]
    down = [_reach(one.value, one.low) for one in found]
    whole: PlotJson = {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "name": "everything",
        "x": [finite(found[0].value, 4)] * 2, "y": [-0.5, len(found) - 0.5],
        "line": {"color": "@ink-3", "width": 1.5, "dash": "dash"},
    }  # fmt: skip
    kinds = list(dict.fromkeys(one.kind for one in found))
    marks = ("diamond", "square", "circle", "triangle-up", "triangle-down", "cross", "x", "star")
    points: PlotJson = {
        "type": "scatter", "mode": "markers", "name": "variants",
        "x": [finite(one.value, 4) for one in found], "y": list(range(len(found))),
        "error_x": {"type": "data", "symmetric": False, "array": up, "arrayminus": down,
                    "color": "@group-2", "thickness": 1.5, "width": 3},
        "customdata": [one.link for one in found],
        "text": [
            f"<b>{one.kind}: {one.name}</b><br>{signed(one.value, 2, '')}<br>"
            f"{counted(one.effects, 'effect')} from {counted(one.studies, 'study', 'studies')}"
            for one in found
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "size": 9, "color": "@group-2",
            "symbol": [marks[kinds.index(one.kind) % len(marks)] for one in found],
        },
    }  # fmt: skip
    return [whole, points]


def _reach(high: float | None, low: float | None) -> float:
    return 0.0 if high is None or low is None else round(high - low, 4)


def _layout(found: Sequence[Variant], policy: SynthesisPolicy) -> PlotJson:
    unit = "%" if policy.effect is EffectMeasure.LOG_RATIO else "points"
    names = [_tick(one) for one in found]
    return layout(
        70 + LANE * max(len(found), 2),
        margin={"l": 8, "r": 12, "t": 12, "b": 48},
        xaxis=axis(title={"text": f"gain, {unit}", "font": {"size": 12}}, zeroline=True),
        yaxis=named_rows(names, count=max(len(found), 1)),
    )


def _tick(one: Variant) -> str:
    before = {"another metric": "metric: ", "correlation of the errors": ""}.get(one.kind, "")
    words = f"{'only: ' if one.kind.startswith('only') else before}{one.name}"
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _row(one: Variant, answer: float) -> dict[str, Cell]:
    return {
        "kind": one.kind,
        "variant": one.name,
        "metric": one.metric,
        "effects": one.effects,
        "studies": one.studies,
        "value": finite(one.value),
        "low": finite(one.low),
        "high": finite(one.high),
        "change": finite(one.value - answer),
        "link": one.link,
    }
