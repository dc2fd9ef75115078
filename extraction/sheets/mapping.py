"""Which column of a sheet means what."""

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, FieldType

PARTS = ("unit", "page", "quote", "location", "source_url", "note", "basis")
PART_WORDS = {
    "unit": "unit",
    "page": "page",
    "quote": "quote",
    "location": "place in the report",
    "source_url": "address",
    "note": "note",
    "basis": "where it was read, in words",
}
ALL = "*"
_WORD = re.compile(r"[^a-z0-9]+")


class Match(StrEnum):
    """How the study column names a study."""

    LABEL = "label"
    ID = "id"
    TITLE = "title"
    AUTHOR_YEAR = "author_year"
    DOI = "doi"


MATCH_WORDS = {
    Match.LABEL: "the study's label",
    Match.ID: "the study's number here",
    Match.TITLE: "the study's title",
    Match.AUTHOR_YEAR: "first author and year",
    Match.DOI: "the DOI of a report",
}


class Role(StrEnum):
    """What a column is, apart from an answer."""

    NOTHING = ""
    STUDY = "study"
    ROW = "row"
    PERSON = "person"
    TITLE = "title"
    FIRST_AUTHOR = "first_author"
    YEAR = "year"


ROLE_WORDS = {
    Role.NOTHING: "Leave out",
    Role.STUDY: "Study: which study the row is about",
    Role.ROW: "Row: which experiment the row is about",
    Role.PERSON: "Person: who extracted it",
    Role.TITLE: "Title of a new study",
    Role.FIRST_AUTHOR: "First author of a new study",
    Role.YEAR: "Year of a new study",
}


@dataclass(frozen=True, slots=True)
class Target:
    """An answer or a part of its evidence; `group` is empty for a question about the study.

    A part of every answer of the row has the field `*`.
    """

    field: str
    group: str = ""
    part: str = ""

    def __str__(self) -> str:
        """As a mapping stores it: `value::strategy`, `page:experiment:ssl_performance`."""
        return f"{self.part or 'value'}:{self.group}:{self.field}"


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """What a person said of a sheet.

    Attributes:
        columns: Per column a role, or a target as text.
        match: How the study column names a study.
        units: Unit key by target, for numbers whose unit stands in no column.
        is_making_studies: Whether an unknown study is made new.
    """

    columns: tuple[str, ...] = ()
    match: Match = Match.LABEL
    units: MappingOf[str, str] = field(default_factory=dict)
    is_making_studies: bool = False

    def column_of(self, role: Role) -> int | None:
        """The column with that role."""
        return self.columns.index(role) if role and role in self.columns else None


def target_of(text: str) -> Target | None:
    """Read a stored target.

    Args:
        text: As `str(Target)` writes it, or a role.

    Returns:
        The target; nothing for a role.
    """
    part, _, rest = text.partition(":")
    group, colon, name = rest.partition(":")
    if not colon or not name:
        return None
    return Target(name, group, "" if part == "value" else part)


def mapping_to_json(mapping: SheetMapping) -> dict[str, Any]:
    """A mapping as JSON data."""
    return {
        "columns": list(mapping.columns),
        "match": mapping.match.value,
        "units": dict(mapping.units),
        "is_making_studies": mapping.is_making_studies,
    }


def mapping_from_json(data: MappingOf[str, Any]) -> SheetMapping:
    """A mapping out of JSON data; an empty one for no data."""
    return SheetMapping(
        columns=tuple(data.get("columns", ())),
        match=Match(data.get("match", Match.LABEL)),
        units=dict(data.get("units", {})),
        is_making_studies=bool(data.get("is_making_studies")),
    )


def targets_of(form: FormDefinition) -> list[tuple[str, list[tuple[Target, str]]]]:
    """Everything a column may mean, for a list to choose from.

    Args:
        form: The review's form.

    Returns:
        By heading: each field's answer and, after it, its parts.
    """
    found: list[tuple[str, list[tuple[Target, str]]]] = []
    for group in form.groups:
        key = group.key if group.repeating else ""
        lines: list[tuple[Target, str]] = []
        for one in group.fields:
            lines.append((Target(one.key, key), one.label))
            lines += [
                (Target(one.key, key, part), f"{one.label}: {PART_WORDS[part]}")
                for part in PARTS
                if part != "unit" or one.units
            ]
        found.append((group.label, lines))
    everything = [
        (Target(ALL, "", part), f"Every answer of the row: {PART_WORDS[part]}") for part in PARTS
    ]
    return [*found, ("Evidence of the whole row", everything)]


def suggested(header: Sequence[str], form: FormDefinition) -> SheetMapping:
    """Guess what the columns mean by their names.

    Args:
        header: Names of the columns.
        form: The review's form.

    Returns:
        A mapping in which each target and role stands once at most; what is not known is left out.
        Names of our own export are all known.
    """
    known: dict[str, str] = dict(_role_names())
    for part in (*PARTS, "scale"):
        known.setdefault(part, str(Target(ALL, "", "unit" if part == "scale" else part)))
    groups = sorted(form.groups, key=lambda one: one.repeating)
    names = [_folded(name) for name in header]
    is_about_rows = _is_about_rows(names, form)
    for group in groups:
        key = group.key if group.repeating else ""
        for one in group.fields:
            for name, target in _names_of(one, key):
                if group.repeating and is_about_rows:
                    known[name] = str(target)
                else:
                    known.setdefault(name, str(target))
    columns: list[str] = []
    for name in names:
        guess = known.get(name, "")
        columns.append("" if guess in columns else guess)
    match = Match.LABEL
    if "study" in columns:
        word = names[columns.index("study")]
        match = {"study_id": Match.ID, "doi": Match.DOI}.get(word, Match.LABEL)
    return SheetMapping(tuple(columns), match)


def _role_names() -> dict[str, str]:
    names = {
        Role.STUDY: ("study", "study_key", "study_label", "ref_no", "reference", "label",
                     "study_id", "doi"),
        Role.ROW: ("experiment_key", "row_key", "result_id", "experiment_id"),
        Role.PERSON: ("extractor", "extracted_by", "person"),
        Role.TITLE: ("title",),
        Role.FIRST_AUTHOR: ("first_author", "author"),
        Role.YEAR: ("year",),
    }  # fmt: skip
    return {word: role.value for role, words in names.items() for word in words}


def _is_about_rows(names: Sequence[str], form: FormDefinition) -> bool:
    """Whether most of the sheet's names are questions of a repeating group only."""
    study = {name for one in form.study_fields for name, _ in _names_of(one, "")}
    rows = {
        name
        for group in form.repeating_groups
        for one in group.fields
        for name, _ in _names_of(one, group.key)
    }
    return sum(n in rows - study for n in names) > sum(n in study - rows for n in names)


def _names_of(one: Field, group: str) -> list[tuple[str, Target]]:
    found = []
    for word in dict.fromkeys((one.key, one.label)):
        found.append((_folded(word), Target(one.key, group)))
        parts = PARTS if one.type is FieldType.NUMBER else PARTS[1:]
        found += [(_folded(f"{word}_{part}"), Target(one.key, group, part)) for part in parts]
    if group:
        found += [(f"{group}_{name}", target) for name, target in list(found)]
        found += [(f"experiment_{name}", target) for name, target in found[: len(found) // 2]]
    return found


def _folded(name: str) -> str:
    return _WORD.sub("_", name.casefold()).strip("_")
