"""Reports of a review and where their retrieval stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q
from django.http import Http404

from screening.models import FullText, Membership, Record, Report, RetrievalAttempt
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage
from screening.selectors.blinding import with_seen_status
from screening.selectors.reasons import excluded_for
from screening.selectors.stages import in_stage, with_retrieval

AWAITING = "awaiting"
RETRIEVALS = (AWAITING, "retrieved", "not_retrieved")


def report_or_404(membership: Membership, report_id: int) -> Report:
    """A report of the member's review.

    Raises:
        Http404: There is none in this review.
    """
    reports = Report.objects.select_related("record__review", "record__source")
    found = reports.filter(pk=report_id, record__review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such report.")
    return found


@dataclass(frozen=True, slots=True)
class ReportFilters:
    """What the list of reports is narrowed to; empty means all.

    `retrieval` is one of `RETRIEVALS` (awaiting is every report that is neither retrieved nor given
    up), `reason` the id of the primary reason for which reports are excluded.
    """

    retrieval: str = ""
    words: str = ""
    reason: int | None = None


def sought(*, membership: Membership, filters: ReportFilters | None = None) -> RecordQuerySet:
    """Records whose reports are sought, with `retrieval` and the status the person may know.

    Args:
        membership: Who asks.
        filters: Which of them.

    Returns:
        The records with their report and its current full text.
    """
    asked = filters or ReportFilters()
    records = in_stage(Record.objects.filter(review=membership.review_id), Stage.FULL_TEXT)
    records = with_retrieval(records.filter(report__isnull=False))
    if asked.retrieval == AWAITING:
        pending = RetrievalAttempt.Outcome.PENDING
        records = records.filter(Q(retrieval__isnull=True) | Q(retrieval=pending))
    elif asked.retrieval:
        records = records.filter(Q(retrieval=asked.retrieval))
    for word in asked.words.split():
        records = records.filter(title__icontains=word)
    current = Prefetch("report__full_texts", FullText.objects.current(), to_attr="current_texts")
    records = with_seen_status(records, membership=membership, stage=Stage.FULL_TEXT)
    if asked.reason:
        records = excluded_for(records, asked.reason)
    return records.select_related("report").prefetch_related(current).order_by("pk")


def retrieval_counts(*, membership: Membership) -> dict[str, int]:
    """How many reports are sought, and how many stand at each outcome."""
    outcomes: Sequence[str | None] = list(
        sought(membership=membership).values_list(F("retrieval"), flat=True)
    )
    settled = {"retrieved", "not_retrieved"}
    counts = Counter(outcome if outcome in settled else AWAITING for outcome in outcomes)
    return {"sought": len(outcomes)} | {name: counts[name] for name in RETRIEVALS}
