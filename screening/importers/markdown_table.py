"""Tables of awesome lists: one record per row; headings give year and section."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.headers import guess_mapping, squeeze
from screening.importers.inline import Cell, read_cell
from screening.importers.names import split_names
from screening.importers.parsed import ImportRefusedError, Item
from screening.importers.reader import ReadOptions

_RULE = re.compile(r"^\s*+(?:\|\s*+)?:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+(?:\|\s*+)?$")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_MARK = re.compile(r"\\\||[|`]")  # an escaped bar, a bar, a tick of code
_YEAR_HEADING = re.compile(r"^\W*(?:year\W*)?((?:19|20)\d\d)\W*$", re.I)
_SHORT_YEAR = re.compile(r"['’](\d\d)\b")
_NOTHING = frozenset({"", "n/a", "na", "-", "–", "—", "none", "/", "tbd", "x", "✗"})
_TITLE_WORDS = ("title", "paper title", "paper name", "paper", "article", "publication", "name")
_LONGEST_RULE = 5_000  # letters of a line that can be a heading, a header or a rule
_SHORT = 20  # a title is longer
_MODALITY = re.compile(r"^(?:imaging )?modalit(?:y|ies)$")
_CATEGORY = re.compile(r"^(?:categor(?:y|ies)|strategy|type|method type|pretext task)$")


@dataclass(slots=True)
class _Place:
    """Where in the file the reader is: headings above, the table it is in."""

    year: str = ""
    section: str = ""
    headers: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    is_fenced: bool = False
    levels: tuple[int, int] = (0, 0)  # of the year's and of the section's heading

    def heading(self, level: int, text: str) -> None:
        """Take a heading: it ends what stands at its level or deeper."""
        of_year, of_section = self.levels
        if level <= of_year:
            self.year, of_year = "", 0
        if level <= of_section:
            self.section, of_section = "", 0
        match = _YEAR_HEADING.match(text)
        if match:
            self.year, of_year = match.group(1), level
        else:
            self.section, of_section = read_cell(text).text, level
        self.levels = (of_year, of_section)


class MarkdownTableReader:
    """Reads every Markdown table that has a title column."""

    name = "markdown_table"
    label = "Markdown tables"

    def confidence(self, head: Head) -> float:
        """Nearly certain when a header row stands above a rule of dashes and bars."""
        lines = head.lines
        pairs = pairwise(lines)
        return 0.9 if any(_opens_table(above, rule) for above, rule in pairs) else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the rows of all tables; see `Reader.read`."""
        is_categorised = len(_sections(source)) > 1
        found_table = False
        for number, raw, place in _table_lines(source):
            if not place.mapping:
                place.mapping = _mapping(place.headers, options)
            if "title" in place.mapping.values():
                found_table = True
                yield from _record(number, raw, place, is_categorised=is_categorised)
        if not found_table:
            message = "No table with a title column. Name the column of titles 'Title' or 'Paper'."
            raise ImportRefusedError(message, raw=source.head.text[:500])


def _opens_table(above: str, rule: str) -> bool:
    is_short = len(rule) <= _LONGEST_RULE and len(above) <= _LONGEST_RULE
    is_barred = is_short and "|" in above and "|" in rule
    return is_barred and bool(_RULE.match(rule)) and bool(above.strip(" |"))


def _table_lines(source: SourceFile) -> Iterator[tuple[int, str, _Place]]:
    place = _Place()
    above = ""
    for number, line in source.lines():
        text = line.rstrip("\r\n")
        if _FENCE.match(text):
            place.is_fenced = not place.is_fenced
        is_text = place.is_fenced or len(text) > _LONGEST_RULE
        heading = None if is_text else _HEADING.match(text)
        if heading:
            place.heading(len(heading.group(1)), heading.group(2))
        if place.is_fenced or "|" not in text:
            place.headers, place.mapping = [], {}
        elif _opens_table(above, text):
            place.headers = [read_cell(cell).text for cell in split_row(above)]
            place.mapping = {}
        elif place.headers:
            yield number, text, place
        above = text


def _sections(source: SourceFile) -> set[str]:
    sections = {place.section for _, _, place in _table_lines(source) if place.section}
    source.pending.clear()
    return sections


def split_row(line: str) -> list[str]:
    """Split a table row at its bars; an escaped bar and bars in code are letters.

    Args:
        line: The row without its line end.

    Returns:
        The cells, trimmed, without the empty ends that outer bars make.

    Source: GitHub Flavored Markdown 0.29, section 4.10.
    """
    cells: list[str] = []
    pieces: list[str] = []
    is_code, at, last_tick = False, 0, line.rfind("`")
    for mark in _MARK.finditer(line):
        pieces.append(line[at : mark.start()])
        at = mark.end()
        if mark.group() == "|" and not is_code:
            cells.append("".join(pieces).strip())
            pieces = []
            continue
        if mark.group() == "`":
            is_code = not is_code and mark.start() < last_tick
        pieces.append("|" if mark.group() == r"\|" else mark.group())
    cells.append("".join([*pieces, line[at:]]).strip())
    if line.lstrip().startswith("|"):
        cells = cells[1:]
    return cells[:-1] if line.rstrip().endswith("|") and cells and not cells[-1] else cells


def _mapping(headers: Sequence[str], options: ReadOptions) -> dict[str, str]:
    if options.mapping is not None:
        return dict(options.mapping)
    squeezed = {squeeze(header): header for header in reversed(headers)}
    mapping = {h: f for h, f in guess_mapping(headers).items() if not f.startswith("url")}
    if "title" not in mapping.values():
        title = next((squeezed[word] for word in _TITLE_WORDS if word in squeezed), "")
        if title:
            mapping[title] = "title"
    return mapping


def _aligned(cells: list[Cell], headers: Sequence[str]) -> tuple[list[Cell], str]:
    """Give a row that lacks one cell back its columns: the place where the others fit best."""
    if len(cells) != len(headers) - 1:
        return cells, ""
    usual = [[*cells[:at], Cell("", ()), *cells[at:]] for at in range(len(headers) - 1, -1, -1)]
    best = max(usual, key=lambda row: _fit(row, headers))
    at = next(at for at, cell in enumerate(best) if not cell.text and not cell.links)
    return best, headers[at]


def _fit(row: Sequence[Cell], headers: Sequence[str]) -> int:
    fit = 0
    for cell, header in zip(row, headers, strict=True):
        words = squeeze(header)
        if cell.text.lower() in _NOTHING and not cell.links:
            continue
        wants_link = bool(re.search(r"\b(?:paper|code|link|url|pdf|github)\b", words))
        is_title = words in _TITLE_WORDS[:3]
        if words in {"date", "year"}:
            fit += 1 if re.search(r"(?:19|20)\d\d", cell.text) else -1
        elif not is_title:
            fit += 1 if wants_link == bool(cell.links) else -1
        else:
            fit += 1 if len(cell.text) > _SHORT else -1
    return fit


def _record(number: int, raw: str, place: _Place, *, is_categorised: bool) -> Iterator[Item]:
    draft = Draft(number, raw=raw)
    read = [read_cell(cell) for cell in split_row(raw)]
    if not any(cell.text or cell.links for cell in read):
        draft.warn("Empty row: nothing to import.", raw)
        yield from draft.problems
        return
    cells, missing = _aligned(read, place.headers)
    if len(read) != len(place.headers):
        taken = f" The missing cell was taken to be {missing!r}." if missing else ""
        count = f"The row has {len(read)} cells, the header {len(place.headers)}."
        draft.warn(count + taken, raw)
    for at, cell in enumerate(cells):
        header = place.headers[at] if at < len(place.headers) else f"column {at + 1}"
        _take(draft, header, place.mapping.get(header, ""), cell)
    _from_headings(draft, place, is_categorised=is_categorised)
    yield from draft.items()


def _take(draft: Draft, header: str, name: str, cell: Cell) -> None:
    for url, label in cell.links:
        draft.link(url, label="" if name == "title" else label, column=header)
        if name != "title" and label:
            _from_label(draft, label, squeeze(header))
    if cell.text.lower() in _NOTHING:
        return
    words = squeeze(header)
    if name == "authors":
        draft.authors.extend(split_names(cell.text))
    elif name == "keywords":
        draft.keywords.append(cell.text)
    elif name and not _CATEGORY.match(words):
        draft.add(name, cell.text, tag=header)
    elif _MODALITY.match(words):
        draft.keep("modality", cell.text)
    elif _CATEGORY.match(words):
        draft.keep("category", cell.text)
    elif not cell.links or cell.words_beside_links:
        draft.keep(header, cell.text)


def _from_label(draft: Draft, label: str, column: str) -> None:
    """Read year and venue off the label of a paper link, as in `[ICCV'23](...)`."""
    if "code" in column:
        return
    short = _SHORT_YEAR.search(label)
    full = re.search(r"(?:19|20)\d\d", label)
    if short or full:
        year = full.group() if full else f"20{short.group(1)}" if short else ""
        draft.add("year", year, tag="year", rank=8)
        draft.add("venue", label, tag="venue", rank=8)


def _from_headings(draft: Draft, place: _Place, *, is_categorised: bool) -> None:
    if place.year:
        draft.add("year", place.year, tag="year", rank=9)
    if place.section:
        draft.keep("section", place.section)
        if is_categorised and "category" not in draft.extra:
            draft.keep("category", place.section)
