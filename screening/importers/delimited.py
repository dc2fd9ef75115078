"""CSV and TSV with any headers: dialect by trial, rows streamed, an open quote swallows nothing."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from screening.importers.draft import Draft
from screening.importers.files import MAX_LINE, Head, SourceFile
from screening.importers.headers import guess_mapping, looks_like_header
from screening.importers.links import looks_like_url
from screening.importers.names import split_names
from screening.importers.parsed import ImportRefusedError, Item, Problem, Severity
from screening.importers.reader import ReadOptions

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 40
_MAX_PREAMBLE = 12
_MAX_ROW = MAX_LINE
_TABLE = 2  # so many columns make a table
csv.field_size_limit(_MAX_ROW)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a delimited file is laid out."""

    delimiter: str
    headers: tuple[str, ...]
    header_row: int  # how many rows stand before it
    mapping: dict[str, str]
    sample: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Feed:
    """Lines with push-back; remembers which lines the csv reader took for the present row."""

    lines: Iterator[tuple[int, str]]
    taken: list[tuple[int, str]] = field(default_factory=list)
    back: deque[tuple[int, str]] = field(default_factory=deque)
    size: int = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        number, line = self.back.popleft() if self.back else next(self.lines)
        self.taken.append((number, line))
        self.size += len(line)
        if self.size > _MAX_ROW:
            raise csv.Error("the row is too long")
        return line

    def start_row(self) -> None:
        self.taken = []
        self.size = 0

    def give_back(self) -> None:
        """Put all lines of the row but the first back."""
        self.back.extendleft(reversed(self.taken[1:]))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its first line's number, its cells, its own stretch of the file."""

    number: int
    cells: list[str]
    raw: str


def read_rows(
    lines: Iterable[tuple[int, str]], delimiter: str, *, width: int = 0
) -> Iterator[Row | Problem]:
    """Cut lines into rows.

    Args:
        lines: (number from 1, line with its line end).
        delimiter: One letter.
        width: Cells a row should have; lets an open quote be found before it swallows rows.

    Yields:
        Rows, and a `rejected` problem for each line whose quotation mark is never closed.

    Source: RFC 4180, read generously.
    """
    feed = _Feed(iter(lines))
    while True:
        feed.start_row()
        reader = csv.reader(feed, delimiter=delimiter)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _rejected(feed, f"The row cannot be read ({error}).")
            feed.give_back()
            continue
        if len(feed.taken) > 1 and _has_swallowed(feed.taken, cells, delimiter, width):
            yield _rejected(feed, "A quotation mark is opened and never closed.")
            feed.give_back()
            continue
        if _has_merged(feed.taken, cells, delimiter, width):
            yield _rejected(feed, "A quotation mark is missing, so that cells run together.")
            continue
        raw = "".join(line for _, line in feed.taken)
        yield Row(feed.taken[0][0], cells, raw)


def _has_swallowed(
    taken: list[tuple[int, str]], cells: list[str], delimiter: str, width: int
) -> bool:
    if sum(line.count('"') for _, line in taken) % 2:
        return True
    if width < _TABLE:
        return False
    later = [line for _, line in taken[1:]]
    if len(cells) != width and any(
        len(next(csv.reader([one], delimiter=delimiter), [])) == width for one in later
    ):
        return True
    # Two rows with an open quote each: together their quotation marks are even.
    is_row = any(line.count(delimiter) >= width - 1 for line in later)
    return is_row and not _is_strict([line for _, line in taken], delimiter)


def _has_merged(taken: list[tuple[int, str]], cells: list[str], delimiter: str, width: int) -> bool:
    """Whether an open quotation mark was closed by that of a later cell of the same line."""
    return len(taken) == 1 and len(cells) < width and not _is_strict([taken[0][1]], delimiter)


def _is_strict(lines: Sequence[str], delimiter: str) -> bool:
    """Whether each closing quotation mark is followed by the end of its cell."""
    try:
        return len(list(csv.reader(lines, delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _rejected(feed: _Feed, message: str) -> Problem:
    number, line = feed.taken[0]
    return Problem(number, message, line.rstrip("\r\n")[:10_000], Severity.REJECTED)


def sniff_layout(head: Head, options: ReadOptions) -> Layout:
    """Find delimiter, header row and mapping of a delimited file.

    Args:
        head: The beginning of the file.
        options: What a person chose; wins over every guess.

    Returns:
        The layout, with up to 40 rows of sample.

    Source: own definition: the delimiter that gives the most columns most evenly.
    """
    first = head.text[:8].lower()
    declared = first[4] if first.startswith("sep=") and first[4:5] else ""
    choice = options.delimiter or declared
    tried = [_sample(head, one) for one in ([choice] if choice else DELIMITERS)]
    rows, delimiter = max(tried, key=lambda pair: _evenness(pair[0]))
    return layout_of_rows(rows, delimiter, options, before=1 if declared else 0)


def layout_of_rows(
    rows: Sequence[Sequence[str]], delimiter: str, options: ReadOptions, *, before: int = 0
) -> Layout:
    """Find header row and mapping among the first rows of any table.

    Args:
        rows: The first rows.
        delimiter: What stands between the cells.
        options: What a person chose.
        before: Rows that cannot be the header.

    Returns:
        The layout.

    Source: own definition: the first row that reads as a header, else the first row.
    """
    known = (i for i, row in enumerate(rows[:_MAX_PREAMBLE]) if looks_like_header(row))
    at = next(known, before)
    headers = _named(rows[at]) if len(rows) > at else ()
    mapping = dict(options.mapping) if options.mapping is not None else guess_mapping(headers)
    sample = tuple(tuple(row) for row in rows[at + 1 :])
    return Layout(delimiter, headers, at, mapping, sample)


def _sample(head: Head, delimiter: str) -> tuple[list[list[str]], str]:
    lines = ((number, f"{line}\n") for number, line in enumerate(head.lines, 1))
    rows: list[list[str]] = []
    for row in read_rows(lines, delimiter):
        if isinstance(row, Row):
            rows.append(row.cells)
        if len(rows) > _SAMPLE_ROWS:
            break
    return rows, delimiter


def _evenness(rows: Sequence[Sequence[str]]) -> float:
    widths = [len(row) for row in rows if row]
    if not widths:
        return 0.0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    if usual < _TABLE:
        return 0.1
    header = next((1.0 for row in rows[:_MAX_PREAMBLE] if looks_like_header(row)), 0.0)
    return header * 10 + widths.count(usual) / len(widths) + min(usual, 50) / 100


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names = []
    for at, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or f"column {at}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


class DelimitedReader:
    """Reads CSV, TSV and their kin; columns are mapped to fields, the others kept as extra."""

    name = "csv"
    label = "CSV / TSV"

    def confidence(self, head: Head) -> float:
        """Likely with a known header row, possible with even rows, never without a delimiter."""
        layout = sniff_layout(head, ReadOptions())
        if len(layout.headers) < _TABLE:
            single = layout.header_row == 0 and "title" in layout.mapping.values()
            return 0.3 if single else 0.0
        if "title" in layout.mapping.values():
            return 0.7
        widths = {len(row) for row in layout.sample if any(row)}
        return 0.4 if len(widths) == 1 and layout.headers else 0.1

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the rows; see `Reader.read`. Refuses a table in which no column holds titles."""
        layout = sniff_layout(source.head, options)
        rows = read_rows(source.lines(), layout.delimiter, width=len(layout.headers))
        yield from records_of(rows, layout, head=source.head.text[:500])


def _no_title(headers: Sequence[str]) -> str:
    names = ", ".join(repr(name) for name in headers[:30])
    return (
        f"No column holds titles. Columns found: {names}. "
        "Say which column is the title, or name it 'title' in the file's first row."
    )


def records_of(rows: Iterable[Row | Problem], layout: Layout, *, head: str) -> Iterator[Item]:
    """Turn the rows of a table into records.

    Args:
        rows: All rows of the file, the header's and those above it too.
        layout: Header row and mapping.
        head: The beginning of the file, shown when it is refused.

    Yields:
        Records and problems.

    Raises:
        ImportRefusedError: No column holds titles.
    """
    if "title" not in layout.mapping.values():
        raise ImportRefusedError(_no_title(layout.headers), raw=head)
    before = layout.header_row
    for row in rows:
        if isinstance(row, Problem):
            yield row
        elif before >= 0:
            if before and any(row.cells) and not row.raw.lower().startswith("sep="):
                yield Problem(row.number, "The line stands above the header row.", row.raw[:1000])
            before -= 1
        elif any(cell.strip() for cell in row.cells):
            yield from record_of(row, layout.headers, layout.mapping)
        elif row.raw.strip():
            yield Problem(row.number, "Empty row: nothing to import.", row.raw[:1000])


def record_of(row: Row, headers: Sequence[str], mapping: Mapping[str, str]) -> Iterator[Item]:
    """Turn one row into a record, with its problems before it.

    Args:
        row: The row.
        headers: The names of the columns.
        mapping: header -> field.

    Yields:
        Problems, then the record.

    Source: own definition.
    """
    draft = Draft(row.number, raw=row.raw)
    for at, cell in enumerate(row.cells):
        header = headers[at] if at < len(headers) else f"column {at + 1}"
        _take(draft, header, mapping.get(header, ""), cell.strip())
    has_more = any(cell.strip() for cell in row.cells[len(headers) :])
    if len(row.cells) < len(headers) or has_more:
        draft.warn(f"The row has {len(row.cells)} cells, the header {len(headers)}.", row.raw)
    yield from draft.items()


def _take(draft: Draft, header: str, name: str, cell: str) -> None:
    if name == "authors":
        draft.authors.extend(split_names(cell))
    elif name == "keywords":
        draft.keywords.extend(split_keywords(cell))
    elif name.startswith("url"):
        for url in cell.split("; ") if "; " in cell else [cell]:
            if looks_like_url(url):
                draft.link(url, label=name[4:], column=name)
            else:
                draft.keep(header, url)
    elif name:
        draft.add(name, cell, tag=header)
    else:
        draft.keep(header, cell)


def split_keywords(cell: str) -> list[str]:
    """Split a cell of keywords at semicolons, bars or (failing these) commas.

    Args:
        cell: As written; a Python list is understood.

    Returns:
        The keywords in order.

    Source: own definition.
    """
    text = cell.strip()
    if text.startswith("[") and text.endswith("]"):
        return list(split_names(text))
    mark = next((mark for mark in (";", "|", ",") if mark in text), "\n")
    return [word.strip() for word in text.split(mark) if word.strip()]
