"""Writes about reports: they come to be, and the log of their retrieval."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import AuditEvent, Membership, Record, Report, RetrievalAttempt, Review
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.stages import in_stage, is_in_stage


def ensure_report(record: Record) -> Report:
    """The report of a record that reached the full-text stage; made when it is missing."""
    report, _ = Report.objects.get_or_create(record=record)
    return report


def ensure_reports(review: Review, among: Sequence[int] | None = None) -> int:
    """Make the missing reports of a review, after whatever may bring records to full text.

    Args:
        review: The review.
        among: Ids of the records to look at; all of the review's without it.

    Returns:
        How many were made.
    """
    records = Record.objects.filter(review=review, report__isnull=True)
    if among is not None:
        records = records.filter(pk__in=among)
    missing = in_stage(records, Stage.FULL_TEXT)
    made = Report.objects.bulk_create(
        [Report(record=record) for record in missing], ignore_conflicts=True, batch_size=500
    )
    return len(made)


@transaction.atomic
def log_attempt(
    *, membership: Membership, report: Report, outcome: str, how: str, note: str = ""
) -> RetrievalAttempt:
    """Append one attempt to the log of a report; the latest outcome counts.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: The report is of another review or not sought, or a field does not fit.
    """
    require(membership, Capability.MANAGE_REPORTS)
    record = report.record
    if record.review_id != membership.review_id:
        raise ValidationError("This report is not part of this review.", code="not_here")
    if not is_in_stage(record, Stage.FULL_TEXT):
        raise ValidationError(
            "This report is not sought: its record has not passed title and abstract.",
            code="not_in_stage",
        )
    attempt = RetrievalAttempt(
        report=report, how=how.strip(), outcome=outcome, note=note.strip(), created_by=membership
    )
    attempt.full_clean()
    attempt.save()
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="report.attempt_logged",
        target=report,
        after={"outcome": outcome, "how": attempt.how},
    )
    return attempt
