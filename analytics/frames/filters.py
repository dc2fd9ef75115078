"""Filters of experiments and studies: what may be chosen, and what is left then."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from analytics.frames.ratings import ratings_of
from analytics.frames.studies import NOT_STATED, SEVERAL
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import FieldType, Group

RESERVED = {
    *("group", "metric", "year", "amount", "fraction", "evaluation", "read", "status", "proof"),
    *("gain_error", "role", "reported_metric", "sign"),
    *("compare", "effect", "dependence", "r", "pick"),
}
CATEGORICAL = {FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO}
SEVERAL_VALUES = "several"
ONLY = "only "
Chosen = Mapping[str, tuple[str, ...]]


class Level(StrEnum):
    """Whether a dimension belongs to a study, an experiment, or a reported experiment."""

    STUDY = "study"
    EXPERIMENT = "experiment"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing by which may be filtered.

    Attributes:
        key: Name of the parameter in an address.
        label: Shown.
        column: Column of the frame of its level.
        level: Of the column. `reported` is asked after the reporting policy has spoken.
    """

    key: str
    label: str
    column: str
    level: Level


def dimensions_of(form: FormDefinition) -> tuple[Dimension, ...]:
    """List what may be filtered by, in the order in which it is offered.

    Args:
        form: The review's form.

    Returns:
        The group, the categories, task fields after the first, every other categorical field,
        judgements of results or models (a study fits when any of them does), metric, year,
        amount of labels, evaluation, reading, status, proof, sampling error, role and sign;
        nothing for a form without a comparison.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    spec = form.comparison
    group = form.group(spec.group) if spec else None
    if spec is None or group is None:
        return ()
    found: list[Dimension] = []
    for key in dict.fromkeys([*([spec.group_by] if spec.group_by else []), *spec.categories]):
        inner, outer = group.field(key), form.find(key)
        if inner:
            found.append(Dimension(key, inner.label, f"row.{key}", Level.EXPERIMENT))
        if inner and outer:
            label = f"{outer.label} of the study"
            found.append(Dimension(f"study_{key}", label, f"study.{key}", Level.STUDY))
        elif outer:
            name = "group" if key == spec.group_by else key
            found.append(Dimension(name, outer.label, f"study.{key}", Level.STUDY))
    for key in spec.task_fields[1:]:
        field = group.field(key)
        if field:
            found.append(Dimension(key, field.label, f"row.{key}", Level.EXPERIMENT))
    found += _further(form, group, {one.column for one in found}, spec)
    found += [Dimension(one.key, one.label, one.column, Level.STUDY) for one in ratings_of(form)]
    amount = group.field(spec.fraction_field)
    stated = f"{amount.label if amount else 'Amount'}, as stated"
    found += [
        Dimension("metric", "Metric", "metric", Level.EXPERIMENT),
        Dimension("year", "Year", "year", Level.STUDY),
        Dimension("amount", amount.label if amount else "Amount", "amount", Level.EXPERIMENT),
        Dimension("fraction", stated, "fraction", Level.EXPERIMENT),
        Dimension("evaluation", "Measured by", "evaluation", Level.EXPERIMENT),
        Dimension("read", "Read from", "read_method", Level.EXPERIMENT),
        Dimension("status", "Status", "status", Level.EXPERIMENT),
        Dimension("proof", "Proven", "proof", Level.EXPERIMENT),
        Dimension("gain_error", "Sampling error", "gain_error", Level.EXPERIMENT),
        Dimension("role", "Reported as", "role", Level.REPORTED),
        Dimension("reported_metric", "Reported metric", "metric", Level.REPORTED),
        Dimension("sign", "Gain", "sign", Level.REPORTED),
    ]
    return tuple(found)


def _further(
    form: FormDefinition, group: Group, taken: set[str], spec: ComparisonSpec
) -> Iterator[Dimension]:
    """Every other categorical field, of the study and of the experiment."""
    named = {spec.metric_field, spec.evaluation_field, spec.read_method_field}
    known = {field.key for field in group.fields}
    for field in form.study_fields:
        if field.type in CATEGORICAL and f"study.{field.key}" not in taken:
            key = f"study_{field.key}" if field.key in known | RESERVED else field.key
            yield Dimension(key, field.label, f"study.{field.key}", Level.STUDY)
    for field in group.fields:
        column = f"row.{field.key}"
        if field.type in CATEGORICAL and field.key not in named and column not in taken:
            key = f"row_{field.key}" if field.key in RESERVED else field.key
            yield Dimension(key, field.label, column, Level.EXPERIMENT)


def options_of(frame: pd.DataFrame, dimension: Dimension) -> list[tuple[str, int]]:
    """List the values of a dimension with their counts.

    Args:
        frame: Frame of the dimension's level.
        dimension: Any.

    Returns:
        Value and number of rows that have it, most frequent first, `not stated` last. A row
        with several values counts under each.

    Raises:
        KeyError: The frame has no such column.

    Source:
        Own definition.
    """
    counts: Counter[str] = Counter()
    for words, count in frame[dimension.column].dropna().value_counts().items():
        for word in dict.fromkeys(str(words).split(SEVERAL)):
            counts[word] += int(count)
    found = [(value, count) for value, count in counts.items() if value]
    if dimension.key == "year":
        return sorted(found)
    return sorted(found, key=lambda one: (one[0] == NOT_STATED, -one[1], one[0]))


def keep(frame: pd.DataFrame, dimensions: Iterable[Dimension], chosen: Chosen) -> pd.DataFrame:
    """Keep the rows that fit every dimension given.

    Args:
        frame: A frame that has the columns of the dimensions.
        dimensions: Those to be asked.
        chosen: Values by key of a dimension; a dimension without values lets everything pass,
            several values are alternatives, `several` fits rows with more than one value,
            `only x` rows that have x and nothing else.

    Returns:
        The rows that fit, index kept.

    Raises:
        KeyError: The frame has no such column.

    Source:
        Own definition.
    """
    for dimension in dimensions:
        wanted = set(chosen.get(dimension.key, ()))
        if wanted:
            words = frame[dimension.column].astype("string").fillna(NOT_STATED)
            fits = {word: _fits(word, wanted) for word in words.unique()}
            frame = frame[words.map(fits).astype("bool")]
    return frame


def only(value: str) -> str:
    """Ask for rows that have this value and no other.

    Args:
        value: A value of a dimension; `several` and `not stated` stay as they are.

    Returns:
        The value as a filter writes it.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    return value if value in {SEVERAL_VALUES, NOT_STATED} else ONLY + value


def _fits(text: str, wanted: set[str]) -> bool:
    parts = text.split(SEVERAL)
    if ONLY + text in wanted:
        return True
    return not wanted.isdisjoint(parts) or (len(parts) > 1 and SEVERAL_VALUES in wanted)
