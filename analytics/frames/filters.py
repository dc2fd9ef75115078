"""Filters of experiments and studies: what may be chosen, and what is left then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from analytics.frames.studies import NOT_STATED, SEVERAL
from extraction.schema.definition import FormDefinition

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
        The group, the categories, task fields after the first, metric, year, amount of labels,
        evaluation, reading, status, role and sign; nothing for a form without a comparison.

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
    amount = group.field(spec.fraction_field)
    found += [
        Dimension("metric", "Metric", "metric", Level.EXPERIMENT),
        Dimension("year", "Year", "year", Level.STUDY),
        Dimension("amount", amount.label if amount else "Amount", "amount", Level.EXPERIMENT),
        Dimension("evaluation", "Measured by", "evaluation", Level.EXPERIMENT),
        Dimension("read", "Read from", "read_method", Level.EXPERIMENT),
        Dimension("status", "Status", "status", Level.EXPERIMENT),
        Dimension("role", "Reported as", "role", Level.REPORTED),
        Dimension("reported_metric", "Reported metric", "metric", Level.REPORTED),
        Dimension("sign", "Gain", "sign", Level.REPORTED),
    ]
    return tuple(found)


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
    parts = frame[dimension.column].astype("string").dropna().str.split(SEVERAL).explode()
    counts = parts.value_counts()
    found = [(str(value), int(count)) for value, count in counts.items() if str(value)]
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
