"""PDFium: opening a file, the text, picture and words of its pages. Runs in the worker only."""

import ctypes
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from pypdfium2 import raw

from screening.pdfs.model import PageWords, PdfTrouble, Stated, Word

MAX_CHARACTERS = 40_000
MAX_TEXT = 200_000  # characters of one page that are kept
QUALITY = 82
GRID = 10_000_000  # steps of the grid on which a page is measured
HEAD = 1024  # the mark of a PDF stands within its first bytes
SAME_LINE = 0.5  # share of the height by which the middle of a character may be off
MAX_STATED = 10
CUT = "\x02"  # PDFium's mark of a hyphen at the end of a line

_STATED_DOI = re.compile(rb"<(?:prism|pdfx|crossmark):doi>([^<]{1,300})<", re.I)


def open_pdf(content: bytes) -> pdfium.PdfDocument:
    """Open a file.

    Raises:
        PdfTrouble: It is no PDF, protected, or damaged.
    """
    if b"%PDF-" not in content[:HEAD]:
        raise PdfTrouble("This file is no PDF. Choose the report's PDF file.")
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        is_locked = b"/Encrypt" in content  # PDFium's own word may be of an earlier file
        raise PdfTrouble(
            "This PDF is protected by a password. Save it without one and upload it again."
            if is_locked
            else "This PDF is damaged and cannot be opened. Download it again."
        ) from error


def page_text(document: pdfium.PdfDocument, number: int) -> str:
    """The text of one page, numbered from 1; empty for a scan.

    Raises:
        PdfTrouble: The page cannot be read.
    """
    with _page(document, number) as page, _text_of(page) as text:
        count = min(text.count_chars(), MAX_TEXT)
        found: str = text.get_text_range(0, count) if count > 0 else ""
    return found.replace("\x00", "").replace("\r\n", "\n")


def page_picture(document: pdfium.PdfDocument, number: int, scale: float, max_pixels: int) -> bytes:
    """Draw one page as WebP.

    Args:
        document: An open file.
        number: The page, from 1.
        scale: Pixels per point; a page of more than `max_pixels` is drawn smaller.
        max_pixels: Bound of width times height.

    Raises:
        PdfTrouble: There is no such page, or it cannot be drawn.
    """
    with _page(document, number) as page:
        width, height = page.get_size()
        fitting = (max_pixels / max(width * height, 1)) ** 0.5
        picture = page.render(scale=min(scale, fitting)).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=0)
    return out.getvalue()


def page_words(document: pdfium.PdfDocument, number: int) -> PageWords:
    """The words of one page and where they stand.

    Raises:
        PdfTrouble: There is no such page, or it cannot be read.
    """
    with _page(document, number) as page:
        width, height = page.get_size()
        with _text_of(page) as text:
            return PageWords(width, height, tuple(_words(page, text)))


def stated(document: pdfium.PdfDocument, content: bytes) -> Stated:
    """The title and DOIs in the properties of a PDF, where publishers put them."""
    properties: dict[str, str] = document.get_metadata_dict(skip_empty=True)
    title = properties.pop("Title", "")
    packets = (found[1].decode("utf-8", "replace") for found in _STATED_DOI.finditer(content))
    texts = (*packets, *properties.values(), title)
    words = [word for text in texts for word in text.replace("\x00", "").split() if "10." in word]
    return Stated(title.replace("\x00", ""), tuple(words[:MAX_STATED]))


@contextmanager
def _page(document: pdfium.PdfDocument, number: int) -> Iterator[pdfium.PdfPage]:
    if not 1 <= number <= len(document):
        raise PdfTrouble(f"This PDF has {len(document)} pages; there is no page {number}.")
    try:
        page = document[number - 1]
        try:
            yield page
        finally:
            page.close()
    except pdfium.PdfiumError as error:
        raise PdfTrouble(f"Page {number} of this PDF is damaged and cannot be shown.") from error


@contextmanager
def _text_of(page: pdfium.PdfPage) -> Iterator[pdfium.PdfTextPage]:
    text = page.get_textpage()
    try:
        yield text
    finally:
        text.close()


def _words(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Iterator[Word]:
    word: Word | None = None
    grid = _Grid(page)
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        character = chr(raw.FPDFText_GetUnicode(text, index) or 32)
        is_cut = character == CUT
        if not is_cut and (character.isspace() or not character.isprintable()):
            if word:
                yield word
            word = None
            continue
        box = grid.box("-" if is_cut else character, text.get_charbox(index, loose=True))
        if word and not _joins(word, box):
            yield word
            word = None
        word = _joined(word, box) if word else box
        if is_cut:
            word.is_cut = True
            yield word
            word = None
    if word:
        yield word


class _Grid:
    """Where points of a page's own plane are drawn: its crop and rotation, as shares of it."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        """Measure three corners; the rest follows, since the map is affine."""
        width, height = page.get_size()
        self._origin = _drawn_at(page, 0, 0)
        across, up = _drawn_at(page, width, 0), _drawn_at(page, 0, height)
        self._by_x = [(across[n] - self._origin[n]) / width for n in (0, 1)]
        self._by_y = [(up[n] - self._origin[n]) / height for n in (0, 1)]

    def box(self, character: str, corners: tuple[float, float, float, float]) -> Word:
        """The rectangle of a character as it is drawn."""
        left, bottom, right, top = corners
        one, two = self._at(left, top), self._at(right, bottom)
        across, down = sorted((one[0], two[0])), sorted((one[1], two[1]))
        return Word(character, across[0], down[0], across[1], down[1])

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._origin[0] + x * self._by_x[0] + y * self._by_y[0],
            self._origin[1] + x * self._by_x[1] + y * self._by_y[1],
        )


def _drawn_at(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
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
