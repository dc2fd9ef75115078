"""Reading PDFs: is it one, its pages' text, the picture of a page, and where its words stand.

PDFium knows no threads, so that every use of it in this process goes through one lock.
"""

import ctypes
import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_PAGES = 1000
MAX_PIXELS = 12_000_000
MAX_CHARACTERS = 40_000
SCALES = (1.0, 1.5, 2.0, 3.0)
QUALITY = 82
GRID = 100_000  # steps of the grid on which a page is measured
HEAD = 1024  # the mark of a PDF stands within its first bytes
SAME_LINE = 0.5  # share of the height by which the middle of a character may be off
MAX_STATED = 10

_STATED_DOI = re.compile(rb"<(?:prism|pdfx|crossmark):doi>([^<]{1,300})<", re.I)
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What was found in a file that is a PDF."""

    page_count: int
    texts: tuple[str, ...]


@dataclass(slots=True)
class Word:
    """One word and its rectangle, in shares (0 to 1) of the page from its top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageWords:
    """Size of a page in points and its words in the order of the file; none for a scan."""

    width: float
    height: float
    words: tuple[Word, ...]


def read_pdf(content: bytes) -> PdfFacts:
    """Check a file by its content and read the text of its pages.

    Args:
        content: The whole file.

    Returns:
        The number of pages and the text of each, empty for a scan.

    Raises:
        ValueError: The file is no PDF, is protected, damaged, empty or too long; the message is
            for the person who uploaded it.
    """
    if b"%PDF-" not in content[:HEAD]:
        raise ValueError("This file is no PDF. Choose the report's PDF file.")
    with _document(content) as document:
        if len(document) == 0:
            raise ValueError("This PDF has no pages.")
        if len(document) > MAX_PAGES:
            raise ValueError(f"This PDF has {len(document)} pages; {MAX_PAGES} are the most.")
        return PdfFacts(len(document), tuple(_text(document, n) for n in range(len(document))))


def draw_page(content: bytes, number: int, scale: float) -> bytes:
    """Draw one page as WebP.

    Args:
        content: The whole file.
        number: The page, from 1.
        scale: Pixels per point; huge pages are drawn smaller.

    Returns:
        The picture.

    Raises:
        ValueError: There is no such page, or it cannot be drawn.
    """
    with _page(content, number) as page:
        width, height = page.get_size()
        fitting = (MAX_PIXELS / max(width * height, 1)) ** 0.5
        picture = page.render(scale=min(scale, fitting)).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=0)
    return out.getvalue()


def words_of(content: bytes, number: int) -> PageWords:
    """The words of one page and where they stand.

    Args:
        content: The whole file.
        number: The page, from 1.

    Returns:
        The page's size and words.

    Raises:
        ValueError: There is no such page, or it cannot be read.
    """
    with _page(content, number) as page:
        width, height = page.get_size()
        text = page.get_textpage()
        try:
            return PageWords(width, height, tuple(_words(page, text)))
        finally:
            text.close()


@dataclass(frozen=True, slots=True)
class Stated:
    """What a PDF says of itself: its title and the DOIs among its properties."""

    title: str
    dois: tuple[str, ...]


def stated_in(content: bytes) -> Stated:
    """The title and DOIs in the properties of a PDF, where publishers put them.

    Raises:
        ValueError: The file cannot be opened.
    """
    with _document(content) as document:
        properties: dict[str, str] = document.get_metadata_dict(skip_empty=True)
    title = properties.pop("Title", "")
    packets = (found[1].decode("utf-8", "replace") for found in _STATED_DOI.finditer(content))
    texts = (*packets, *properties.values(), title)
    words = [word for text in texts for word in text.replace("\x00", "").split() if "10." in word]
    return Stated(title.replace("\x00", ""), tuple(words[:MAX_STATED]))


@contextmanager
def _document(content: bytes) -> Iterator[pdfium.PdfDocument]:
    with _lock:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            is_locked = b"/Encrypt" in content  # PDFium's own word may be of an earlier file
            raise ValueError(
                "This PDF is protected by a password. Save it without one and upload it again."
                if is_locked
                else "This PDF is damaged and cannot be opened. Download it again."
            ) from error
        try:
            yield document
        except pdfium.PdfiumError as error:
            raise ValueError("A page of this PDF cannot be read.") from error
        finally:
            document.close()


@contextmanager
def _page(content: bytes, number: int) -> Iterator[pdfium.PdfPage]:
    with _document(content) as document:
        if not 1 <= number <= len(document):
            raise ValueError(f"This PDF has {len(document)} pages; there is no page {number}.")
        page = document[number - 1]
        try:
            yield page
        finally:
            page.close()


def _text(document: pdfium.PdfDocument, index: int) -> str:
    page = document[index]
    text = page.get_textpage()
    try:
        found: str = text.get_text_range()
    finally:
        text.close()
        page.close()
    return found.replace("\x00", "").replace("\r\n", "\n")


def _words(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Iterator[Word]:
    word: Word | None = None
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        character = chr(raw.FPDFText_GetUnicode(text, index) or 32)
        if character.isspace() or not character.isprintable():
            if word:
                yield word
            word = None
            continue
        box = _box(page, text, index, character)
        if word and not _joins(word, box):
            yield word
            word = None
        word = _joined(word, box) if word else box
    if word:
        yield word


def _box(page: pdfium.PdfPage, text: pdfium.PdfTextPage, index: int, character: str) -> Word:
    """The rectangle of a character as it is drawn, so with crop and rotation of the page."""
    left, bottom, right, top = text.get_charbox(index, loose=True)
    one, two = _on_grid(page, left, top), _on_grid(page, right, bottom)
    across, down = sorted((one[0], two[0])), sorted((one[1], two[1]))
    return Word(character, across[0], down[0], across[1], down[1])


def _on_grid(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, GRID, GRID, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / GRID, down.value / GRID


def _joins(word: Word, box: Word) -> bool:
    height = max(word.bottom - word.top, box.bottom - box.top)
    off = abs((word.top + word.bottom) - (box.top + box.bottom)) / 2
    return off <= SAME_LINE * height and -height <= box.left - word.right <= height


def _joined(word: Word, box: Word) -> Word:
    return Word(
        word.text + box.text,
        min(word.left, box.left),
        min(word.top, box.top),
        max(word.right, box.right),
        max(word.bottom, box.bottom),
    )
