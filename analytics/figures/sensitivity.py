"""Does the answer hold when one study goes, or when only some values are believed?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
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
from analytics.figures.pooling import COLUMNS as COLUMNS_OF
from analytics.figures.pooling import Synthesis, pooled_of, shown_effect
from analytics.figures.theme import axis, layout, named_rows
from analytics.frames.filters import only
from analytics.stats.sampling import with_correlation
from analytics.stats.synthesis.bootstrap import Statistic, cluster_bootstrap
from analytics.stats.synthesis.effects import Effects, FloatArray, IntArray, make_effects
from analytics.stats.synthesis.pooling import MINIMUM, Estimator, Inference, Pooled, pool
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


@dataclass(frozen=True, slots=True)
class _Part:
    """Some effects of one metric, as arrays of one length: dozens of them are looked at."""

    yi: FloatArray
    vi: FloatArray
    studies: IntArray

    def where(self, is_kept: npt.NDArray[np.bool_]) -> "_Part":
        """Only some of them."""
        return _Part(self.yi[is_kept], self.vi[is_kept], self.studies[is_kept])

    @property
    def effects(self) -> Effects:
        """Those that have a sampling error."""
        known = self.where(~np.isnan(self.vi))
        return make_effects(known.yi, known.vi, known.studies.tolist())

    def pooled(self, policy: SynthesisPolicy) -> Pooled | None:
        """What a model makes of them, where it may."""
        return None if np.isnan(self.vi).all() else pooled_of(self.effects, policy)[0]


def _part_of(rows: pd.DataFrame) -> _Part:
    yi, vi = (rows[name].to_numpy(dtype=np.float64) for name in ("yi", "vi"))
    return _Part(yi, vi, rows["study_id"].to_numpy(dtype=np.int64))


def sensitivity(
    bands: Sequence[Synthesis],
    policy: SynthesisPolicy,
    ways: Sequence[Way],
    wording: Wording,
) -> Figure:
    """Vary what the answer of the most frequent metric rests on.

    Args:
        bands: `syntheses` with the columns that `forest` needs and those of `ways`.
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
    everything = ("answer", "everything")
    yield _answer(
        _part_of(main.rows), main.pooled, policy.effect, everything, main.metric, rows_link
    )
    if main.pooled:
        yield from _models(main, policy, rows_link)
    part = _part_of(main.rows)
    for way in ways:
        values = main.rows[way.column].value_counts()
        for value in values.index if len(values) > 1 else ():
            narrowed = part.where((main.rows[way.column] == value).to_numpy(dtype=bool))
            asked = only(str(value)) if way.is_of_rows else str(value)
            link = wording.link({way.filter: asked, "metric": main.metric})
            named = (f"only one {way.label}", str(value))
            yield _answer(
                narrowed, narrowed.pooled(policy), policy.effect, named, main.metric, link
            )
    for band in bands[1:]:
        link = wording.link({"reported_metric": band.metric, "role": "full"})
        named = ("another metric", band.metric)
        yield _answer(_part_of(band.rows), band.pooled, policy.effect, named, band.metric, link)
    if main.studies > MINIMUM and not _is_too_large(main, policy):
        yield from _without_each(main, policy)


def _is_too_large(main: Synthesis, policy: SynthesisPolicy) -> bool:
    """Three levels are searched for; of very many effects that takes too long for each study."""
    return policy.dependence is Dependence.THREE_LEVEL and len(main.rows) > MOST_EFFECTS


def _answer(
    part: _Part,
    pooled: Pooled | None,
    measure: EffectMeasure,
    named: tuple[str, str],
    metric: str,
    link: str,
) -> Variant:
    """The pooled value, or the mean with an interval over resampled studies."""
    if pooled:
        low, high = (shown_effect(one, measure) for one in (pooled.low, pooled.high))
        value = shown_effect(pooled.estimate, measure)
        return Variant(*named, metric, pooled.k, pooled.studies, value, low, high, link)
    shown = _shown(part.yi, measure)
    names, clusters = np.unique(part.studies, return_inverse=True)
    bottom = top = None
    if names.size >= MINIMUM:
        drawn = cluster_bootstrap(shown, clusters, Statistic.MEAN, draws=DRAWS, seed=SEED)
        bottom, top = drawn.low, drawn.high
    mean = float(shown.mean())
    return Variant(*named, metric, shown.size, names.size, mean, bottom, top, link)


def _shown(yi: FloatArray, measure: EffectMeasure) -> FloatArray:
    return np.array([shown_effect(one, measure) for one in yi.tolist()], dtype=np.float64)


def _models(main: Synthesis, policy: SynthesisPolicy, link: str) -> Iterator[Variant]:
    known = main.rows[main.rows["vi"].notna()]
    if float(policy.correlation) != HALF:
        changed = with_correlation(known, HALF)
        half = _part_of(changed.assign(vi=changed[COLUMNS_OF[policy.effect][1]]))
        named = ("correlation of the errors", f"r = {HALF}")
        yield _answer(half, half.pooled(policy), policy.effect, named, main.metric, link)
    effects = _part_of(known).effects
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


def _without_each(main: Synthesis, policy: SynthesisPolicy) -> Iterator[Variant]:
    """Each study left out; of very many those that move the answer most."""
    rows = main.rows[["study_id", "study", "link", "yi", "vi", "weight"]]
    rows = rows[rows["vi"].notna()] if main.pooled else rows
    first = rows.drop_duplicates("study_id")
    columns = (first[name].tolist() for name in ("study_id", "study", "link"))
    known = {number: (str(study), str(link)) for number, study, link in zip(*columns, strict=True)}
    part = _part_of(rows)
    for number in _most_moving(rows)[:MOST_STUDIES]:
        rest = part.where(part.studies != number)
        study, link = known[number]
        pooled = rest.pooled(policy) if main.pooled else None
        named = ("one study left out", f"without {study}")
        if pooled:
            yield _answer(rest, pooled, policy.effect, named, main.metric, link)
            continue
        shown = _shown(rest.yi, policy.effect)
        mean, studies = float(shown.mean()), int(np.unique(rest.studies).size)
        yield Variant(*named, main.metric, shown.size, studies, mean, link=link)


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
