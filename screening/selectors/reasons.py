"""The review's reasons to exclude, and the one each excluded report is counted under."""

from collections.abc import Sequence

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from screening.models import Adjudication, Decision, ExclusionReason, Membership
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage, Status, Verdict


def reason_or_404(membership: Membership, reason_id: int) -> ExclusionReason:
    """A reason of the member's review.

    Raises:
        Http404: There is none in this review.
    """
    found = ExclusionReason.objects.filter(pk=reason_id, review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such reason.")
    return found


def all_reasons(membership: Membership) -> Sequence[ExclusionReason]:
    """The review's reasons in their order, retired ones too."""
    return list(ExclusionReason.objects.filter(review=membership.review_id))


def excluded_for(records: RecordQuerySet, reason: int) -> RecordQuerySet:
    """Narrow to the reports that are excluded at full text for one primary reason.

    The records carry `seen_status` of that stage. The primary reason is the ruling's, else the
    one of the first reviewer's verdict that stands, as the PRISMA flow tells every member.

    Args:
        records: Records with the full-text status that the person may know.
        reason: Id of the reason.

    Returns:
        Those counted under it.
    """
    here = {"record": OuterRef("pk"), "stage": Stage.FULL_TEXT, "verdict": Verdict.EXCLUDE}
    said = {"superseded_at__isnull": True, "reason__isnull": False}
    rulings = Adjudication.objects.filter(**here, **said).order_by("pk").values("reason")[:1]
    verdicts = Decision.objects.filter(**here, **said).order_by("pk").values("reason")[:1]
    told = records.annotate(told_reason=Coalesce(Subquery(rulings), Subquery(verdicts)))
    return told.filter(Q(seen_status=Status.EXCLUDED.value), Q(told_reason=reason))
