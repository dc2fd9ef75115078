"""Records that one record may be a duplicate of, looked for by title, DOI or number."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz

from screening.dedup.differences import Piece, mark_differences
from screening.dedup.identifiers import clean_doi, clean_pmid
from screening.dedup.text import fold
from screening.models import DuplicateSuggestion, Record
from screening.selectors.duplicates import group_of, head_of

SHOWN = 8
LOOKED_AT = 200
MAX_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that could be kept instead of another: its title with what is different marked."""

    record: Record
    title: Sequence[Piece]
    is_asked: bool


def candidates(*, record: Record, words: str) -> list[Candidate]:
    """Records of the review that fit what was typed, the likest title first.

    Args:
        record: The record that is to be marked; its own group is left out.
        words: Words of the title, a DOI, a PubMed id or the number of a record; empty for the
            records that the rules could not tell from it.
    """
    own = {one.pk for one in group_of(head_of(record))}
    asked = _asked_with(record)
    found = Record.objects.filter(review=record.review_id).exclude(pk__in=own)
    found = found.filter(_fits(words)) if words.strip() else found.filter(pk__in=asked)
    rows = list(found.select_related("source", "review").order_by("pk")[:LOOKED_AT])
    title = fold(record.title)
    rows.sort(key=lambda one: (one.pk not in asked, -fuzz.ratio(title, fold(one.title)), one.pk))
    return [
        Candidate(one, mark_differences(record.title, one.title)[1], one.pk in asked)
        for one in rows[:SHOWN]
    ]


def _asked_with(record: Record) -> set[int]:
    pairs = DuplicateSuggestion.objects.filter(Q(first=record) | Q(second=record))
    both = {pk for pair in pairs.values_list("first_id", "second_id") for pk in pair}
    return both - {record.pk}


def _fits(words: str) -> Q:
    if doi := clean_doi(words):
        return Q(doi__iexact=doi) | Q(doi__icontains=doi)
    fits = Q()
    for word in words.split():
        fits &= Q(title__icontains=word)
    number = words.strip().removeprefix("#")
    if number.isdecimal() and len(number) < MAX_DIGITS:
        fits |= Q(pk=int(number)) | Q(pmid=clean_pmid(number) or "-")
    return fits
