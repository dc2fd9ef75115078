"""Where two texts differ, word by word, for people who compare them."""

from difflib import SequenceMatcher
from typing import NamedTuple

from screening.dedup.text import fold


class Piece(NamedTuple):
    """Some words of a text; `is_other` when the other text does not have them."""

    text: str
    is_other: bool


def mark_differences(one: str, two: str) -> tuple[list[Piece], list[Piece]]:
    """Cut two texts into pieces that they share and pieces that only one has.

    Args:
        one: a text.
        two: another text.

    Returns:
        The pieces of both; joined by blanks they give the words of each text back. Case, accents
        and punctuation make no difference.

    Source:
        difflib (Ratcliff and Obershelp's matching) over folded words.
    """
    mine, theirs = one.split(), two.split()
    matcher = SequenceMatcher(None, [*map(fold, mine)], [*map(fold, theirs)], autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        is_other = kind != "equal"
        if b > a:
            left.append(Piece(" ".join(mine[a:b]), is_other))
        if d > c:
            right.append(Piece(" ".join(theirs[c:d]), is_other))
    return left, right
