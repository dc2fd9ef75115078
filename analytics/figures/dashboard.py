"""All figures of a review, in the order in which the page shows them."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from analytics.figures.counts import counts_by, evidence_map, per_year
from analytics.figures.duels import Duel, duel
from analytics.figures.fractions import gain_by_fraction
from analytics.figures.gains import gains_by_group
from analytics.figures.model import Figure, Wording, no_link
from analytics.figures.summary import summary_by_group
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


def figures_of(
    experiments: pd.DataFrame, studies: pd.DataFrame, form: FormDefinition, wording: Wording
) -> list[Figure]:
    """Draw everything the form allows.

    Args:
        experiments: `mark_reported(with_gains(experiments_frame(...)))` with a `link` column.
        studies: `studies_frame` with a `group` column.
        form: The review's form; it has a comparison.
        wording: From `wording_of`.

    Returns:
        Gains first, then tasks side by side, then what was studied.

    Raises:
        ValueError: The form has no comparison.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, figures 1 and 3A-3E; the others are ours.
    """
    spec = _spec(form)
    categories = [
        (key, field.label)
        for key in spec.categories
        if key != spec.group_by and (field := form.find(key))
    ]
    found = [
        gains_by_group(experiments, studies, wording),
        summary_by_group(experiments, wording),
        gain_by_fraction(experiments, wording),
        *(duel(experiments, what, wording) for what in _duels(form, spec, wording)),
        *(
            counts_by(studies, key, label, wording, _filter_of(key, form, spec))
            for key, label in categories
        ),
        per_year(studies, wording),
    ]
    if len(categories) >= CROSSED:
        (row, row_label), (column, column_label) = categories[1], categories[0]
        names = (_filter_of(row, form, spec), _filter_of(column, form, spec))
        labels = (row_label, column_label)
        crossed = evidence_map(studies, (row, column), labels, wording, names)
        found.append(crossed)
    return found


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
