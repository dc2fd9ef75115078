"""Reading PDFs: is it one, its pages' text, the picture of a page, and where its words stand.

Every question goes to a process with limits (`screening.pdfs`); none is answered in this one.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from screening.pdfs import Asked, PageWords, PdfFacts, PdfTrouble, Stated, Word, shared_pool

__all__ = ["PageWords", "PdfFacts", "PdfTrouble", "Stated", "Word"]

MAX_PAGES = 1000
MAX_PIXELS = 12_000_000
SCALES = (0.25, 1.0, 1.5, 2.0, 3.0)
PAGE_SECONDS = 10.0
CHUNK = 50  # pages whose text is asked for at once
CHUNK_SECONDS = 30.0
MAX_BROKEN = 5  # pages that may break the program before the file is refused
TOO_BROKEN = (
    "Too many pages of this PDF cannot be read in time. Print it to a new PDF and upload that one."
)

Content = bytes | Callable[[], bytes]


def read_pdf(content: bytes) -> PdfFacts:
    """Check a file by its content and read the text of its pages.

    Args:
        content: The whole file.

    Returns:
        The number of pages and the text of each, empty for a scan or an unreadable page.

    Raises:
        PdfTrouble: The file is no PDF, is protected, damaged, empty, too long, or made so that
            its pages cannot be read in time; the message is for the person who uploaded it.
    """
    key = key_of(content)
    count = _ask(Asked("count", key, seconds=CHUNK_SECONDS), content)["count"]
    if count == 0:
        raise PdfTrouble("This PDF has no pages.")
    if count > MAX_PAGES:
        raise PdfTrouble(f"This PDF has {count} pages; {MAX_PAGES} are the most.")
    texts: dict[int, str | None] = {}
    for start in range(1, count + 1, CHUNK):
        texts |= _texts(key, content, range(start, min(start + CHUNK, count + 1)))
    unreadable = tuple(number for number, text in texts.items() if text is None)
    return PdfFacts(count, tuple(text or "" for text in texts.values()), unreadable)


def draw_page(content: Content, number: int, scale: float, *, key: str = "") -> bytes:
    """Draw one page as WebP.

    Args:
        content: The whole file, or what gives it.
        number: The page, from 1.
        scale: Pixels per point; huge pages are drawn smaller.
        key: A name of the content for ever; without it the content itself is looked at.

    Returns:
        The picture.

    Raises:
        PdfTrouble: There is no such page, or it cannot be drawn within the limits.
    """
    facts = {"number": number, "scale": scale, "max_pixels": MAX_PIXELS}
    asked = Asked("picture", key or key_of(_bytes(content)), facts, PAGE_SECONDS)
    return shared_pool().ask(asked, partial(_bytes, content))[1]


def words_of(content: Content, number: int, *, key: str = "") -> PageWords:
    """The words of one page and where they stand.

    Args:
        content: The whole file, or what gives it.
        number: The page, from 1.
        key: A name of the content for ever; without it the content itself is looked at.

    Returns:
        The page's size and words.

    Raises:
        PdfTrouble: There is no such page, or it cannot be read within the limits.
    """
    asked = Asked("words", key or key_of(_bytes(content)), {"number": number}, PAGE_SECONDS)
    found = _ask(asked, content)
    return PageWords(found["width"], found["height"], tuple(Word(**one) for one in found["words"]))


def stated_in(content: bytes) -> Stated:
    """The title and DOIs in the properties of a PDF, where publishers put them.

    Raises:
        PdfTrouble: The file cannot be opened.
    """
    found = _ask(Asked("stated", key_of(content), seconds=PAGE_SECONDS), content)
    return Stated(found["title"], tuple(found["dois"]))


def key_of(content: bytes) -> str:
    """The name under which a worker holds this content."""
    return hashlib.sha256(content).hexdigest()


def _texts(key: str, content: bytes, numbers: Sequence[int]) -> dict[int, str | None]:
    """Texts by page; where a page breaks the worker, each is asked for alone."""
    try:
        return _texts_at_once(key, content, numbers, CHUNK_SECONDS)
    except PdfTrouble:
        return _texts_one_by_one(key, content, numbers)


def _texts_at_once(
    key: str, content: bytes, numbers: Sequence[int], seconds: float
) -> dict[int, str | None]:
    found = _ask(Asked("texts", key, {"numbers": list(numbers)}, seconds), content)
    return dict(zip(numbers, found["texts"], strict=True))


def _texts_one_by_one(key: str, content: bytes, numbers: Sequence[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    broken = 0
    for number in numbers:
        try:
            found |= _texts_at_once(key, content, [number], PAGE_SECONDS)
        except PdfTrouble as trouble:
            found[number] = None
            broken += 1
            if broken > MAX_BROKEN:
                raise PdfTrouble(TOO_BROKEN) from trouble
    return found


def _ask(asked: Asked, content: Content) -> dict[str, Any]:
    return shared_pool().ask(asked, partial(_bytes, content))[0]


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content()
