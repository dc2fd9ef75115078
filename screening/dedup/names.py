"""Author names: persons as family name and initials, groups told apart from persons."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from screening.dedup.text import fold

_GROUP = frozenset(
    {
        "group", "groups", "consortium", "consortia", "collaboration", "collaborative",
        "collaborators", "investigators", "committee", "society", "association", "network",
        "organisation", "organization", "institut", "institute", "institution", "department",
        "agency", "ministry", "council", "academy", "team", "foundation", "initiative", "registry",
        "center", "centre", "university", "trialists", "study", "trial", "writing",
    }
)  # fmt: skip
_SUFFIX = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "2nd", "3rd"})
_PARTICLE = frozenset(
    [
        "de",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "van",
        "von",
        "zu",
        "zur",
        "da",
        "al",
        "bin",
        "ibn",
        "ten",
        "ter",
    ]
)
_ET_AL = re.compile(r"\bet\.? al\b\.?|\band others\b|\.\.\.|…", re.IGNORECASE)
_NOBODY = frozenset({"", "na", "n a", "nan", "none", "null", "anonymous", "anon", "unknown"})
_INITIALS = 3


class Person(NamedTuple):
    """One author: folded words of the family name and of the given names or initials."""

    family: tuple[str, ...]
    given: tuple[str, ...]
    is_group: bool


def split_authors(text: str) -> tuple[str, ...]:
    """Cut one author field into names.

    Args:
        text: names joined by ";", " and ", "&" or, when none of these occurs, by commas
            ("Smith J, Miller K").

    Returns:
        The names as written, without "et al."; empty when the field is.

    Source:
        Own definition.
    """
    text = _ET_AL.sub("", text).strip(" ,;&")
    if ";" in text:
        parts = text.split(";")
    elif re.search(r"\sand\s", text):
        parts = re.split(r"\s+and\s+", text)
    else:
        return _split_commas(text)
    return tuple(part.strip(" ,") for part in parts if part.strip(" ,"))


def _split_commas(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in re.split(r",|&", text) if part.strip()]
    names: list[str] = []
    for part in parts:
        letters = re.sub(r"[^\w]", "", part)
        if names and "," not in names[-1] and letters.isupper() and len(letters) <= _INITIALS:
            names[-1] = f"{names[-1]}, {part}"
        else:
            names.append(part)
    if len(parts) == 2 and len(names) == 2 and " " not in parts[0]:  # noqa: PLR2004
        return (f"{parts[0]}, {parts[1]}",)
    return tuple(names)


@lru_cache(maxsize=20_000)
def parse_person(name: str) -> Person:
    """Read one name in any of the usual orders.

    Args:
        name: "Zhai, Q. J.", "Adeli K.", "Q. J. Zhai", "ALTS Group" ...

    Returns:
        The person; family is empty for an anonymous name.

    Source:
        Own definition.
    """
    folded = fold(name)
    if folded in _NOBODY:
        return Person((), (), is_group=False)
    if not _GROUP.isdisjoint(folded.split()):
        return Person(tuple(sorted(folded.split())), (), is_group=True)
    if "," in name:
        family, _, given = name.partition(",")
        return _person(fold(family).split(), fold(given).split())
    words = [word for word in folded.split() if word not in _SUFFIX]
    if not words:
        return Person((), (), is_group=False)
    raw = name.replace(".", " ").split()
    tail = 0
    while tail < len(raw) - 1 and raw[-1 - tail].isupper() and len(raw[-1 - tail]) <= _INITIALS:
        tail += 1
    if tail and len(words) > tail:
        return _person(words[:-tail], words[-tail:])
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLE:
        start -= 1
    return _person(words[start:], words[:start])


def _person(family: list[str], given: list[str]) -> Person:
    family = [word for word in family if word not in _SUFFIX]
    bare = tuple(word for word in family if word not in _PARTICLE)
    return Person(bare or tuple(family) or tuple(given), tuple(given), is_group=False)


def parse_people(names: Iterable[str]) -> tuple[Person, ...]:
    """Read all names of a record and leave out the anonymous ones.

    Args:
        names: the author names in their printed order.

    Returns:
        The persons and groups in the same order.

    Source:
        Own definition.
    """
    return tuple(person for person in map(parse_person, names) if person.family)
