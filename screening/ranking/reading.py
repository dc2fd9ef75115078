"""Labelled records out of a table, as the command of this package takes them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from screening.ranking.texts import record_text

LABEL_COLUMNS = ("label_included", "included", "label", "final_included", "relevant")
_IDS = ("record_id", "id")
_YES = frozenset({"1", "1.0", "true", "yes", "include", "included", "relevant"})
_NO = frozenset({"0", "0.0", "false", "no", "exclude", "excluded", "irrelevant"})
_MISSING = frozenset({"", "na", "nan", "none", "null"})
_LONGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """Records with the decision on each.

    Attributes:
        ids: as the table names them; the row's number, from 0, where it has no id column.
        texts: title and abstract.
        labels: True is relevant.
        unlabelled: rows left out because they have no label.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    labels: tuple[bool, ...]
    unlabelled: int


def read_labelled(path: Path, *, label_column: str | None = None) -> LabelledTable:
    """Read a table of labelled records.

    Args:
        path: a CSV file in UTF-8 with a header row; columns title, abstract, a label (1/0, yes/no,
            include/exclude ...) and, if there is one, record_id.
        label_column: name of the label's column; the first known one when None.

    Returns:
        The rows that have a label, in their order.

    Raises:
        ValueError: The file is no such table, or a label or an id is none; the message says where.

    Source:
        Own definition.
    """
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            column = _label_column([str(name) for name in table.fieldnames or ()], label_column)
            return _table([_cells(row) for row in table], column)
    except UnicodeDecodeError as fault:
        raise ValueError(f"The table is not UTF-8 text (byte {fault.start}).") from fault
    except csv.Error as fault:
        raise ValueError(f"The table cannot be read: {fault}.") from fault


def _label_column(names: list[str], wanted: str | None) -> str:
    known = {name.strip().lower() for name in names}
    for column in (wanted.strip().lower(),) if wanted else LABEL_COLUMNS:
        if column in known:
            if not known & {"title", "abstract"}:
                raise ValueError("The table has no column title and none abstract.")
            return column
    raise ValueError(f"The table has no column {wanted or ' or '.join(LABEL_COLUMNS)}.")


def _cells(row: Mapping[str | None, object]) -> dict[str, str]:
    return {
        name.strip().lower(): value.strip()
        for name, value in row.items()
        if name and isinstance(value, str) and value.strip().lower() not in _MISSING
    }


def _table(rows: list[dict[str, str]], column: str) -> LabelledTable:
    ids, texts, labels = [], [], []
    for number, cells in enumerate(rows):
        if column not in cells:
            continue
        label = cells[column].lower()
        if label not in _YES | _NO:
            raise ValueError(f"Row {number + 1} has the label {cells[column]!r}; 1 or 0 is read.")
        ids.append(next((cells[name] for name in _IDS if name in cells), str(number)))
        texts.append(record_text(cells.get("title"), cells.get("abstract")))
        labels.append(label in _YES)
    if len(set(ids)) < len(ids):
        raise ValueError("The ids of the table are not unique.")
    return LabelledTable(tuple(ids), tuple(texts), tuple(labels), len(rows) - len(ids))
