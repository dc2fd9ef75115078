"""A table as CSV and JSON for programs."""

import csv
import io
import json
import math
import string
from collections.abc import Iterable

from analytics.tables.csv_text import LINE_END, csv_lines
from analytics.tables.evidence import evidence_of
from analytics.tables.footnotes import Footnotes, footnotes_of
from analytics.tables.model import EMPTY, Column, Row, Table
from screening.rules.spreadsheets import harmless

BYTE_ORDER_MARK = "\ufeff"
PLAIN_STARTS = frozenset(string.ascii_letters + string.digits)  # of most texts by far


def to_csv(table: Table) -> str:
    """Write RFC 4180 CSV: a header of column keys, CRLF, text that is no formula.

    Args:
        table: Any table.

    Returns:
        The text, to be encoded as UTF-8. An unknown value is an empty cell; numbers keep the
        digits they were extracted with. R, pandas and LibreOffice open it as it is.

    Source:
        RFC 4180; OWASP ASVS 5.0, 1.2.10.
    """
    keys = [column.key for column in table.columns]
    if len(keys) == 1:
        return lines_as_csv(keys, ([row.said(table.columns[0])] for row in table.rows))
    head = lines_as_csv(keys, ())
    return head + "".join(f"{line}{LINE_END}" for line in csv_lines(table))


def lines_as_csv(keys: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """Write the same from plain texts.

    Args:
        keys: The header.
        lines: One text a column for each row.

    Returns:
        The text, as `to_csv` gives it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow(keys)
    writer.writerows(
        [text if not text or text[0] in PLAIN_STARTS else harmless(text) for text in line]
        for line in lines
    )
    return out.getvalue()


def to_excel_csv(table: Table) -> str:
    """Write the same CSV with a byte order mark, by which Excel knows that it is UTF-8.

    Args:
        table: Any table.

    Returns:
        The text; R's `read.csv` needs `fileEncoding="UTF-8-BOM"` for it.
    """
    return BYTE_ORDER_MARK + to_csv(table)


def to_json(table: Table) -> str:
    """Write JSON: title, columns, and rows by column key with the evidence of each value.

    Args:
        table: Any table; provenance columns are not needed, the evidence is always there.

    Returns:
        The text; unknown values are null, numbers are numbers, and `evidence` holds their digits
        as extracted under `text`. `footnotes` are numbered; a column and a row name their numbers.
    """
    notes = footnotes_of(table)
    document = {
        "title": table.title,
        "columns": [
            {"key": one.key, "label": one.label, "footnotes": list(notes.of(one))}
            for one in table.columns
        ],
        "footnotes": [{"number": number, "text": text} for number, text in notes.numbered],
        "rows": [_json_row(table, row, notes) for row in table.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _json_row(table: Table, row: Row, notes: Footnotes) -> dict[str, object]:
    evidence = {
        column.key: {"text": value.text, **evidence_of(value.cell)}
        for column in table.columns
        if (value := row.values.get(column.key, EMPTY)).cell
    }
    values = {column.key: _json_value(column, row.said(column)) for column in table.columns}
    marks = {one.key: list(found) for one in table.columns if (found := notes.of(one, row))}
    chosen = {"trace": list(row.trace), "is_chosen_by_hand": row.is_by_hand}
    return {**values, **chosen, "evidence": evidence, "footnotes": marks}


def _json_value(column: Column, text: str) -> object:
    if not text:
        return None
    number = as_number(text) if column.is_number else None
    if number is None:
        return text
    return int(number) if text.isdigit() else number


def as_number(text: str) -> float | None:
    """The number a text is, or nothing.

    Args:
        text: A cell's text.

    Returns:
        A finite number; nothing for anything else, `1_000` and `nan` included.
    """
    if not text.isascii() or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
