"""A table with what proves each value beside it."""

from collections.abc import Iterator, Set
from dataclasses import replace

from analytics.tables.evidence import PARTS
from analytics.tables.layout import BECAUSE
from analytics.tables.model import EMPTY, TRACE, Column, Table


def with_provenance(table: Table) -> Table:
    """Add the columns that say where each value comes from.

    Args:
        table: Any table.

    Returns:
        The same rows; after each column that holds answers come its `_unit`, `_page`, `_location`,
        `_quote`, `_source_url`, `_status`, `_reconciled_by` and `_value_ids`; at the end comes
        `chosen_because`, why this experiment is reported. They are read from the answers when
        they are asked for (`Row.said`): a long table would have some four million of them.

    Source:
        DESIGN section 7.
    """
    answered = table.answered
    if answered is None:
        answered = frozenset(one.key for one in table.columns if _has_answers(table, one))
    taken = {one.key for one in table.columns}
    columns = [
        column
        for one in table.columns
        for column in (one, *(_proofs(one, taken) if one.key in answered else ()))
    ]
    if BECAUSE not in {one.key for one in columns}:
        columns.append(Column(BECAUSE, "Why this experiment", part=TRACE))
    return replace(table, columns=tuple(columns))


def _has_answers(table: Table, column: Column) -> bool:
    return any(row.values.get(column.key, EMPTY).cell for row in table.rows)


def _proofs(column: Column, taken: Set[str]) -> Iterator[Column]:
    """The columns beside one that holds answers; what has its own column already has none."""
    for part in PARTS:
        key, words = f"{column.key}_{part}", part.replace("_", " ")
        if key not in taken:
            label, is_number = f"{column.label}: {words}", part == "page"
            yield Column(key, label, is_number=is_number, of=column.key, part=part)
