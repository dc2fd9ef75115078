"""Rows of a table as lines of CSV: what comes again and again is looked at once."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from analytics.tables.evidence import NO_EVIDENCE, PARTS, ids_of, proof_in, texts_in, texts_of
from analytics.tables.model import EMPTY, TRACE, Column, Row, Table
from screening.rules.spreadsheets import harmless

LINE_END = "\r\n"
Teller = Callable[[Row], str]
_QUOTED = re.compile('[",\r\n]')


class Fields(dict[str, str]):
    """Texts as fields of a CSV file: no formula, in quotes where they need some."""

    def __missing__(self, text: str) -> str:
        """Turn a text that did not come before."""
        told = harmless(text)
        if _QUOTED.search(told):
            told = '"' + told.replace('"', '""') + '"'
        self[text] = told
        return told


class Proofs(dict[tuple[object, ...], str]):
    """What `proof_in` takes out of cells, as the fields asked for with a comma after each."""

    def __init__(self, fields: Fields, parts: Sequence[str]) -> None:
        """Begin with nothing turned."""
        super().__init__()
        self._fields = fields
        self._places = [PARTS.index(part) for part in parts]

    def __missing__(self, proof: tuple[object, ...]) -> str:
        """Turn what did not come before."""
        texts = texts_in(proof)
        told = "".join(f"{self._fields[texts[place]]}," for place in self._places)
        self[proof] = told
        return told


def csv_lines(table: Table) -> Iterator[str]:
    """Write each row of a table as one line.

    Args:
        table: Any table with two columns or more: the empty field of a table with one column
            would be an empty line.

    Yields:
        The line without its end.

    Source:
        RFC 4180.
    """
    fields = Fields()
    tellers = [
        _teller(key, list(columns), fields) for key, columns in groupby(table.columns, _source)
    ]
    for row in table.rows:
        yield ",".join([tell(row) for tell in tellers])


def _source(column: Column) -> str | None:
    """Key of the value that a column is read from; nothing for how the row was chosen."""
    return None if column.part == TRACE else column.of or column.key


def _teller(key: str | None, columns: Sequence[Column], fields: Fields) -> Teller:
    """What tells neighbouring columns that are read from one value."""
    parts = [one.part for one in columns]
    if key is None:
        return lambda row: ",".join([fields[" ".join(row.trace)]] * len(parts))
    if parts == [""]:
        return lambda row: fields[row.values.get(key, EMPTY).text]
    proofs = parts[1:-1]
    in_order = [part for part in PARTS[:-1] if part in proofs]
    if parts[0] == "" and parts[-1] == PARTS[-1] and proofs == in_order:
        return _with_proof(key, Proofs(fields, proofs), fields, "," * (len(parts) - 1))
    return _with_any_parts(key, parts, fields)


def _with_proof(key: str, proofs: Proofs, fields: Fields, nothing: str) -> Teller:
    """A value, then its evidence in the usual order, then the ids behind it."""

    def tell(row: Row) -> str:
        value = row.values.get(key)
        if value is None:
            return nothing
        cell = value.cell
        if cell is None:
            return fields[value.text] + nothing
        return f"{fields[value.text]},{proofs[proof_in(cell)]}{ids_of(cell)}"

    return tell


def _with_any_parts(key: str, parts: Sequence[str], fields: Fields) -> Teller:
    places = [PARTS.index(part) if part else len(PARTS) for part in parts]

    def tell(row: Row) -> str:
        value = row.values.get(key, EMPTY)
        evidence = NO_EVIDENCE if value.cell is None else texts_of(value.cell)
        told = (*evidence, value.text)
        return ",".join([fields[told[place]] for place in places])

    return tell
