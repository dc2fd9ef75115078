"""Everything that was extracted as plain tables: one row per answer, or one column per question."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analytics.tables.model import Column, Row, Table, Value
from extraction.schema.answers import Cell, StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, FieldType

STUDIES = "studies"
EVIDENCE = ("page", "quote", "location", "source_url")
OWN = ("study_id", "study_label", "first_author", "year", "title")
TITLE = "Extracted data"
LONG_TITLE = f"{TITLE}: every answer"


@dataclass(frozen=True, slots=True)
class Entry:
    """The answers of one study, or of one of its rows, as one person or the team has them.

    Attributes:
        study: The study.
        label: Its label in the review.
        group: Key of the repeating group; empty for answers about the study.
        row_key: Stable key of the row.
        position: Place of the row in its group.
        cells: Answers by field.
        notes: Remarks on raw answers by field.
        person: Whose raw answers these are (e-mail); empty for the team's.
        state: draft, submitted or imported for raw answers; empty for the team's.
    """

    study: StudyAnswers
    label: str = ""
    group: str = ""
    row_key: str = ""
    position: int = 0
    cells: Mapping[str, Cell] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    person: str = ""
    state: str = ""


def wide_table(
    form: FormDefinition, level: str, entries: Iterable[Entry], *, is_raw: bool
) -> Table:
    """One row per study or per row of a group; each question is a column, its evidence beside it.

    Args:
        form: The review's form; answers to questions it no longer has stand in the long table.
        level: `studies`, or the key of a repeating group.
        entries: All entries; those of other levels are left out.
        is_raw: With the person and the notes of raw answers instead of who reconciled.

    Returns:
        Columns: the study's own, the person (`extractor`, `state`) or the row (`row_key`,
        `position`), then for each field `key`, `key_unit` where it has units, `key_page`,
        `key_quote`, `key_location`, `key_source_url`, and `key_note`, or `key_status`,
        `key_reconciled_by` and `key_rationale`. Answers are as stored: keys of vocabularies,
        digits as extracted, several choices parted by semicolons.

    Raises:
        ValueError: The form has no such group.

    Source:
        Own definition.
    """
    group = "" if level == STUDIES else level
    fields = _fields(form, level)
    prefix = {one.key: _name(one.key) for one in fields}
    columns = [*_own_columns(is_raw=is_raw, has_rows=bool(group))]
    for one in fields:
        columns += _field_columns(one, prefix[one.key], is_raw=is_raw)
    rows = []
    for entry in entries:
        if entry.group != group:
            continue
        values = _own_values(entry)
        for one in fields:
            if one.key in entry.cells:
                cell, note = entry.cells[one.key], entry.notes.get(one.key, "")
                values |= _named(prefix[one.key], _parts(cell, note))
        rows.append(Row(entry.study.study_id, "", values))
    return Table(TITLE, tuple(columns), tuple(rows))


def long_table(form: FormDefinition, entries: Iterable[Entry], *, is_raw: bool) -> Table:
    """One row per answer, with everything that is known of it.

    Args:
        form: The review's form, for the labels of its questions.
        entries: All entries.
        is_raw: Whether these are raw answers.

    Returns:
        Columns: the study's own, person and state for raw answers, `group`, `row_key`, `position`,
        `field`, `label`, `value`, `unit`, evidence, and note or status, who reconciled, rationale,
        and `value_ids`.

    Source:
        Own definition.
    """
    columns = long_columns(is_raw=is_raw)
    keys = [one.key for one in columns]
    rows = []
    for line in long_lines(form, entries, is_raw=is_raw):
        values = {key: Value(text) for key, text in zip(keys, line, strict=True) if text}
        rows.append(Row(int(line[0]), "", values))
    return Table(LONG_TITLE, columns, tuple(rows))


def long_columns(*, is_raw: bool) -> tuple[Column, ...]:
    """The columns of `long_table`.

    Args:
        is_raw: Whether these are raw answers.

    Returns:
        The columns in their order; the first is the study's number.
    """
    last = ("note",) if is_raw else ("status", "reconciled_by", "rationale")
    names = ("field", "label", "value", "unit", *EVIDENCE, *last, "value_ids")
    return (
        *_own_columns(is_raw=is_raw, has_rows=True),
        *(Column(name, name.replace("_", " ").capitalize(), name == "page") for name in names),
    )


def long_lines(
    form: FormDefinition, entries: Iterable[Entry], *, is_raw: bool
) -> Iterator[list[str]]:
    """The rows of `long_table` as texts, one after the other: a review has hundreds of thousands.

    Args:
        form: The review's form, for the labels of its questions.
        entries: All entries.
        is_raw: Whether these are raw answers.

    Returns:
        A list for each answer with one text a column, as `long_columns` names them.
    """
    own_keys = [one.key for one in _own_columns(is_raw=is_raw, has_rows=True)]
    labels: dict[tuple[str, str], str] = {}
    for entry in entries:
        texts = _own_texts(entry)
        own = [texts[key] for key in own_keys]
        for key, cell in entry.cells.items():
            place = (key, entry.group)
            if place not in labels:
                question = form.find(*place)
                labels[place] = question.label if question else key
            last = (
                (entry.notes.get(key, ""),)
                if is_raw
                else (cell.status.value, cell.decided_by, cell.rationale)
            )
            yield [
                *own,
                key,
                labels[place],
                stored_text(cell.value),
                cell.unit,
                "" if cell.page is None else str(cell.page),
                cell.quote,
                cell.location,
                cell.source_url,
                *last,
                " ".join(map(str, cell.value_ids)),
            ]


def levels_of(form: FormDefinition) -> list[tuple[str, str]]:
    """The wide tables of a form.

    Args:
        form: Any form.

    Returns:
        `studies`, then each repeating group: key and words.
    """
    return [(STUDIES, "Studies"), *((one.key, one.label) for one in form.repeating_groups)]


def stored_text(value: object) -> str:
    """An answer as it is stored, as one text.

    Args:
        value: Text, boolean or several texts.

    Returns:
        yes or no for a boolean; several parted by semicolons.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _fields(form: FormDefinition, level: str) -> Sequence[Field]:
    if level == STUDIES:
        return form.study_fields
    group = form.group(level)
    if group is None or not group.repeating:
        raise ValueError(f"The form has no repeating group “{level}”.")
    return group.fields


def _name(key: str) -> str:
    """The column of a field; one that is called like a column of ours is told apart."""
    return f"field_{key}" if key in {*OWN, "extractor", "state", "row_key", "position"} else key


def _own_columns(*, is_raw: bool, has_rows: bool) -> Iterator[Column]:
    yield Column("study_id", "Study", is_number=True)
    yield Column("study_label", "Label")
    yield Column("first_author", "First author")
    yield Column("year", "Year", is_number=True)
    yield Column("title", "Title")
    if is_raw:
        yield Column("extractor", "Extractor")
        yield Column("state", "State")
    if has_rows:
        yield Column("group", "Group")
        yield Column("row_key", "Row")
        yield Column("position", "Place", is_number=True)


def _own_values(entry: Entry) -> dict[str, Value]:
    return {name: Value(text) for name, text in _own_texts(entry).items() if text}


def _own_texts(entry: Entry) -> dict[str, str]:
    return {
        "study_id": str(entry.study.study_id),
        "study_label": entry.label,
        "first_author": entry.study.first_author,
        "year": str(entry.study.year or ""),
        "title": entry.study.title,
        "extractor": entry.person,
        "state": entry.state,
        "group": entry.group,
        "row_key": entry.row_key,
        "position": str(entry.position) if entry.row_key else "",
    }


def _field_columns(one: Field, name: str, *, is_raw: bool) -> Iterator[Column]:
    yield Column(name, one.label, is_number=one.type is FieldType.NUMBER)
    if one.units:
        yield Column(f"{name}_unit", f"{one.label}: unit")
    last = ("note",) if is_raw else ("status", "reconciled_by", "rationale")
    for part in (*EVIDENCE, *last):
        words = f"{one.label}: {part.replace('_', ' ')}"
        yield Column(f"{name}_{part}", words, is_number=part == "page")


def _parts(cell: Cell, note: str) -> dict[str, str]:
    return {
        "value": stored_text(cell.value),
        "unit": cell.unit,
        "page": "" if cell.page is None else str(cell.page),
        "quote": cell.quote,
        "location": cell.location,
        "source_url": cell.source_url,
        "note": note,
        "status": cell.status.value,
        "reconciled_by": cell.decided_by,
        "rationale": cell.rationale,
    }


def _named(name: str, parts: Mapping[str, str]) -> dict[str, Value]:
    return {
        name if part == "value" else f"{name}_{part}": Value(text)
        for part, text in parts.items()
        if text
    }
