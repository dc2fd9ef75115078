"""What the reader shows: one page of one full text of a study, with the marks on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from extraction.models import ExtractedValue, Extraction, Study
from extraction.selectors.desk import readable_texts
from screening.models import FullText
from screening.selectors.full_texts import page_words
from screening.selectors.pdf import PageWords

MAX_FINDINGS = 50
_AROUND = 60
_ASCENT = 0.78  # share of a letter's box above its baseline


@dataclass(frozen=True, slots=True)
class Mark:
    """One rectangle of evidence in points of the page."""

    x: float
    y: float
    width: float
    height: float
    value: ExtractedValue
    is_here: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A page on which the searched words stand, with the words around them."""

    page: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class SheetWord:
    """One word of the transparent layer over the picture, in points of the page."""

    text: str
    x: float
    y: float
    width: float
    height: float

    @property
    def baseline(self) -> float:
        """Where the letters stand, so that their boxes cover the printed ones."""
        return round(self.y + _ASCENT * self.height, 2)


@dataclass(slots=True)
class Reader:
    """The open page, or the reason why there is none."""

    texts: list[FullText]
    full_text: FullText | None = None
    number: int = 1
    size: tuple[float, float] = (0, 0)
    words: list[SheetWord] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    problem: str = ""
    query: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def previous(self) -> int | None:
        """Number of the page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """Number of the page after, None on the last."""
        last = self.full_text.page_count if self.full_text else 0
        return self.number + 1 if self.number < last else None


def open_page(study: Study, query: Mapping[str, str], extraction: Extraction | None) -> Reader:
    """Open the page that the query names: `text`, `page`, `mark`, `find`.

    Args:
        study: Whose reports are read.
        query: The query of the address; what it does not name is the first.
        extraction: Whose evidence is marked; None for no marks.
    """
    texts = list(readable_texts(study))
    if not texts:
        return Reader([], problem="No full text is stored for this study yet.")
    named = query.get("text", "")
    full_text = next((one for one in texts if str(one.pk) == named), texts[0])
    mark = query.get("mark", "")
    reader = Reader(texts, full_text, _page_number(query.get("page", ""), full_text))
    reader.query = query.get("find", "").strip()[:200]
    if reader.query:
        reader.findings = find_words(full_text, reader.query)
    try:
        page = page_words(full_text, reader.number)
    except ValueError as error:
        reader.problem = str(error)
        return reader
    reader.size = (round(page.width, 2), round(page.height, 2))
    reader.words = _sheet_words(page)
    if extraction is not None:
        reader.marks = _marks(extraction, reader, int(mark) if mark.isdigit() else 0)
    return reader


def find_words(full_text: FullText, words: str) -> list[Finding]:
    """Where words stand in a full text, at most once a page and `MAX_FINDINGS` in all."""
    found = []
    folded = " ".join(words.casefold().split())
    for page in full_text.pages.order_by("number"):
        text = " ".join(page.text.split())
        at = text.casefold().find(folded)
        if at >= 0:
            end = at + len(folded)
            before = text[max(0, at - _AROUND) : at]
            found.append(Finding(page.number, before, text[at:end], text[end : end + _AROUND]))
        if len(found) >= MAX_FINDINGS:
            break
    return found


def _page_number(text: str, full_text: FullText) -> int:
    number = int(text) if text.isdigit() else 1
    return min(max(number, 1), max(full_text.page_count, 1))


def _sheet_words(page: PageWords) -> list[SheetWord]:
    return [
        SheetWord(
            word.text,
            x=round(word.left * page.width, 2),
            y=round(word.top * page.height, 2),
            width=round((word.right - word.left) * page.width, 2),
            height=round((word.bottom - word.top) * page.height, 2),
        )
        for word in page.words
    ]


def _marks(extraction: Extraction, reader: Reader, here: int) -> list[Mark]:
    width, height = reader.size
    values = extraction.values.current().filter(full_text=reader.full_text, page=reader.number)
    return [
        Mark(
            x=round(left * width, 2),
            y=round(top * height, 2),
            width=round((right - left) * width, 2),
            height=round((bottom - top) * height, 2),
            value=value,
            is_here=value.pk == here,
        )
        for value in values
        for left, top, right, bottom in value.rectangles
    ]
