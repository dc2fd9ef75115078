"""Writes about reports: they come to be, and the log of their retrieval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

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


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody did to get a report, and what came of it; today without a day."""

    outcome: str
    how: str
    note: str = ""
    tried_on: date | None = None


@transaction.atomic
def log_attempt(
    *,
    membership: Membership,
    report: Report,
    outcome: str,
    how: str,
    note: str = "",
    tried_on: date | None = None,
) -> RetrievalAttempt:
    """Append one attempt to the log of a report; the outcome logged last counts.

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
    attempt = _checked(membership, report, Attempt(outcome, how, note, tried_on))
    attempt.save()
    AuditEvent.objects.append_by(
        membership,
        "report.attempt_logged",
        report,
        after={"outcome": outcome, "how": attempt.how, "on": attempt.day},
    )
    return attempt


@transaction.atomic
def log_attempts(*, membership: Membership, report_ids: Sequence[int], attempt: Attempt) -> int:
    """Append the same attempt to the logs of several reports; one line in the audit trail.

    Args:
        membership: Who logs it.
        report_ids: Reports of the review; those that are not sought now are left out.
        attempt: What was done.

    Returns:
        In how many logs it stands now.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: No report is meant, none of them is sought, or a field does not fit;
            nothing is changed.
    """
    require(membership, Capability.MANAGE_REPORTS)
    if not report_ids:
        raise ValidationError("Tick at least one report first.", code="nothing")
    sought = in_stage(Record.objects.filter(review=membership.review_id), Stage.FULL_TEXT)
    reports = list(
        Report.objects.filter(
            pk__in=report_ids, record__in=sought.order_by().values("pk")
        ).order_by("pk")
    )
    if not reports:
        raise ValidationError("None of these reports is sought at present.", code="not_in_stage")
    made = RetrievalAttempt.objects.bulk_create(
        [_checked(membership, report, attempt) for report in reports], batch_size=500
    )
    AuditEvent.objects.append_by(
        membership,
        "reports.attempts_logged",
        membership.review,
        after={
            "outcome": attempt.outcome,
            "how": made[0].how,
            "on": made[0].day,
            "reports": [report.pk for report in reports],
        },
    )
    return len(made)


def _checked(membership: Membership, report: Report, given: Attempt) -> RetrievalAttempt:
    """The row of an attempt, not stored yet."""
    if given.tried_on is not None and given.tried_on > timezone.localdate():
        raise ValidationError("The day of an attempt cannot lie in the future.", code="future")
    attempt = RetrievalAttempt(
        report=report,
        how=given.how.strip(),
        outcome=given.outcome,
        note=given.note.strip(),
        tried_on=given.tried_on,
        created_by=membership,
    )
    attempt.full_clean(exclude=["report", "created_by"])
    return attempt
