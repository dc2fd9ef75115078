"""The words of a page as one text, and back: a passage's words and their rectangles."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Box = tuple[float, float, float, float]


class Placed(Protocol):
    """A word with its rectangle in shares (0 to 1) of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's words joined to one text; `starts[i]` is where word `i` begins in it."""

    words: Sequence[Placed]
    text: str
    starts: tuple[int, ...]

    def between(self, start: int, end: int) -> range:
        """Numbers of the words that the text from `start` to before `end` touches."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        return range(first, bisect_left(self.starts, end))

    def boxes(self, numbers: range) -> list[Box]:
        """One rectangle for each line that the words fill, in shares of the page."""
        lines: list[Box] = []
        for number in numbers:
            word = self.words[number]
            box = (word.left, word.top, word.right, word.bottom)
            if lines and _is_same_line(lines[-1], box):
                lines[-1] = _around(lines[-1], box)
            else:
                lines.append(box)
        return lines


def sheet_of(words: Sequence[Placed]) -> Sheet:
    """Join a page's words; a word cut at a line's end ends with a soft hyphen and no blank.

    A line end is one where the next word stands lower or in another column.

    Args:
        words: In the order of the file.

    Returns:
        The page's text with its words' places.

    Source:
        Own definition.
    """
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for number, word in enumerate(words):
        starts.append(length)
        shown = word.text[:-1] + "\u00ad" if word.is_cut else word.text + _blank(words, number)
        parts.append(shown)
        length += len(shown)
    return Sheet(words, "".join(parts), tuple(starts))


def _blank(words: Sequence[Placed], number: int) -> str:
    if number + 1 >= len(words):
        return ""
    one, other = words[number], words[number + 1]
    here = (one.left, one.top, one.right, one.bottom)
    return " " if _is_same_line(here, (other.left, other.top, other.right, other.bottom)) else "\n"


def _is_same_line(line: Box, box: Box) -> bool:
    middle = (box[1] + box[3]) / 2
    return line[1] < middle < line[3] and box[0] >= line[0]


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
