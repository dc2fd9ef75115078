"""What stood at a past moment where a table keeps no dates of its own: the audit trail tells it.

Not kept, so told as it is today: titles, authors and years of studies; that an extraction was
submitted before it was reopened; that a removed row was put back; the places of values. A paired
row counts from the first value that was settled in it.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from extraction.models import ConsensusValue, ExtractionForm, Study
from extraction.models.studies import StudyQuerySet
from screening.models import AuditEvent, Review
from screening.selectors.moments import existing, not_ended

JOINED = "study.report_joined"
LEFT_OUT, TAKEN_IN = "study.row_left_out", "study.row_taken_in"


def studies_then(review: Review, as_of: datetime | None) -> StudyQuerySet:
    """Studies that counted at the moment: those joined to another since stood still."""
    if as_of is None:
        return Study.objects.standing().filter(review=review)
    joined_since = AuditEvent.objects.filter(
        review=review, action=JOINED, created_at__gt=as_of, before__study__isnull=False
    )
    still = list(joined_since.values_list("before__study", flat=True))
    stood = Q(joined_into__isnull=True) | Q(pk__in=still)
    return Study.objects.filter(existing(as_of), stood, review=review)


def reconciled_rows_then(review: Review, as_of: datetime | None) -> Q:
    """Reconciled rows that were there at the moment and were not left out."""
    if as_of is None:
        return Q(is_left_out=False)
    settled = ConsensusValue.objects.filter(row=OuterRef("pk"), created_at__lte=as_of)
    events = AuditEvent.objects.filter(
        review=review, action__in=[LEFT_OUT, TAKEN_IN], created_at__gt=as_of
    )
    # Of the changes since, the first one of a row says what held before it.
    first: dict[str, str] = {}
    for key, action in events.order_by("pk").values_list("after__row", "action"):
        first.setdefault(key, action)
    out_then = [key for key, action in first.items() if action == TAKEN_IN]
    in_then = [key for key, action in first.items() if action == LEFT_OUT]
    was_in = Q(key__in=in_then) | (Q(is_left_out=False) & ~Q(key__in=out_then))
    return Q(Exists(settled)) & was_in


def form_then(review: Review, as_of: datetime | None) -> ExtractionForm | None:
    """The form in force at the moment: the newest version published and not yet taken back."""
    published = ExtractionForm.objects.filter(
        existing(as_of), not_ended(as_of, "change__taken_back_at"), review=review
    )
    return published.order_by("-version").first()
