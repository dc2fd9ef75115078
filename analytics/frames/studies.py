"""One row per study: its own columns and its study-level answers."""

from collections.abc import Iterable, Mapping

import pandas as pd

from analytics.frames.ratings import Rating, ratings_of
from extraction.schema.answers import Cell, Scalar, StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field

NOT_STATED = "not stated"
SEVERAL = "; "
Terms = dict[tuple[str, str], str]


def studies_frame(studies: Iterable[StudyAnswers], form: FormDefinition) -> pd.DataFrame:
    """Put the study-level answers into one frame.

    Args:
        studies: All studies that may be shown to the asking person.
        form: The form they answer.

    Returns:
        One row per study, columns: `study_id` int64, `study` str ("Burlina 2020"), `first_author`
        str, `year` Int64 (NA where unknown), `title` str, `is_final` bool, and for each
        study-level field `study.<key>` str: the vocabulary's term where there is one, several
        choices joined by "; ", `not stated` where nothing is. For each of `ratings_of` `rows.<key>`
        str: the different judgements of its rows, sorted and joined in the same way.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    columns = ["study_id", "study", "first_author", "year", "title", "is_final"]
    fields, ratings = form.study_fields, ratings_of(form)
    known: Terms = {}
    rows = [_study_row(one, fields, known) | _rated(one, ratings) for one in studies]
    columns += [f"study.{field.key}" for field in fields]
    frame = pd.DataFrame(rows, columns=[*columns, *(one.column for one in ratings)])
    return frame.astype({"study_id": "int64", "year": "Int64", "is_final": "bool"})


def _study_row(study: StudyAnswers, fields: Iterable[Field], known: Terms) -> dict[str, object]:
    return {
        "study_id": study.study_id,
        "study": study_name(study),
        "first_author": study.first_author,
        "year": study.year,
        "title": study.title,
        "is_final": study.is_final,
    } | {f"study.{field.key}": shown(study.cells, field, known) for field in fields}


def _rated(study: StudyAnswers, ratings: Iterable[Rating]) -> dict[str, object]:
    """What the rows of a tool were judged, all together."""
    found: dict[str, object] = {}
    for one in ratings:
        rows = (row.cells for row in study.rows if row.group == one.group.key)
        words = {shown(cells, one.field, {}) for cells in rows} - {NOT_STATED}
        found[one.column] = SEVERAL.join(sorted(words)) or NOT_STATED
    return found


def study_name(study: StudyAnswers) -> str:
    """Name a study as a figure does.

    Args:
        study: Any study.

    Returns:
        First author and year; "Study 12" where neither is known.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    parts = (study.first_author, str(study.year) if study.year else "")
    return " ".join(part for part in parts if part) or f"Study {study.study_id}"


def shown(cells: Mapping[str, Cell], field: Field, known: Terms) -> str:
    """Turn one answer into the words of its vocabulary.

    Args:
        cells: Answers of a study or of a row.
        field: The field asked for.
        known: What texts of a field turned into before: the same few come again and again.

    Returns:
        Terms joined by "; ", the extractor's words where no term fits, else `not stated`.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    cell = cells.get(field.key)
    if cell is None:
        return NOT_STATED
    if cell.value.__class__ is str:  # the usual case, without a detour
        return _term(cell.value, field, known) or NOT_STATED
    words = [_term(part, field, known) for part in parts_of(cell.value)]
    return SEVERAL.join(dict.fromkeys(word for word in words if word)) or NOT_STATED


def parts_of(value: Scalar) -> tuple[str, ...]:
    """Split an answer into its choices as text; yes and no for booleans.

    Args:
        value: Text, boolean or several texts.

    Returns:
        One text per choice.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return value if isinstance(value, tuple) else (value,)


def _term(text: str, field: Field, known: Terms) -> str:
    if not field.terms or not text:
        return text.strip()
    found = known.get((field.key, text))
    if found is None:
        term = field.term_of(text)
        known[field.key, text] = found = term.shown if term else text.strip()
    return found
