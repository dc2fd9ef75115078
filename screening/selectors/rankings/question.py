"""What the order asks before anybody has decided: the review's question and known reports."""

import re

from django.db.models import Q

from screening.models import Record, Review, StageSettings
from screening.ranking.texts import record_text
from screening.selectors.rankings.standing import Question
from screening.selectors.shown import shown_records

_NUMBER = re.compile(r"^#?(\d{1,12})$")
_DOI = re.compile(r"(10\.\d{4,9}/\S+)$")


def question_of(review: Review, settings: StageSettings) -> Question:
    """The question of a review with the texts of the reports named as relevant.

    A line of the settings names a record by its number (`#12`), DOI or PubMed id; a line that
    names none is a title and asks by its own words.
    """
    criteria = [str(line) for line in review.inclusion_criteria]
    text = "\n".join([review.question or review.title, *criteria])
    lines = [line.strip() for line in settings.known_reports.splitlines() if line.strip()]
    return Question(text, tuple(_text_of(review, line) for line in lines))


def _text_of(review: Review, line: str) -> str:
    number, doi = _NUMBER.match(line), _DOI.search(line)
    named = Q(pk__in=[])
    if number:
        named |= Q(pmid=number[1])
        named |= Q(pk=int(number[1])) if line.startswith("#") else Q()
    if doi:
        named |= Q(doi__iexact=doi[1])
    records = Record.objects.filter(named, review=review).select_related("source").order_by("pk")
    found = shown_records(records[:1])
    return record_text(found[0].title, found[0].abstract) if found else line
