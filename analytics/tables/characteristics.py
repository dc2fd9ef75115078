"""What Table 1 says of studies where the form compares nothing: their answers, row by row too."""

from collections.abc import Iterable, Iterator, Mapping

from analytics.tables.model import Value
from analytics.tables.words import Words
from extraction.schema.answers import StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, Group

OWN = ("year", "first_author", "title", "study_id")
ROWS_PARTED = "; "


def characteristic_keys(form: FormDefinition) -> tuple[str, ...]:
    """Questions of the study that stand in Table 1 unless columns are chosen.

    Args:
        form: A form without a comparison.

    Returns:
        Year and first author, then the keys of its study-level fields in their order, without
        long texts and without the questions of risk-of-bias tools.
    """
    fields = (
        field.key
        for group in form.groups
        if not group.repeating and not group.tool
        for field in group.fields
        if not field.long and field.key not in OWN
    )
    return ("year", "first_author", *fields)


def row_columns(form: FormDefinition) -> dict[str, tuple[Group, Field]]:
    """Columns that tell the rows of repeating groups.

    Args:
        form: A form without a comparison.

    Returns:
        By key of the column (`<group>_<field>`) the group and the field; risk-of-bias tools and
        keys that the study itself has are left out.
    """
    own = {*OWN, *(field.key for field in form.study_fields)}
    return {
        key: (group, field)
        for group in form.repeating_groups
        if not group.tool
        for field in group.fields
        if (key := f"{group.key}_{field.key}") not in own
    }


def first_of_rows(form: FormDefinition) -> tuple[str, ...]:
    """Columns of rows that stand in Table 1 unless columns are chosen: which rows there are.

    Args:
        form: A form without a comparison.

    Returns:
        For each repeating group the key of the column that names its rows.
    """
    named = {group.key: (*group.row_keys, group.fields[0].key)[0] for group in _groups(form)}
    found = row_columns(form).items()
    return tuple(key for key, (group, field) in found if named[group.key] == field.key)


def told_of_rows(
    form: FormDefinition, study: StudyAnswers, wanted: Iterable[str], words: Words
) -> Iterator[tuple[str, Value]]:
    """What the rows of a study say, each column in one cell.

    Args:
        form: A form without a comparison.
        study: Its answers.
        wanted: Keys of columns.
        words: Turns answers into words.

    Yields:
        Key and value; the different words of the rows in their order, parted by semicolons.
    """
    known: Mapping[str, tuple[Group, Field]] = row_columns(form)
    for key in wanted:
        if key not in known:
            continue
        group, field = known[key]
        rows = sorted(
            (row for row in study.rows if row.group == group.key), key=lambda one: one.position
        )
        texts = (words.of(row.cells.get(field.key), field) for row in rows)
        yield key, Value(ROWS_PARTED.join(dict.fromkeys(filter(None, texts))))


def _groups(form: FormDefinition) -> Iterator[Group]:
    return (group for group in form.repeating_groups if group.fields and not group.tool)
