"""Reports joined to one study and split again; values stay with the study they were read for."""

from django.core.exceptions import ValidationError
from django.db import transaction

from extraction.models import Study, StudyReport
from extraction.services.quotes import look_in_report
from extraction.services.studies import check_report, create_from
from screening.models import AuditEvent, Membership, Report
from screening.permissions import require
from screening.rules.roles import Capability


@transaction.atomic
def join_report(*, membership: Membership, study: Study, report: Report) -> StudyReport:
    """Join a report to a study, a free one or one of another study.

    The extractions of the other study stay with it. When it has no report left it is set aside:
    it is in no list, table or figure, and `split_report` brings it back as it was.

    Raises:
        ValidationError: Study or report is of another review, the report is not included at full
            text, or it is a report of this study already.
    """
    require(membership, Capability.MANAGE_REPORTS)
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.review_id != membership.review_id:
        raise ValidationError("This study is of another review.")
    check_report(membership, report)
    joined = StudyReport.objects.select_for_update().filter(report=report).first()
    if joined is not None and joined.study_id == study.pk:
        raise ValidationError("This report belongs to this study already.")
    left = joined.study if joined else None
    if joined is None:
        joined = StudyReport(report=report)
    joined.study, joined.came_from = study, left
    joined.is_main = not study.study_reports.exists()
    joined.save()
    if left is not None:
        _after_leaving(left, study)
    look_in_report(report=report, asked_by=membership)
    AuditEvent.objects.append_by(
        membership,
        "study.report_joined",
        study,
        before={"study": left.pk if left else None},
        after={"report": report.pk},
    )
    return joined


@transaction.atomic
def split_report(*, membership: Membership, study: Study, report: Report) -> Study:
    """Split a report off a study: it goes back to the study it came from, or makes its own.

    Returns:
        The study the report belongs to now. Every value stays with the study it was read for.

    Raises:
        ValidationError: The report is not of this study, or is its only one.
    """
    require(membership, Capability.MANAGE_REPORTS)
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.review_id != membership.review_id:
        raise ValidationError("This study is of another review.")
    joined = study.study_reports.select_for_update().filter(report=report).first()
    if joined is None:
        raise ValidationError("This report does not belong to this study.")
    if study.study_reports.count() == 1:
        raise ValidationError("This is the only report of the study, so there is nothing to split.")
    back = joined.came_from
    target = back or create_from(membership, report)
    was_main = joined.is_main
    joined.study, joined.came_from, joined.is_main = target, None, False
    joined.is_main = not target.study_reports.filter(is_main=True).exists()
    joined.save()
    if was_main:
        _name_main(study)
    if target.joined_into_id is not None:
        target.joined_into = None
        target.save(update_fields=["joined_into"])
    look_in_report(report=report, asked_by=membership)
    AuditEvent.objects.append_by(
        membership,
        "study.report_split",
        study,
        before={"report": report.pk},
        after={"study": target.pk},
    )
    return target


def _after_leaving(left: Study, study: Study) -> None:
    """Set a study without reports aside, or give it another main report."""
    if left.study_reports.exists():
        _name_main(left)
    else:
        left.joined_into = study
        left.save(update_fields=["joined_into"])


def _name_main(study: Study) -> None:
    if study.study_reports.filter(is_main=True).exists():
        return
    first = study.study_reports.order_by("pk").first()
    if first is not None:
        first.is_main = True
        first.save(update_fields=["is_main"])
