"""All figures of a review, in the order in which the page shows them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from analytics.figures.counts import counts_by, counts_key, evidence_map, per_year
from analytics.figures.datasets import shared_data
from analytics.figures.duels import Duel, duel
from analytics.figures.forest import NEEDED as FOREST
from analytics.figures.forest import forest
from analytics.figures.fractions import gain_by_fraction
from analytics.figures.funnel import funnel
from analytics.figures.gains import gains_by_group
from analytics.figures.model import Figure, Wording, no_link
from analytics.figures.pooling import Synthesis, needed, syntheses
from analytics.figures.provenance import provenance
from analytics.figures.scatters import ERRORS, SIZE, YEAR, gain_against
from analytics.figures.sensitivity import Way, sensitivity
from analytics.figures.summary import summary_by_group
from analytics.stats.sampling import CORRELATED
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition

CROSSED = 2


def wording_of(form: FormDefinition, link: Callable[[Mapping[str, str]], str] = no_link) -> Wording:
    """Take the words of the figures from the form.

    Args:
        form: The review's form; it has a comparison.
        link: Makes the address of the rows that fit filters.

    Returns:
        The words.

    Raises:
        ValueError: The form has no comparison.

    Source:
        Own definition.
    """
    spec = _spec(form)
    field = form.find(spec.group_by)
    return Wording(
        arm=spec.arm.label,
        comparator=spec.comparator.label,
        group=field.label if field else "Group",
        groups=tuple(term.shown for term in field.terms) if field else (),
        link=link,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """A figure that can be drawn.

    Attributes:
        key: The figure's own, known before it is drawn.
        section: Part of the page it stands in.
        draw: Draws it.
    """

    key: str
    section: str
    draw: Callable[[], Figure]

    def figure(self) -> Figure:
        """Draw it, with its section."""
        return replace(self.draw(), section=self.section)


def plans_of(
    experiments: pd.DataFrame,
    studies: pd.DataFrame,
    form: FormDefinition,
    wording: Wording,
    ways: Sequence[Way],
    bands: Callable[[], Sequence[Synthesis]],
) -> list[Plan]:
    """Say which figures the form allows, so that each can be drawn when it is wanted.

    Args:
        experiments: `with_sampling(mark_reported(with_gains(experiments_frame(...))))` with
            `link` and `proof` columns.
        studies: `studies_frame` with a `group` column.
        form: The review's form; it has a comparison.
        wording: From `wording_of`.
        ways: Columns by whose values the sensitivity figure narrows.
        bands: Gives `bands_of` of the same, when a figure needs it.

    Returns:
        Gains first, then their synthesis, what may explain them, tasks side by side, what was
        studied, and where the values stand.

    Raises:
        ValueError: The form has no comparison.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, figures 1 and 3A-3E; the others are ours.
    """
    spec = _spec(form)
    policy = spec.synthesis
    data = spec.task_fields[1] if len(spec.task_fields) > 1 else "dataset"
    sections: dict[str, dict[str, Callable[[], Figure]]] = {
        "Gains": {
            "relative-gain": lambda: gains_by_group(experiments, studies, wording),
            "mean-gain-full": lambda: summary_by_group(experiments, wording),
            "mean-gain-subset": lambda: summary_by_group(experiments, wording, "subset"),
            ERRORS.key: lambda: gain_against(experiments, ERRORS, wording),
            "gain-by-fraction": lambda: gain_by_fraction(experiments, wording),
        },
        "Synthesis": {
            "forest": lambda: forest(experiments, bands(), policy, wording),
            "funnel": lambda: funnel(bands(), policy, wording),
            "sensitivity": lambda: sensitivity(bands(), policy, ways, wording),
        },
        "What may explain them": {
            SIZE.key: lambda: gain_against(experiments, SIZE, wording),
            YEAR.key: lambda: gain_against(experiments, YEAR, wording),
            "shared-data": lambda: shared_data(experiments, wording, data),
        },
        "On the same task": {
            what.key: partial(duel, experiments, what, wording)
            for what in _duels(form, spec, wording)
        },
        "What was studied": dict(_studied(studies, form, spec, wording)),
        "Where the values stand": {"provenance": lambda: provenance(experiments, wording)},
    }
    return [
        Plan(key, name, draw) for name, found in sections.items() for key, draw in found.items()
    ]


def bands_of(
    experiments: pd.DataFrame, form: FormDefinition, ways: Sequence[Way] = ()
) -> list[Synthesis]:
    """Pool once for all figures and sentences, with no more columns than they read.

    Args:
        experiments: As for `plans_of`.
        form: The review's form; it has a comparison.
        ways: As for `plans_of`.

    Returns:
        As `syntheses`.

    Raises:
        ValueError: The form has no comparison.

    Source:
        As for `syntheses`.
    """
    policy = _spec(form).synthesis
    columns = ("role", "refused_reason", *needed(policy), *CORRELATED, *FOREST)
    kept = dict.fromkeys((*columns, *(way.column for way in ways)))
    return syntheses(experiments[list(kept)], policy)


def _studied(
    studies: pd.DataFrame, form: FormDefinition, spec: ComparisonSpec, wording: Wording
) -> Iterator[tuple[str, Callable[[], Figure]]]:
    categories = [
        (key, field.label, _filter_of(key, form, spec))
        for key in spec.categories
        if key != spec.group_by and (field := form.find(key))
    ]
    for key, label, name in categories:
        yield counts_key(key), partial(counts_by, studies, key, label, wording, name)
    yield "studies-per-year", partial(per_year, studies, wording)
    for key, label, name in reversed(categories[:CROSSED]):
        if spec.group_by:
            place = f"map-{key.replace('_', '-')}-by-group"
            both = (key, spec.group_by), (label, wording.group), wording, (name, "group")
            yield place, partial(evidence_map, studies, *both, place)
    if len(categories) >= CROSSED:
        (column, column_label, across), (row, row_label, down) = categories[:CROSSED]
        crossed = (row, column), (row_label, column_label), wording, (down, across)
        yield "evidence-map", partial(evidence_map, studies, *crossed)


def _filter_of(key: str, form: FormDefinition, spec: ComparisonSpec) -> str:
    """The filter of a study's category, which experiments may have of their own as well."""
    group = form.group(spec.group)
    return f"study_{key}" if group and group.field(key) else key


def _duels(form: FormDefinition, spec: ComparisonSpec, wording: Wording) -> Iterator[Duel]:
    """Groups across studies with the same baseline; then each choice among the model's fields."""
    group = form.group(spec.group)
    rows = [f"row.{key}" for key in dict.fromkeys([*spec.task_fields, *spec.match_fields])]
    models = [f"row.{key}" for key in spec.model_fields[1:]]
    baseline = ["comparator", "other_value", "evaluation"]
    yield Duel("groups-on-the-same-task", "group", wording.group, (*rows, *models, *baseline))
    for key in spec.model_fields:
        field = group.field(key) if group else None
        if field and field.terms:
            others = [f"row.{one}" for one in spec.model_fields if one != key]
            match = ("study_id", *rows, *others, "evaluation")
            yield Duel(
                f"{key.replace('_', '-')}-on-the-same-task",
                f"row.{key}",
                field.label,
                match,
                "study_id",
            )


def _spec(form: FormDefinition) -> ComparisonSpec:
    if form.comparison is None:
        raise ValueError(f"the form {form.title} compares nothing")
    return form.comparison
