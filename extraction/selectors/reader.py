"""What the reader shows: one page of one full text of a study, with the marks on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import QuerySet

from extraction.models import ExtractedValue, Extraction, Study
from extraction.reading.finding import find_quote, find_words
from extraction.reading.sentences import sentences
from extraction.reading.sheet import Box, Sheet, sheet_of
from extraction.selectors.desk import readable_texts
from extraction.selectors.likely import likely_places
from extraction.selectors.searching import Finding, find_in_report
from extraction.selectors.standing import QuoteState, Standing, quoted_by, standings
from screening.models import FullText
from screening.selectors.full_texts import page_words
from screening.selectors.pdf import PageWords, PdfTrouble

MAX_QUERY = 200
_ASCENT = 0.78  # share of a letter's box above its baseline


@dataclass(frozen=True, slots=True)
class Area:
    """One rectangle on the page, in points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked passage: what is said of it, where it is, and whether it was asked for."""

    areas: tuple[Area, ...]
    title: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class SheetWord:
    """One word of the transparent layer over the picture, in points of the page.

    Attributes:
        text: As printed.
        quoted: As it stands in a quote, with the blank behind it.
        sentence: Number of its sentence on the page.
        area: Its rectangle.
    """

    text: str
    quoted: str
    sentence: int
    area: Area

    @property
    def baseline(self) -> float:
        """Where the letters stand, so that their boxes cover the printed ones."""
        return round(self.area.y + _ASCENT * self.area.height, 2)


@dataclass(slots=True)
class Reader:
    """The open page, or the reason why there is none."""

    texts: list[FullText]
    full_text: FullText | None = None
    number: int = 1
    size: tuple[float, float] = (0, 0)
    words: list[SheetWord] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    hits: list[Mark] = field(default_factory=list)
    likely: list[Mark] = field(default_factory=list)
    problem: str = ""
    query: str = ""
    findings: list[Finding] = field(default_factory=list)
    hit: Finding | None = None
    mark: int = 0
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def previous(self) -> str:
        """Query of the page before, empty on the first."""
        return self._page(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """Query of the page after, empty on the last."""
        last = self.full_text.page_count if self.full_text else 0
        return self._page(self.number + 1) if self.number < last else ""

    @property
    def previous_hit(self) -> str:
        """Query of the finding before; the last one comes before the first."""
        return self._hit(-1)

    @property
    def next_hit(self) -> str:
        """Query of the finding after; the first one comes after the last."""
        return self._hit(1)

    @property
    def address(self) -> str:
        """Query that leads to what is shown now."""
        if self.hit is not None:
            return self.hit_address(self.hit)
        at = self.asked.get("at")
        shown = (f"&mark={self.mark}" if self.mark else "") + (f"&at={at}" if at else "")
        return self._page(self.number) + shown

    def hit_address(self, finding: Finding) -> str:
        """Query that leads to one finding."""
        return self._page(finding.page, hit=finding.number)

    def _hit(self, step: int) -> str:
        if not self.findings:
            return ""
        at = self.hit.number - 1 if self.hit else -1
        return self.hit_address(self.findings[(at + step) % len(self.findings)])

    def _page(self, number: int, hit: int = 0) -> str:
        query: dict[str, object] = {"page": number}
        if self.full_text is not None:
            query = {"text": self.full_text.pk, **query}
        if self.query:
            query |= {"find": self.query, "hit": hit}
        query |= {name: self.asked[name] for name in ("for", "row") if name in self.asked}
        return urlencode(query)


def open_page(study: Study, query: Mapping[str, str], extraction: Extraction | None) -> Reader:
    """Open the page that the query names.

    `text`, `page`, `mark` (a value), `find` and `hit`, `for`, `row` and `at` (likely places).

    A search goes to its first place on the page or after it, to the place numbered `hit`, or, with
    `hit=0`, nowhere; its places on the page are marked in any case.

    Args:
        study: Whose reports are read; replaced files of them too.
        query: The query of the address; what it does not name is the first.
        extraction: Whose evidence is marked; None for no marks.
    """
    texts = list(readable_texts(study))
    full_text = _named_text(study, texts, query.get("text", ""))
    if full_text is None:
        return Reader(texts, problem="No full text is stored for this study yet.")
    reader = Reader(texts, full_text, _page_number(query.get("page", ""), full_text))
    reader.mark = _number(query.get("mark", ""))
    _search(reader, query)
    try:
        page = page_words(full_text, reader.number)
    except PdfTrouble as trouble:
        reader.problem = str(trouble)
        return reader
    reader.size = (round(page.width, 2), round(page.height, 2))
    sheet = sheet_of(page.words)
    reader.words = _sheet_words(page, sheet)
    reader.hits = _hits(reader, sheet)
    if extraction is not None:
        reader.marks = _marks(extraction, reader)
        reader.likely = _likely(extraction, reader, query, sheet)
    return reader


def texts_of(study: Study) -> QuerySet[FullText]:
    """All full texts of a study's reports, replaced ones too, since evidence may quote them."""
    return FullText.objects.filter(
        report__study_report__study=study, withdrawn_at__isnull=True
    ).select_related("report__record")


def named_text(study: Study, named: str) -> FullText | None:
    """The full text of a study that an address names, else the first current one."""
    return _named_text(study, list(readable_texts(study)), named)


def _named_text(study: Study, texts: Sequence[FullText], named: str) -> FullText | None:
    current = next((one for one in texts if str(one.pk) == named), None)
    if current is None and named.isdigit():
        current = texts_of(study).filter(pk=named).first()
    return current or (texts[0] if texts else None)


def _search(reader: Reader, query: Mapping[str, str]) -> None:
    reader.query = " ".join(query.get("find", "").split())[:MAX_QUERY]
    if not reader.query or reader.full_text is None:
        return
    reader.findings = find_in_report(reader.full_text, reader.query)
    if query.get("hit") == "0" or not reader.findings:
        return
    wanted = _number(query.get("hit", ""))
    ahead = (one for one in reader.findings if one.page >= reader.number)
    if 1 <= wanted <= len(reader.findings):
        reader.hit = reader.findings[wanted - 1]
    else:
        reader.hit = next(ahead, reader.findings[0])
    reader.number = reader.hit.page


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _page_number(text: str, full_text: FullText) -> int:
    return min(max(_number(text), 1), max(full_text.page_count, 1))


def _sheet_words(page: PageWords, sheet: Sheet) -> list[SheetWord]:
    sentence_of = {
        word: number
        for number, bounds in enumerate(sentences(sheet.text))
        for word in sheet.between(*bounds)
    }
    hyphened = {word.text.casefold() for word in page.words if "-" in word.text}
    words = []
    for number, word in enumerate(page.words):
        quoted = f"{word.text} "
        if word.is_cut:
            follows = page.words[number + 1].text if number + 1 < len(page.words) else ""
            is_hyphened = (word.text + follows).casefold().rstrip(".,;:") in hyphened
            quoted = word.text if is_hyphened else word.text[:-1]
        box = (word.left, word.top, word.right, word.bottom)
        area = _area(box, (page.width, page.height))
        words.append(SheetWord(word.text, quoted, sentence_of.get(number, -1), area))
    return words


def _hits(reader: Reader, sheet: Sheet) -> list[Mark]:
    if not reader.query:
        return []
    here = reader.hit.nth if reader.hit else -1
    return [
        Mark(_areas(sheet.boxes(sheet.between(*bounds)), reader.size), reader.query, nth == here)
        for nth, bounds in enumerate(find_words(reader.query, sheet.text))
    ]


def _marks(extraction: Extraction, reader: Reader) -> list[Mark]:
    """Evidence on this page: read here, or found again here after the file was replaced."""
    values = list(extraction.values.current().select_related("full_text").exclude(page=None))
    moved = {
        value: quoted_by(value, extraction.study_id)
        for value in values
        if value.full_text is None or value.full_text.replaced_at is not None
    }
    found = standings(moved.values())
    marks = []
    for value in values:
        at = found[moved[value]] if value in moved else None
        if at is None or at.state is not QuoteState.MOVED or value.full_text == reader.full_text:
            at = Standing(QuoteState.HERE, value.full_text_id, value.page)
        if reader.full_text and (at.full_text_id, at.page) == (reader.full_text.pk, reader.number):
            marks.append(_mark(value, at.rectangles or value.rectangles, reader))
    return [mark for mark in marks if mark.areas]


def _likely(
    extraction: Extraction, reader: Reader, query: Mapping[str, str], sheet: Sheet
) -> list[Mark]:
    """Likely sentences on this page for the field that the query names with `for` and `row`."""
    if reader.full_text is None or not query.get("for"):
        return []
    row_id = _number(query.get("row", "")) or None
    reader.asked = {"for": query["for"], "row": str(row_id or ""), "at": query.get("at", "")}
    search = likely_places(extraction, reader.full_text, query["for"], row_id)
    marks = []
    for place in search.found if search else ():
        one = place.candidate
        found = find_quote(one.quote, {one.page: sheet.text}, one.page)
        if one.page != reader.number or found is None:
            continue
        areas = _areas(sheet.boxes(sheet.between(found.start, found.end)), reader.size)
        title = f"Likely place {place.number}: {', '.join(one.reasons)}"
        marks.append(Mark(areas, title, place.number == _number(query.get("at", ""))))
    return marks


def _mark(value: ExtractedValue, boxes: Iterable[Sequence[float]], reader: Reader) -> Mark:
    areas = _areas(((one[0], one[1], one[2], one[3]) for one in boxes), reader.size)
    return Mark(areas, f"{value.field}: {value.quote}"[:160], value.pk == reader.mark)


def _areas(boxes: Iterable[Box], size: tuple[float, float]) -> tuple[Area, ...]:
    return tuple(_area(box, size) for box in boxes)


def _area(box: Box, size: tuple[float, float]) -> Area:
    left, top, right, bottom = box
    return Area(
        x=round(left * size[0], 2),
        y=round(top * size[1], 2),
        width=round((right - left) * size[0], 2),
        height=round((bottom - top) * size[1], 2),
    )
