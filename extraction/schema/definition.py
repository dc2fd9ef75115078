"""A whole extraction form as data that checks itself."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extraction.schema.comparison import Arm, ComparisonSpec
from extraction.schema.fields import Field, FieldType, Group, Judges, Unit
from extraction.schema.metrics import Metric, metric_of

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
STUDY_COLUMNS = ("year", "first_author", "title")
_CHOOSING = {FieldType.CHOICE, FieldType.CHOICES}


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One fault of a form: where it is (a path into the JSON) and what is wrong."""

    path: str
    message: str

    def __str__(self) -> str:
        """Say place and fault in one line."""
        return f"{self.path}: {self.message}"


class FormInvalidError(ValueError):
    """A form that contradicts itself; carries every problem found."""

    def __init__(self, problems: Iterable[FormProblem]) -> None:
        """Keep the problems and join them into the message."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class FormSketch:
    """A form as it is being written: right in shape, maybe not yet free of contradictions.

    Attributes:
        key: Stable name of the template it came from.
        title: Shown.
        groups: Parts of the form in their order.
        description: What the form is for.
        comparison: How gains are read from it; None for a form without a comparison.
    """

    key: str
    title: str
    groups: tuple[Group, ...]
    description: str = ""
    comparison: ComparisonSpec | None = None

    def group(self, key: str) -> Group | None:
        """Return the group of that key, or None."""
        return next((group for group in self.groups if group.key == key), None)

    def metric(self, name: str) -> Metric | None:
        """Find a metric by name: the comparison's own before the catalogue's."""
        return self.comparison.metric(name) if self.comparison else metric_of(name)

    @property
    def study_fields(self) -> tuple[Field, ...]:
        """Fields answered once per study, in order."""
        return tuple(f for group in self.groups if not group.repeating for f in group.fields)

    @property
    def repeating_groups(self) -> tuple[Group, ...]:
        """Groups with rows, in order."""
        return tuple(group for group in self.groups if group.repeating)

    def find(self, key: str, group: str = "") -> Field | None:
        """Find a field.

        Args:
            key: The field's key.
            group: Key of the repeating group; empty for a study-level field.

        Returns:
            The field, or None when that level has no such field.

        Source:
            Own definition.
        """
        return next((field for field in self.level(group) if field.key == key), None)

    def level(self, group: str = "") -> tuple[Field, ...]:
        """Fields that are answered together: of one repeating group, or (empty) of the study."""
        return _fields_of(self.group(group)) if group else self.study_fields


@dataclass(frozen=True, slots=True)
class FormDefinition(FormSketch):
    """An extraction form without contradictions: groups of fields, and what its results mean.

    Raises:
        FormInvalidError: When keys repeat, references lead nowhere, a range is upside down,
            a choice has no vocabulary, ...; lists every fault.
    """

    def __post_init__(self) -> None:
        """Refuse a form with faults."""
        problems = problems_of(self)
        if problems:
            raise FormInvalidError(problems)


def problems_of(form: FormSketch) -> list[FormProblem]:
    """List every contradiction of a form.

    Args:
        form: A form of the right shape.

    Returns:
        Each fault with its place; empty for a form that may be published.

    Source:
        Own definition.
    """
    return [*_group_problems(form), *_comparison_problems(form)]


def _fields_of(group: Group | None) -> tuple[Field, ...]:
    return group.fields if group and group.repeating else ()


def _group_problems(form: FormSketch) -> Iterator[FormProblem]:
    yield from _repeated("groups", [group.key for group in form.groups])
    yield from _repeated("groups (study level)", [field.key for field in form.study_fields])
    for g, group in enumerate(form.groups):
        path = f"groups[{g}]"
        if not KEY.fullmatch(group.key):
            yield _bad_key(path, group.key)
        if group.repeating:
            yield from _repeated(f"{path}.fields", [field.key for field in group.fields])
        level = group.fields if group.repeating else form.study_fields
        known = {field.key for field in level}
        for key in (*group.row_keys, *group.strict_row_keys):
            if key not in known:
                yield FormProblem(f"{path}.row_keys", f"no field “{key}” in this group")
        for f, field in enumerate(group.fields):
            yield from _field_problems(f"{path}.fields[{f}]", field, known)


def _field_problems(path: str, field: Field, known: set[str]) -> Iterator[FormProblem]:
    yield from _reference_problems(path, field, known)
    yield from _judgement_problems(path, field)
    if not KEY.fullmatch(field.key):
        yield _bad_key(path, field.key)
    if field.type in _CHOOSING and not field.terms:
        yield FormProblem(f"{path}.terms", f"“{field.key}” is a choice and needs a vocabulary")
    if field.type not in _CHOOSING and field.terms:
        yield FormProblem(f"{path}.terms", f"“{field.key}” is no choice and takes no vocabulary")
    if field.type is not FieldType.NUMBER and field.units:
        yield FormProblem(f"{path}.units", f"“{field.key}” is no number and takes no units")
    yield from _repeated(f"{path}.terms", [term.key for term in field.terms])
    yield from _repeated(f"{path}.units", [unit.key for unit in field.units])
    parts: tuple[Field | Unit, ...] = (field, *field.units)
    for part in parts:
        if part.low is not None and part.high is not None and part.low > part.high:
            yield FormProblem(path, f"“{part.key}”: low {part.low} lies above high {part.high}")


def _reference_problems(path: str, field: Field, known: set[str]) -> Iterator[FormProblem]:
    if field.only_if and field.only_if.field not in known - {field.key}:
        yield FormProblem(f"{path}.only_if", f"no other field “{field.only_if.field}” here")
    if field.metric_field and field.metric_field not in known:
        yield FormProblem(f"{path}.metric_field", f"no field “{field.metric_field}” here")


def _judgement_problems(path: str, field: Field) -> Iterator[FormProblem]:
    if not field.judges:
        return
    if field.type is not FieldType.CHOICE or field.allow_other:
        yield FormProblem(path, f"“{field.key}” judges, so it is a choice without own words")
    for t, term in enumerate(field.terms):
        if not term.level:
            yield FormProblem(f"{path}.terms[{t}].level", f"“{term.key}” needs a level of risk")
    if not field.domain and field.judges is not Judges.OVERALL:
        yield FormProblem(f"{path}.domain", f"“{field.key}” judges a domain; name it")


def _comparison_problems(form: FormSketch) -> Iterator[FormProblem]:
    spec = form.comparison
    if spec is None:
        return
    group = form.group(spec.group)
    if group is None or not group.repeating:
        yield FormProblem("comparison.group", f"no repeating group “{spec.group}”")
        return
    for key in spec.row_fields:
        if group.field(key) is None:
            yield FormProblem("comparison", f"no field “{key}” in group “{spec.group}”")
    study = {field.key for field in form.study_fields}
    for key in (*spec.categories, *([spec.group_by] if spec.group_by else [])):
        if key not in study:
            yield FormProblem("comparison.categories", f"no study-level field “{key}”")
    for key in spec.table_columns:
        if key not in study and key not in STUDY_COLUMNS:
            yield FormProblem("comparison.table_columns", f"no study-level field “{key}”")
    yield from _policy_problems(spec)
    yield from _synthesis_problems(spec, group)


def _policy_problems(spec: ComparisonSpec) -> Iterator[FormProblem]:
    for name in spec.policy.metric_priority:
        if spec.metric(name) is None:
            yield FormProblem("comparison.policy.metric_priority", f"unknown metric “{name}”")
    classes = {one.key for one in spec.policy.comparators}
    for key in spec.policy.comparator_preference:
        if key not in classes:
            yield FormProblem(
                "comparison.policy.comparator_preference", f"no comparator class “{key}”"
            )


def _synthesis_problems(spec: ComparisonSpec, group: Group) -> Iterator[FormProblem]:
    if not 0 <= spec.synthesis.correlation < 1:
        shown = spec.synthesis.correlation
        yield FormProblem(
            "comparison.synthesis.correlation", f"{shown} is no correlation from 0 to below 1"
        )
    for arm in _arms(spec):
        if bool(arm.low) != bool(arm.high):
            yield FormProblem("comparison", f"“{arm.field}” has one end of an interval only")
    yield from _repeated("comparison.metrics", [one.key for one in spec.metrics])
    for metric in spec.metrics:
        if metric.low is not None and metric.high is not None and metric.low >= metric.high:
            yield FormProblem(
                "comparison.metrics", f"“{metric.key}”: low {metric.low} is not below {metric.high}"
            )
    numbers = (spec.cases_field, spec.positives_field, *(f for a in _arms(spec) for f in a.fields))
    for key in numbers:
        field = group.field(key)
        if field and field.type is not FieldType.NUMBER:
            yield FormProblem("comparison", f"“{key}” is no number")


def _arms(spec: ComparisonSpec) -> tuple[Arm, ...]:
    return (spec.arm, spec.comparator, *spec.other_arms)


def _repeated(path: str, keys: list[str]) -> Iterator[FormProblem]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield FormProblem(path, f"the key “{key}” stands {count} times")


def _bad_key(path: str, key: str) -> FormProblem:
    return FormProblem(
        f"{path}.key",
        f"“{key}” is no key: lower-case letters, digits and _, beginning with a letter",
    )
