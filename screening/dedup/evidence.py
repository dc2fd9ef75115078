"""Two records compared field by field; nothing is decided here."""

from typing import NamedTuple

from rapidfuzz import fuzz, process

from screening.dedup.locators import is_repaginated
from screening.dedup.names import Person
from screening.dedup.normal import Normal
from screening.dedup.venues import is_same_venue

_LEAST_TITLE = 0.5
_SAME_NAME = 84.0
_SHORT_WORD = 4
_LIKE_WORD = 60.0
_SAME_ABSTRACT = 75.0
_OTHER_ABSTRACT = 60.0
_ABSTRACT_PART = 300


class Evidence(NamedTuple):
    """What each field of two records says; None wherever one of the two is silent.

    Attributes:
        title: likeness of the titles, 0 to 1, blanks left out; None when one is missing.
        words: likeness of the words the shorter title has in the longer, 0 to 1.
        exchanged: True when each title has a word that is like no word of the other.
        numbers: True when both titles name the same numbers and parts.
        parts: True when both titles name the same parts ("part II", a numeral at the end).
        first: True when the first authors agree.
        authors: share of the family names of the shorter list found in the other, 0 to 1.
        year: distance in years.
        volume, issue: True when equal.
        pages: True when the first pages agree.
        last: True when the last pages agree.
        repaginated: True when different pages can still be the same article.
        venue: True when the same or an abbreviation.
        doi, pmid, arxiv: True when equal.
        abstract: True when alike, False when clearly another text.
        anonymous: True when neither record names an author.
        telling: True when both titles are long enough to name one report.
        placed: True when at least one record gives volume or pages.
        kinds: special kinds of document that only one of the two is.
        shared: special kinds that both are.
    """

    title: float | None
    words: float | None
    exchanged: bool
    numbers: bool
    parts: bool
    first: bool | None
    authors: float | None
    year: int | None
    volume: bool | None
    issue: bool | None
    pages: bool | None
    last: bool | None
    repaginated: bool
    venue: bool | None
    doi: bool | None
    pmid: bool | None
    arxiv: bool | None
    abstract: bool | None
    anonymous: bool
    telling: bool
    placed: bool
    kinds: frozenset[str]
    shared: frozenset[str]


def compare(one: Normal, two: Normal) -> Evidence:
    """Compare two records field by field.

    Args:
        one: a record in comparable form.
        two: another one; their order does not matter.

    Returns:
        What each field says.

    Source:
        Own definition; likeness is rapidfuzz's normalised indel distance.
    """
    title, words = _titles(one, two)
    return Evidence(
        title=title,
        words=words,
        exchanged=one.title.key != two.title.key and _is_exchanged(one, two),
        numbers=one.title.numbers == two.title.numbers,
        parts=one.title.parts == two.title.parts,
        first=_first(one, two),
        authors=_authors(one.families, two.families),
        year=abs(one.year - two.year) if one.year and two.year else None,
        volume=_equal(one.volume, two.volume),
        issue=_equal(one.issue, two.issue),
        pages=_equal(one.page, two.page),
        last=_equal(one.last_page, two.last_page),
        repaginated=one.page != two.page and is_repaginated(one.pages, two.pages),
        venue=is_same_venue(one.venue, two.venue),
        doi=_equal(one.doi, two.doi),
        pmid=_equal(one.pmid, two.pmid),
        arxiv=_equal(one.arxiv_id, two.arxiv_id),
        abstract=_abstract(one.abstract, two.abstract),
        anonymous=not one.people and not two.people,
        telling=one.title.telling and two.title.telling,
        placed=bool(one.volume or two.volume or one.pages.first or two.pages.first),
        kinds=_kinds(one, two),
        shared=one.kinds & two.kinds,
    )


def _equal(one: str, two: str) -> bool | None:
    return one == two if one and two else None


def _kinds(one: Normal, two: Normal) -> frozenset[str]:
    """Kinds of one only. Two links to one preprint are one document, whatever venue is named."""
    kinds = one.kinds ^ two.kinds
    is_one_preprint = one.arxiv_id and one.arxiv_id == two.arxiv_id and not (one.doi or two.doi)
    return kinds - {"preprint"} if is_one_preprint else kinds


def _titles(one: Normal, two: Normal) -> tuple[float | None, float | None]:
    if not one.title.key or not two.title.key:
        return None, None
    if one.title.squeezed == two.title.squeezed:
        return 1.0, 1.0
    title = fuzz.ratio(one.title.squeezed, two.title.squeezed) / 100
    words = fuzz.token_set_ratio(one.title.key, two.title.key) / 100
    for mine, theirs in ((one.title.other, two.title.key), (two.title.other, one.title.key)):
        if mine:
            title = max(title, fuzz.ratio(mine, theirs) / 100)
    if one.title.other and two.title.other:
        title = max(title, fuzz.ratio(one.title.other, two.title.other) / 100)
    return title, words


def _is_exchanged(one: Normal, two: Normal) -> bool:
    """Tell "in mice" against "in rats": no slip of the pen, but another text."""
    mine, theirs = set(one.title.key.split()), set(two.title.key.split())
    return _has_own_word(mine - theirs, theirs) and _has_own_word(theirs - mine, mine)


def _has_own_word(own: set[str], others: set[str]) -> bool:
    telling = [word for word in own if len(word) >= _SHORT_WORD]
    return any(
        process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=_LIKE_WORD) is None
        for word in telling
    )


def _first(one: Normal, two: Normal) -> bool | None:
    if not one.people or not two.people:
        return None
    return is_same_person(one.people[0], two.people[0])


def is_same_person(one: Person, two: Person) -> bool:
    """Tell whether two names can be one person.

    Args:
        one: a name as read.
        two: another one.

    Returns:
        True for equal, compound ("Giorgi Rossi", "Rossi"), swapped (family name and given name
        exchanged) or slightly damaged family names.

    Source:
        Own definition.
    """
    mine, theirs = set(one.family), set(two.family)
    if mine & theirs:
        return True
    if _is_swapped(one, two) or _is_swapped(two, one):
        return True
    return fuzz.ratio(" ".join(one.family), " ".join(two.family)) >= _SAME_NAME


def _is_swapped(one: Person, two: Person) -> bool:
    return any(len(word) > 1 and word in one.given for word in two.family)


def _authors(mine: frozenset[str], theirs: frozenset[str]) -> float | None:
    if not mine or not theirs:
        return None
    return len(mine & theirs) / min(len(mine), len(theirs))


def _abstract(one: str, two: str) -> bool | None:
    if not one or not two:
        return None
    size = min(len(one), len(two), _ABSTRACT_PART)
    likeness = fuzz.ratio(one[:size], two[:size])
    if likeness >= _SAME_ABSTRACT:
        return True
    return False if likeness < _OTHER_ABSTRACT else None
