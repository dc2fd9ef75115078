"""Pages of a stored full text: the picture, and the words with their places."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pypdfium2 import raw as pdfium_c

from screening.models import FullText

WIDTH = 1400  # pixels of the picture; sharp on a 760 px sheet at twice the density
MAX_PIXELS = 12_000_000
MAX_CHARACTERS = 40_000
_QUALITY = 82
_SAME_LINE = 0.5  # share of the height by which the middle of a character may be off
_ASCENT = 0.78  # share of a letter's box above its baseline
_LOCK = threading.Lock()  # PDFium knows no threads


@dataclass(slots=True)
class Word:
    """One word and its box in points, from the page's top left corner."""

    text: str
    x: float
    y: float
    width: float
    height: float

    @property
    def baseline(self) -> float:
        """Where the letters stand, so that their boxes cover the printed ones."""
        return round(self.y + _ASCENT * self.height, 2)

    def rounded(self) -> "Word":
        """The word with two digits, which is finer than a pixel."""
        sides = (self.x, self.y, self.width, self.height)
        return Word(self.text, *(round(side, 2) for side in sides))


@dataclass(frozen=True, slots=True)
class PageText:
    """Size of a page in points and the words on it, in reading order of the file."""

    width: float
    height: float
    words: tuple[Word, ...]


def page_image(full_text: FullText, number: int) -> bytes:
    """The picture of one page as WebP, drawn once and kept.

    Raises:
        ValidationError: There is no such page, or the file cannot be drawn.
    """
    name = f"page-images/{full_text.sha256}/{number}-{WIDTH}.webp"
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            return bytes(kept.read())
    with _page(full_text, number) as page:
        width, height = page.get_size()
        scale = min(WIDTH / width, (MAX_PIXELS / (width * height)) ** 0.5)
        picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=0)
    default_storage.save(name, ContentFile(out.getvalue()))
    return out.getvalue()


def page_text(full_text: FullText, number: int) -> PageText:
    """The words of one page with their boxes; without words for a scan.

    Raises:
        ValidationError: There is no such page, or the file cannot be read.
    """
    with _page(full_text, number) as page:
        width, height = page.get_size()
        text = page.get_textpage()
        try:
            words = tuple(word.rounded() for word in _words(text, height))
        finally:
            text.close()
    return PageText(round(width, 2), round(height, 2), words)


@contextmanager
def _page(full_text: FullText, number: int) -> Iterator[pdfium.PdfPage]:
    if not 1 <= number <= full_text.page_count:
        raise ValidationError(f"This full text has {full_text.page_count} pages.")
    with full_text.file.open("rb") as file:
        content = file.read()
    with _LOCK:
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as error:
            raise ValidationError("This PDF cannot be read. Upload it again.") from error
        try:
            yield document[number - 1]
        except (pdfium.PdfiumError, IndexError, ZeroDivisionError) as error:
            raise ValidationError(f"Page {number} of this PDF cannot be drawn.") from error
        finally:
            document.close()


def _words(text: pdfium.PdfTextPage, height: float) -> Iterator[Word]:
    word: Word | None = None
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        character = chr(pdfium_c.FPDFText_GetUnicode(text, index) or 32)
        if character.isspace() or not character.isprintable():
            if word:
                yield word
            word = None
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        box = Word(character, left, height - top, right - left, top - bottom)
        if word and not _joins(word, box):
            yield word
            word = None
        word = _joined(word, box) if word else box
    if word:
        yield word


def _joins(word: Word, box: Word) -> bool:
    middle, of_box = word.y + word.height / 2, box.y + box.height / 2
    is_same_line = abs(middle - of_box) <= _SAME_LINE * max(word.height, box.height)
    gap = box.x - (word.x + word.width)
    return is_same_line and -box.height <= gap <= box.height


def _joined(word: Word, box: Word) -> Word:
    top = min(word.y, box.y)
    bottom = max(word.y + word.height, box.y + box.height)
    right = max(word.x + word.width, box.x + box.width)
    return Word(word.text + box.text, word.x, top, right - word.x, bottom - top)
