"""Texts made comparable: case, ligatures, hyphens at line ends, blanks, dashes and quotes."""

import re
import unicodedata
from dataclasses import dataclass

SOFT = "\u00ad\u200b\u2060\ufeff\ufffe\x02"  # marks of a hyphen at a line's end, or nothing at all
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u2032", "'") | dict.fromkeys("\u201c\u201d\u201e", '"')
_SAME = _DASHES | _QUOTES


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `places[i]` is where its character `i` stands in the original."""

    text: str
    places: tuple[int, ...]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Bounds in the original of the folded characters from `start` to before `end`."""
        if start >= end:
            return (self.length, self.length)
        return (self.places[start], self.places[end - 1] + 1)


class _Letters(dict[int, str]):
    """What each character folds to, worked out when it first comes up."""

    def __missing__(self, code: int) -> str:
        self[code] = _folded(chr(code))
        return self[code]


_LETTERS = _Letters()


def fold_text(text: str) -> str:
    """Only the text of `fold`, many times faster.

    Source:
        Own definition on Unicode NFKC.
    """
    return re.sub("  +", " ", text.translate(_LETTERS))


def fold(text: str) -> Folded:
    """Fold a text for comparison.

    Args:
        text: Any text.

    Returns:
        Lower case, ligatures and full-width forms as plain letters, every dash as `-`, every
        run of blanks and line ends as one blank, soft hyphens gone.

    Source:
        Own definition on Unicode NFKC.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _LETTERS[ord(character)]:
            if letter == " " and letters and letters[-1] == " ":
                continue
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), tuple(places), len(text))


def squeeze(folded: Folded) -> Folded:
    """Only letters and digits of a folded text, so that spacing and punctuation do not matter.

    Source:
        Own definition.
    """
    kept = [
        (letter, folded.places[at]) for at, letter in enumerate(folded.text) if letter.isalnum()
    ]
    return Folded(
        "".join(letter for letter, _ in kept), tuple(place for _, place in kept), folded.length
    )


def squeezed_text(text: str) -> str:
    """Only the text of `squeeze(fold(text))`, many times faster.

    Source:
        Own definition.
    """
    return "".join(filter(str.isalnum, fold_text(text)))


def _folded(character: str) -> str:
    if character in SOFT:
        return ""
    if character.isspace():
        return " "
    if character.isascii():
        return character.lower()
    character = _SAME.get(character, character)
    return " ".join(unicodedata.normalize("NFKC", character).casefold().split(" "))
