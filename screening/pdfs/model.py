"""What is found in a PDF, as plain data."""

from dataclasses import dataclass


class PdfTrouble(ValueError):  # noqa: N818 named for what the person reads
    """A PDF, or a page of it, cannot be read; the message is for the person."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What was found in a file that is a PDF; an unreadable page has an empty text."""

    page_count: int
    texts: tuple[str, ...]
    unreadable: tuple[int, ...] = ()


@dataclass(slots=True)
class Word:
    """One word and its rectangle, in shares (0 to 1) of the page from its top left corner.

    A word cut at the end of a line ends with its hyphen and says so.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class PageWords:
    """Size of a page in points and its words in the order of the file; none for a scan."""

    width: float
    height: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a PDF says of itself: its title and the DOIs among its properties."""

    title: str
    dois: tuple[str, ...]
