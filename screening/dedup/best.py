"""The best field of each: which record of one report gives the value that is shown."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from screening.dedup.identifiers import clean_doi
from screening.dedup.names import parse_people
from screening.dedup.normal import is_preprint_doi
from screening.dedup.text import repair
from screening.dedup.venues import fold_venue, is_preprint_venue, is_same_venue

PLACE = ("year", "volume", "issue", "pages")
FIELDS = (
    "title", "abstract", "authors", "venue", *PLACE, "doi", "pmid", "arxiv_id", "record_type",
    "language", "keywords",
)  # fmt: skip

_DAMAGE = re.compile(r"\ufffd|[^\W\d_]\?[^\W\d_]")
_CUT = re.compile(r"(?:\.\.\.|…|\((?:abstract )?truncated[^)]*\)|\[truncated\])\s*$", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b).*$", re.IGNORECASE | re.DOTALL)
_NO_ABSTRACT = re.compile(r"^\W*(?:no abstract|abstract not|not available|n/?a\b)", re.IGNORECASE)
_TRANSLATED = re.compile(r"^\s*\[.*\]\W*$", re.DOTALL)
_ET_AL = re.compile(r"\bet\.? al\b|\band others\b|^others$", re.IGNORECASE)
_LOUD = 0.8
_LETTERS = 10
_NEARLY = 0.9
_SPOILT = 0.7

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """One record's fields as listed; empty, None or [] where it gives none.

    Attributes:
        id: of the record.
        values: its fields by name.
        is_completion: True for values looked up elsewhere: they only fill what no record gives.
    """

    id: int
    values: Values = field(default_factory=dict)
    is_completion: bool = False

    def text(self, name: str) -> str:
        """A field as text, "" for none."""
        value = self.values.get(name)
        return "" if value is None else str(value)


def best_fields(
    listings: Sequence[Listing], chosen: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Choose for each field the record whose value is shown.

    Args:
        listings: the records of one report, the kept one first, the others in a fixed order.
        chosen: for a field the id that a person has chosen; an id that is not among the listings
            or gives no value is passed over.

    Returns:
        Per field the id of the listing that gives it; a field that none gives is left out. Year,
        volume, issue and pages come from one listing as far as it gives them, so that no citation
        is shown that does not exist.

    Source:
        Own definition.
    """
    records = [one for one in listings if not one.is_completion]
    found: dict[str, int] = {}
    for name in FIELDS:
        giving = [one for one in records if one.values.get(name)]
        if not giving:
            giving = [one for one in listings if one.values.get(name)]
        if not giving:
            continue
        wanted = (chosen or {}).get(name)
        picked = next((one for one in giving if one.id == wanted), None)
        best = picked or _BEST[name](name, giving, records)
        if best:
            found[name] = best.id
    return found


def _first(name: str, giving: Sequence[Listing], _: Sequence[Listing]) -> Listing:
    """The most frequent value, of equally frequent ones the kept record's."""
    counts = Counter(one.text(name).strip().lower() for one in giving)
    return max(giving, key=lambda one: counts[one.text(name).strip().lower()])


def _title(name: str, giving: Sequence[Listing], _: Sequence[Listing]) -> Listing:
    """The least spoilt title: no damaged letters, not in capitals, not cut, not a translation."""
    return min(giving, key=lambda one: _flaws(one.text(name)))


def _flaws(text: str) -> tuple[bool, bool, bool, bool]:
    return (
        bool(_DAMAGE.search(text)) or repair(text) != text,
        _is_loud(text),
        bool(_CUT.search(text)),
        bool(_TRANSLATED.match(text)),
    )


def _is_loud(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= _LETTERS and sum(map(str.isupper, letters)) > _LOUD * len(letters)


def _abstract(name: str, giving: Sequence[Listing], _: Sequence[Listing]) -> Listing:
    """The fullest abstract; the kept record's own unless another one is clearly fuller."""
    sizes = {one.id: _fullness(one.text(name)) for one in giving}
    own, best = giving[0], max(giving, key=lambda one: sizes[one.id])
    return own if sizes[own.id] >= _NEARLY * sizes[best.id] else best


def _fullness(text: str) -> float:
    """Length without a copyright notice, less when cut or damaged; no abstract counts nothing."""
    size = 0 if _NO_ABSTRACT.match(text) else len(_RIGHTS.sub("", text).strip())
    return size * (_SPOILT if any(_flaws(text)) else 1)


def _authors(name: str, giving: Sequence[Listing], _: Sequence[Listing]) -> Listing:
    """The longest list that holds all names of the kept record's, then the fullest given names."""
    own = _families(giving[0].values[name])
    fitting = [one for one in giving if own <= _families(one.values[name])]
    return max(fitting, key=lambda one: _named(one.values[name]))


def _families(names: Sequence[str]) -> set[str]:
    people = parse_people(name for name in map(str, names) if not _ET_AL.search(name))
    return {word for person in people for word in person.family}


def _named(names: Sequence[str]) -> tuple[int, int, bool]:
    people = parse_people(name for name in map(str, names) if not _ET_AL.search(name))
    spelled = sum(any(len(word) > 1 for word in person.given) for person in people)
    return len(people), spelled, not _is_loud("".join(map(str, names)))


def _venue(name: str, giving: Sequence[Listing], records: Sequence[Listing]) -> Listing:
    """The full name rather than an abbreviation of the place's venue."""
    anchor = _anchor(records)
    own = anchor if anchor and anchor.values.get(name) else giving[0]
    folded = fold_venue(own.text(name))
    same = [one for one in giving if is_same_venue(folded, fold_venue(one.text(name)))]
    return max(
        same or [own],
        key=lambda one: (not _is_loud(one.text(name)), len(one.text(name)), one is own),
    )


def _place(name: str, giving: Sequence[Listing], records: Sequence[Listing]) -> Listing | None:
    """From the record with the fullest place; another one may only add what does not clash."""
    anchor = _anchor(records)
    if anchor is None or anchor in giving:
        return anchor or giving[0]
    volume = anchor.text("volume")
    fitting = [one for one in giving if not volume or one.text("volume") in {"", volume}]
    return fitting[0] if fitting else None


def _anchor(records: Sequence[Listing]) -> Listing | None:
    """The record with the fullest place, a published one before a preprint."""
    if not records:
        return None
    return max(records, key=lambda one: (not _is_preprint(one), _filled(one)))


def _filled(one: Listing) -> int:
    return sum(bool(one.values.get(name)) for name in ("venue", *PLACE))


def _is_preprint(one: Listing) -> bool:
    doi = clean_doi(one.text("doi"))
    return is_preprint_venue(fold_venue(one.text("venue"))) or is_preprint_doi(doi)


def _doi(name: str, giving: Sequence[Listing], records: Sequence[Listing]) -> Listing:
    """That of the published version before that of a preprint, then the most frequent."""
    published = [one for one in giving if not is_preprint_doi(clean_doi(one.text(name)))]
    return _first(name, published or giving, records)


def _longest(name: str, giving: Sequence[Listing], _: Sequence[Listing]) -> Listing:
    return max(giving, key=lambda one: len(one.values[name]))


_Choice = Callable[[str, Sequence[Listing], Sequence[Listing]], Listing | None]
_BEST: dict[str, _Choice] = dict.fromkeys(FIELDS, _first) | {
    "title": _title,
    "abstract": _abstract,
    "authors": _authors,
    "venue": _venue,
    "doi": _doi,
    "keywords": _longest,
    **dict.fromkeys(PLACE, _place),
}
