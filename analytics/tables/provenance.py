"""A table with what proves each value beside it."""

from collections.abc import Iterator
from dataclasses import replace

from analytics.tables.layout import BECAUSE
from analytics.tables.model import EMPTY, Column, Row, Table, Value
from extraction.schema.answers import Cell

PARTS = ("unit", "page", "location", "quote", "source_url", "status", "reconciled_by", "value_ids")


def evidence_of(cell: Cell) -> dict[str, str]:
    """What proves one answer, as texts.

    Args:
        cell: The answer.

    Returns:
        By part: unit, page (from 1), location, quote, source_url, status (reconciled, imported or
        raw), reconciled_by, and the ids of the raw values parted by blanks.
    """
    return {
        "unit": cell.unit,
        "page": "" if cell.page is None else str(cell.page),
        "location": cell.location,
        "quote": cell.quote,
        "source_url": cell.source_url,
        "status": cell.status.value,
        "reconciled_by": cell.decided_by,
        "value_ids": " ".join(map(str, cell.value_ids)),
    }


def with_provenance(table: Table) -> Table:
    """Add the columns that say where each value comes from.

    Args:
        table: Any table.

    Returns:
        The same rows; after each column that holds answers come its `_unit`, `_page`, `_location`,
        `_quote`, `_source_url`, `_status`, `_reconciled_by` and `_value_ids`; at the end comes
        `chosen_because`, why this experiment is reported.

    Source:
        DESIGN section 7.
    """
    columns = [column for one in table.columns for column in _columns(table, one)]
    if BECAUSE not in {one.key for one in columns}:
        columns.append(Column(BECAUSE, "Why this experiment"))
    rows = tuple(_row(table, row) for row in table.rows)
    return replace(table, columns=tuple(columns), rows=rows)


def _has_answers(table: Table, column: Column) -> bool:
    return any(row.values.get(column.key, EMPTY).cell for row in table.rows)


def _columns(table: Table, column: Column) -> Iterator[Column]:
    yield column
    if not _has_answers(table, column):
        return
    taken = {one.key for one in table.columns}
    for part in PARTS:
        key = f"{column.key}_{part}"
        if key not in taken:
            words = part.replace("_", " ")
            yield Column(key, f"{column.label}: {words}", is_number=part == "page")


def _row(table: Table, row: Row) -> Row:
    added = {
        f"{column.key}_{part}": Value(text)
        for column in table.columns
        if (cell := row.values.get(column.key, EMPTY).cell)
        for part, text in evidence_of(cell).items()
    }
    added[BECAUSE] = Value(" ".join(row.trace))
    return replace(row, values={**row.values, **added})
