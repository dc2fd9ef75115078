"""The experiments of a review as frames, filtered by what an address asks for."""

from collections.abc import Callable, Hashable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from urllib.parse import urlencode

import pandas as pd
from django.urls import reverse

from analytics.figures.dashboard import Plan, bands_of, plans_of, wording_of
from analytics.figures.model import Figure, no_link, pick_of
from analytics.figures.pooling import Synthesis
from analytics.figures.sensitivity import Way
from analytics.figures.sentences import Sentence, sentences
from analytics.frames import (
    Dimension,
    Level,
    dimensions_of,
    keep,
    options_of,
)
from analytics.frames.filters import Chosen
from analytics.frames.ratings import ratings_of
from analytics.selectors.choices import Setting, settle
from analytics.selectors.comparing import choices_among, comparing_form
from analytics.selectors.days import day_of, end_of
from analytics.selectors.frames import Frames, Sight, frames_of
from analytics.stats.sampling import with_correlation
from analytics.tables.policy import ByHand, mark_reported
from extraction.schema.answers import AnswerStatus
from extraction.schema.comparison import ComparisonSpec, SynthesisPolicy
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Judges
from extraction.selectors.memory import collection_paused
from screening.models import Review

RAW = AnswerStatus.RAW.value
MOST_PICKED = 200
NARROWING = ("evaluation", "read", "status", "proof")


@dataclass(frozen=True, slots=True)
class Choice:
    """One dimension with its values, for a filter's control."""

    dimension: Dimension
    options: Sequence[tuple[str, int]]
    chosen: tuple[str, ...]

    @property
    def others(self) -> list[str]:
        """Chosen values that are no option, e.g. `only x`."""
        known = {value for value, _ in self.options}
        return [value for value in self.chosen if value not in known]


@dataclass(frozen=True, slots=True)
class Selection:
    """A review's experiments and studies under its filters.

    `experiments` has gains, sampling errors, roles and links; `studies` the group. It holds
    reconciled and imported values. Raw ones only where the status raw is asked for, and then only
    of studies whose extractors have all submitted, so that nobody is unblinded by it. `day` is
    the past day at whose end all this stood.
    """

    form: FormDefinition
    experiments: pd.DataFrame
    studies: pd.DataFrame
    all_experiments: int
    all_studies: int
    chosen: Chosen
    choices: tuple[Choice, ...]
    settings: tuple[Setting, ...] = ()
    problems: tuple[str, ...] = ()
    picked: pd.DataFrame = field(default_factory=pd.DataFrame)
    frames: Frames | None = None
    state: Hashable = None
    day: date | None = None

    @property
    def compared_studies(self) -> int:
        """Number of studies with an experiment."""
        return int(self.experiments["study_id"].nunique())

    def page_plans(self, path: str) -> list[Plan]:
        """Every figure with addresses of the page at `path`, each drawn once while nothing changes.

        Nothing is drawn before it is asked for.
        """
        return self._kept(partial(address_of, path, self.chosen, anchor="#rows"), path)

    def plain_figures(self) -> list[Figure]:
        """Every figure without addresses, for files and readers outside, drawn once likewise."""
        return [one.figure() for one in self._kept(no_link, "")]

    def plain_sentences(self) -> list[Sentence]:
        """The results in sentences without addresses."""
        return self.sentences(no_link)

    def plans(self, link: Callable[[Mapping[str, str]], str]) -> list[Plan]:
        """Every figure of the selection; `link` makes addresses out of filters."""
        wording = wording_of(self.form, link)
        return plans_of(
            self.experiments, self.studies, self.form, wording, self.ways, lambda: self.bands
        )

    def figures(self, link: Callable[[Mapping[str, str]], str]) -> list[Figure]:
        """Every figure of `plans`, drawn."""
        with collection_paused():
            return [one.figure() for one in self.plans(link)]

    def _kept(self, link: Callable[[Mapping[str, str]], str], path: str) -> list[Plan]:
        """`plans` whose drawings are kept for the page at `path`."""
        key = ("figures", path, self.state, tuple(sorted(self.chosen.items())))
        found: dict[str, Figure] = self.frames.once(key, dict) if self.frames else {}
        return [replace(one, draw=partial(_drawn, one, found)) for one in self.plans(link)]

    def sentences(self, link: Callable[[Mapping[str, str]], str]) -> list[Sentence]:
        """The results in sentences; `link` makes addresses out of filters."""
        spec = self.form.comparison
        policy = spec.synthesis if spec else SynthesisPolicy()
        wording = wording_of(self.form, link)
        return sentences(self.experiments, self.studies, self.bands, policy, wording)

    @property
    def bands(self) -> list[Synthesis]:
        """What is pooled, once for sentences and figures while nothing changes."""
        key = ("bands", self.state, tuple(sorted(self.chosen.items())))
        pool = partial(bands_of, self.experiments, self.form, self.ways)
        return self.frames.once(key, pool) if self.frames else pool()

    @property
    def ways(self) -> tuple[Way, ...]:
        """What the sensitivity figure narrows by; judgements of bias where the form has any."""
        judged = {
            f"study.{field.key}"
            for field in self.form.study_fields
            if field.judges in {Judges.BIAS, Judges.OVERALL}
        }
        rated = {one.column for one in ratings_of(self.form) if one.is_of_bias}
        return tuple(
            Way(
                one.dimension.column,
                one.dimension.label.lower(),
                one.dimension.key,
                is_of_rows=one.dimension.column in rated,
            )
            for one in self.choices
            if one.dimension.key in NARROWING or one.dimension.column in judged | rated
        )


def selection_of(
    review: Review,
    asked: Mapping[str, Sequence[str]] | None = None,
    *,
    only_reconciled: bool = False,
) -> Selection | None:
    """Read a review's experiments and narrow them.

    Args:
        review: The review.
        asked: Values by parameter; unknown parameters and empty values are ignored. `as_of` is
            the day at whose end everything is told, with the form and the policy of that day.
        only_reconciled: For readers outside: what a second person settled or verified, without
            a link into the review.

    Returns:
        None while the review has no form that compares anything. Filters of studies and of
        experiments come first; the reporting policy then speaks about what they leave, and the
        filters of reported experiments come last.
    """
    day, faults = _day_asked(asked or {})
    as_of = end_of(day)
    own = comparing_form(review, as_of=as_of)
    if own is None:
        return None
    settled = settle(own, asked or {})
    form, spec = settled.form, settled.form.comparison
    if spec is None:
        return None
    dimensions = dimensions_of(form)
    chosen = _chosen(dimensions, asked or {})
    include_raw = RAW in chosen.get("status", ()) and not only_reconciled
    frames = frames_of(review, form, Sight(include_raw, only_reconciled, as_of))
    by_hand = choices_among(review, frames.row_keys, as_of)
    state = frozenset(by_hand.items())
    past = {"as_of": (day.isoformat(),)} if day and as_of else {}
    # A value's page then says the same gain.
    query = {key: settled.asked[key] for key in ("compare",) if key in settled.asked} | past
    linker = _without_links if only_reconciled else partial(_with_links, review, query)
    everything = frames.once(("marked", state), lambda: _marked(frames, spec, by_hand, linker))
    options = frames.once(
        ("options", state), lambda: _options(dimensions, frames.studies, everything)
    )
    marked = keep(everything, _of(dimensions, Level.STUDY), chosen)
    asked_rows = _of(dimensions, Level.EXPERIMENT)
    if any(one.key in chosen for one in asked_rows):
        narrowed = keep(marked, asked_rows, chosen)
        marked = _signed(mark_reported(narrowed, spec.policy, by_hand))
    kept = keep(marked, _of(dimensions, Level.REPORTED), chosen)
    if spec.synthesis.correlation:
        kept = with_correlation(kept, float(spec.synthesis.correlation))
    return Selection(
        form=form,
        experiments=kept,
        studies=_studies_left(frames.studies, kept, dimensions, chosen),
        all_experiments=len(everything),
        all_studies=len(frames.studies),
        chosen={**chosen, **settled.asked, **past},
        picked=_picked(kept, (asked or {}).get("pick", ())),
        choices=tuple(Choice(one, options[one.key], chosen.get(one.key, ())) for one in dimensions),
        settings=settled.settings,
        problems=(*faults, *settled.problems),
        frames=frames,
        state=state,
        day=day if past else None,
    )


def _drawn(plan: Plan, found: MutableMapping[str, Figure]) -> Figure:
    """Draw a figure unless it is among those that were drawn before."""
    if plan.key not in found:
        with collection_paused():
            found[plan.key] = plan.draw()
    return found[plan.key]


def _day_asked(asked: Mapping[str, Sequence[str]]) -> tuple[date | None, tuple[str, ...]]:
    """The day an address asks for, or why there is none and now is shown."""
    text = next((one for one in asked.get("as_of", ()) if one), "")
    try:
        return day_of(text), ()
    except ValueError as error:
        return None, (f"{error} Shown is now.",)


def _marked(
    frames: Frames,
    spec: ComparisonSpec,
    by_hand: Mapping[int, ByHand],
    with_links: Callable[[pd.DataFrame], pd.DataFrame],
) -> pd.DataFrame:
    with collection_paused():
        return _signed(mark_reported(with_links(frames.experiments), spec.policy, by_hand))


def _options(
    dimensions: Sequence[Dimension], studies: pd.DataFrame, everything: pd.DataFrame
) -> dict[str, list[tuple[str, int]]]:
    """Values and counts of every dimension; raw values can be asked for although none is shown."""
    found = {one.key: options_of(_source(one, studies, everything), one) for one in dimensions}
    if RAW not in dict(found["status"]):
        found["status"].append((RAW, 0))
    return found


def _picked(kept: pd.DataFrame, asked: Sequence[str]) -> pd.DataFrame:
    """Experiments selected one by one, in the order of the frame."""
    wanted = {one for text in asked for one in text.split(",")[:MOST_PICKED]}
    if not wanted:
        return kept.iloc[:0]
    return kept[[pick_of(link) in wanted for link in kept["link"]]]


def address_of(path: str, chosen: Chosen, more: Mapping[str, str], anchor: str = "") -> str:
    """An address with the filters of the page and more; a new value replaces an old one."""
    merged = {key: list(values) for key, values in chosen.items()}
    merged |= {key: [value] for key, value in more.items()}
    asked = urlencode(merged, doseq=True)
    return f"{path}?{asked}{anchor}" if asked else f"{path}{anchor}"


def _chosen(dimensions: Sequence[Dimension], asked: Mapping[str, Sequence[str]]) -> Chosen:
    given = {one.key: tuple(v for v in asked.get(one.key, ()) if v) for one in dimensions}
    return {key: values for key, values in given.items() if values}


def _of(dimensions: Sequence[Dimension], *levels: Level) -> list[Dimension]:
    return [one for one in dimensions if one.level in levels]


def _source(one: Dimension, studies: pd.DataFrame, experiments: pd.DataFrame) -> pd.DataFrame:
    return studies if one.level is Level.STUDY else experiments


def _studies_left(
    studies: pd.DataFrame, kept: pd.DataFrame, dimensions: Sequence[Dimension], chosen: Chosen
) -> pd.DataFrame:
    """Studies that fit; those without a fitting experiment go when experiments are asked for."""
    left = keep(studies, _of(dimensions, Level.STUDY), chosen)
    asked = {one.key for one in _of(dimensions, Level.EXPERIMENT, Level.REPORTED)} & set(chosen)
    return left[left["study_id"].isin(kept["study_id"])] if asked else left


def _with_links(
    review: Review, query: Mapping[str, Sequence[str]], experiments: pd.DataFrame
) -> pd.DataFrame:
    places = zip(experiments["study_id"], experiments["row_key"], strict=True)
    base = reverse("analytics:figures", kwargs={"slug": review.slug}).removesuffix("figures/")
    end = f"?{urlencode(query, doseq=True)}" if query else ""
    links = [f"{base}values/{study}/{row}/{end}" for study, row in places]
    return experiments.assign(link=pd.Series(links, index=experiments.index, dtype="str"))


def _without_links(experiments: pd.DataFrame) -> pd.DataFrame:
    return experiments.assign(link=pd.Series("", index=experiments.index, dtype="str"))


def _signed(marked: pd.DataFrame) -> pd.DataFrame:
    """Add `sign`: up, same, down, or refused where there is no gain."""
    gains = marked["relative_gain"]
    sign = pd.Series("refused", index=marked.index, dtype="str")
    for name, mask in (("up", gains > 0), ("same", gains == 0), ("down", gains < 0)):
        sign = sign.mask(mask, name)
    return marked.assign(sign=sign)
