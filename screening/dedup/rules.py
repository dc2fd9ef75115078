"""The named rules: what a comparison of two records means. The first rule that fits answers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from screening.dedup.evidence import Evidence

_SAME_TITLE = 0.95
_EQUAL_TITLE = 0.995
_NEAR_TITLE = 0.9
_LIKE_TITLE = 0.8
_PART_TITLE = 0.6
_ALL_WORDS = 0.95
_MOST_AUTHORS = 0.5
_PREPRINT_YEARS = 3
_MOST_AGAINST = 1

_NOTICES = frozenset(
    {"retraction", "concern", "erratum", "reply", "comment", "book review", "cover"}
)


class Answer(StrEnum):
    """The three answers to "are these two records of the same report?"."""

    MERGE = "merge"
    SUGGEST = "suggest"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule.

    Attributes:
        name: what a person sees, also stored with the link.
        answer: given when the rule fits.
        fits: tells whether the rule speaks about a comparison.
    """

    name: str
    answer: Answer
    fits: Callable[[Evidence], bool]


def _same_identifier(found: Evidence) -> bool:
    return bool(found.doi or found.pmid or found.arxiv)


def _other_identifier(found: Evidence) -> bool:
    return found.doi is False or found.pmid is False or found.arxiv is False


def _same_text(found: Evidence) -> bool:
    """Titles agree and name the same numbers and parts."""
    return found.title is not None and found.title >= _SAME_TITLE and found.numbers


def _contained(found: Evidence) -> bool:
    """One title has all words of the other: a subtitle was left out or added."""
    return (
        found.words is not None
        and found.title is not None
        and found.words >= _ALL_WORDS
        and found.title >= _PART_TITLE
        and found.numbers
    )


def _same_place(found: Evidence) -> bool:
    """Volume, first page and year agree, and nothing else of the place disagrees."""
    return (
        bool(found.volume and found.pages) and found.year in {0, None} and found.last is not False
    )


def _whole_place(found: Evidence) -> bool:
    return _same_place(found) and bool(found.last) and found.year == 0 and bool(found.venue)


def _same_paper(found: Evidence) -> bool:
    """One paper, called a conference paper by one source only: an abstract has other pages."""
    if not (_equal_text(found) and found.year == 0 and found.pages):
        return False
    is_one_doi = bool(found.doi) and found.abstract is not False
    return is_one_doi or bool(found.last and found.venue)


def _equal_text(found: Evidence) -> bool:
    """Title and authors agree in full."""
    return (found.title or 0) >= _EQUAL_TITLE and found.numbers and found.authors == 1


def _same_people(found: Evidence) -> bool:
    return bool(found.first) and (found.authors or 0) >= _MOST_AUTHORS


def _other_people(found: Evidence) -> bool:
    return found.first is False and (found.authors or 0) < _MOST_AUTHORS


def _same_citation(found: Evidence) -> bool:
    """Title, people and venue agree; a title of a few words is no name of a report."""
    people = _same_people(found) or found.anonymous
    title = _same_text(found) and (found.telling or bool(found.pages))
    return title and people and bool(found.venue)


def _notice_differs(found: Evidence) -> bool:
    return bool(found.kinds & _NOTICES)


def _asks_notice(found: Evidence) -> bool:
    return _notice_differs(found) and (_same_identifier(found) or _same_place(found))


def _asks_registration(found: Evidence) -> bool:
    return "registration" in found.kinds and (_same_text(found) or _same_identifier(found))


def _asks_preprint(found: Evidence) -> bool:
    if "preprint" not in found.kinds or _other_people(found):
        return False
    near = (found.title or 0) >= _NEAR_TITLE or _contained(found) or _same_identifier(found)
    return near and (found.year is None or found.year <= _PREPRINT_YEARS)


def _merges_identifier(found: Evidence) -> bool:
    agrees = _same_text(found) or (_contained(found) and bool(found.first))
    elsewhere = found.pages is False and not (found.repaginated or found.abstract)
    return (
        _same_identifier(found)
        and not _other_identifier(found)
        and agrees
        and not (elsewhere or _other_people(found) or found.abstract is False)
    )


def _merges_place(found: Evidence) -> bool:
    """Volume, first page and year agree, and so do title and first author."""
    if found.title is None or not (found.volume and found.pages and found.year == 0):
        return False
    if found.venue is False and not _same_people(found):
        return False
    if _same_text(found):
        people = _same_people(found) or found.anonymous
        return people or (bool(found.venue) and bool(found.last or _names_report(found)))
    if found.title >= _SAME_TITLE and found.parts and _whole_place(found):
        return _same_people(found)
    near = (found.title >= _LIKE_TITLE and found.numbers) or _subtitled(found)
    return bool(found.first) and near and bool(found.last or found.abstract)


def _merges_undated(found: Evidence) -> bool:
    """One side gives no year; everything else of the citation agrees in full."""
    if found.year is not None or found.last is False:
        return False
    return _equal_text(found) and bool(found.volume and found.pages and found.venue)


def _names_report(found: Evidence) -> bool:
    """One side names no author; the title is long and the same, letter by letter."""
    return found.authors is None and found.telling and (found.title or 0) >= _EQUAL_TITLE


def _subtitled(found: Evidence) -> bool:
    """All words of one title are in the other, however much longer that one is."""
    return (found.words or 0) >= _ALL_WORDS and found.telling and found.numbers


def _merges_text(found: Evidence) -> bool:
    """Title, people, year and venue agree, something of the place too, and nothing disagrees."""
    if not (_same_citation(found) and found.year == 0):
        return False
    if found.pages is False:
        return bool(found.volume) and _is_repaginated(found)
    if found.volume is False:
        return bool(found.pages) and bool(found.last is not False or found.abstract)
    return bool(found.volume or found.pages or found.abstract)


def _merges_page(found: Evidence) -> bool:
    """No volume on one side, but people, year and first page agree under one title."""
    if not (_same_people(found) and found.year == 0 and found.pages and found.telling):
        return False
    against = (found.volume, found.last, found.venue, found.abstract)
    least = _SAME_TITLE if found.venue else _EQUAL_TITLE
    return (found.title or 0) >= least and found.numbers and False not in against


def _is_repaginated(found: Evidence) -> bool:
    """Pages differ for a reason: an article number, or one issue that lists the text twice."""
    one_issue = bool(found.issue) and found.authors == 1 and (found.title or 0) >= _EQUAL_TITLE
    return found.repaginated or bool(found.abstract) or one_issue


def _merges_next_year(found: Evidence) -> bool:
    """One source gives the year of the print and one that of the first release."""
    if not (_same_citation(found) and found.year == 1 and found.volume):
        return False
    if found.pages is None:
        return found.telling and found.authors == 1
    return found.pages and found.last is not False


def _merges_unplaced(found: Evidence) -> bool:
    """One record gives volume or pages, the other neither, and all else agrees in full."""
    if not (_same_citation(found) and found.year == 0 and found.placed and found.telling):
        return False
    silent = found.volume is None and found.pages is None
    return silent and found.authors == 1 and found.abstract is not False


def _clashes(found: Evidence) -> bool:
    """Something speaks against one report so clearly that no rule may merge."""
    text = found.abstract is True and found.authors == 1
    place = _whole_place(found) or (_same_place(found) and bool(found.venue) and text)
    whole = place and _same_text(found) and found.first is not False
    if _other_identifier(found) and not (whole or _same_identifier(found)):
        return True
    if found.exchanged and not (found.last or found.abstract):
        return True
    return bool(found.kinds) and not (
        found.kinds == {"conference"} and (whole or _same_paper(found))
    )


def _is_update(found: Evidence) -> bool:
    """A new version of a review in a series where each version has the same number."""
    return "update" in found.shared and (
        found.year != 0 or found.issue is False or found.volume is False
    )


def _is_update_of_same(found: Evidence) -> bool:
    return _is_update(found) and _same_text(found)


def _asks_identifier(found: Evidence) -> bool:
    return _same_identifier(found)


def _is_shared_identifier(found: Evidence) -> bool:
    """One identifier for many texts, as that of a supplement full of abstracts."""
    elsewhere = found.pages is False and not found.repaginated
    return _same_identifier(found) and _other_people(found) and elsewhere and _other_text(found)


def _other_text(found: Evidence) -> bool:
    return (found.title or 0) < _PART_TITLE and found.abstract is not True


def _asks_place(found: Evidence) -> bool:
    """Same volume, pages and first author under another title: a translated one, perhaps."""
    same = _same_place(found) and found.venue is not False
    people = found.first is not False and (found.authors is None or _same_people(found))
    return same and people and bool(found.last or found.first)


def _asks_text(found: Evidence) -> bool:
    """The title agrees and nothing else can decide."""
    if not (_same_text(found) or _contained(found)) or _other_people(found):
        return False
    if found.year is not None and found.year > 1:
        return False
    against = (found.volume, found.pages, found.venue, found.abstract).count(False)
    if _same_people(found) and found.year == 0 and (found.title or 0) >= _EQUAL_TITLE:
        return True
    return against <= _MOST_AGAINST and not (found.abstract is False and found.year)


RULES: tuple[Rule, ...] = (
    Rule("notice and report", Answer.SUGGEST, _asks_notice),
    Rule("notice", Answer.DIFFERENT, _notice_differs),
    Rule("registration and report", Answer.SUGGEST, _asks_registration),
    Rule("preprint and published version", Answer.SUGGEST, _asks_preprint),
    Rule("version of a living review", Answer.SUGGEST, _is_update_of_same),
    Rule("same identifier and title", Answer.MERGE, _merges_identifier),
    Rule("same place and title", Answer.MERGE, _merges_place),
    Rule("same place, title and authors, one without year", Answer.MERGE, _merges_undated),
    Rule("same title, authors, year and venue", Answer.MERGE, _merges_text),
    Rule("same title, authors and place, next year", Answer.MERGE, _merges_next_year),
    Rule("same title, authors, year and venue, one without place", Answer.MERGE, _merges_unplaced),
    Rule("same title, authors, year and first page", Answer.MERGE, _merges_page),
    Rule("identifier of a whole supplement", Answer.DIFFERENT, _is_shared_identifier),
    Rule("same identifier, another record", Answer.SUGGEST, _asks_identifier),
    Rule("same place, another title", Answer.SUGGEST, _asks_place),
    Rule("same title, too little else", Answer.SUGGEST, _asks_text),
)
OTHERWISE = Rule("nothing in common", Answer.DIFFERENT, lambda _: True)


def judge(found: Evidence) -> Rule:
    """Give the first rule that fits; a rule that merges only when nothing clashes.

    Args:
        found: a comparison of two records.

    Returns:
        The rule whose answer holds for the two.

    Source:
        Own definition.
    """
    may_merge = not _clashes(found)
    for rule in RULES:
        if (may_merge or rule.answer is not Answer.MERGE) and rule.fits(found):
            return rule
    return OTHERWISE
