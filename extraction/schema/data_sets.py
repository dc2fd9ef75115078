"""Which data sets of a vocabulary a text names."""

import re
from collections.abc import Iterable, Mapping, Sequence

_WORD = re.compile(r"[^\W_]+")


def named_in(text: str, vocabulary: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Find the data sets that a text names.

    Args:
        text: As extracted: `CheXpert (small) and MIMIC-CXR`.
        vocabulary: Other names by the name of each data set.

    Returns:
        Names of the data sets of which the name or another name stands in the text as whole words,
        whatever the case and punctuation; where one name is a part of a longer one that stands
        there, only the longer one counts (`ChestX-ray14` is no `ChestX-ray`).

    Source:
        Own definition.
    """
    words = _words(text)
    found: list[tuple[int, int, str]] = []
    for name, others in vocabulary.items():
        for known in (name, *others):
            found.extend((start, end, name) for start, end in _places(words, _words(known)))
    return frozenset(
        name
        for start, end, name in found
        if not any(
            s <= start and end <= e and e - s > end - start for s, e, other in found if other
        )
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))


def _places(words: Sequence[str], part: Sequence[str]) -> Iterable[tuple[int, int]]:
    size = len(part)
    if not size:
        return []
    return [
        (start, start + size)
        for start in range(len(words) - size + 1)
        if tuple(words[start : start + size]) == tuple(part)
    ]
