"""Studies: made from included reports, and described."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from extraction.models import Study, StudyReport
from screening.models import AuditEvent, Membership, Record, Report
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.shown import shown_record
from screening.selectors.stages import is_included


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What a study says of itself, apart from its answers."""

    title: str
    first_author: str = ""
    year: int | None = None
    label: str = ""


@transaction.atomic
def create_study(*, membership: Membership, report: Report) -> Study:
    """Make a study out of an included report, named after its record.

    Raises:
        ValidationError: The report is of another review, is not included at full text, or
            belongs to a study already.
    """
    require(membership, Capability.MANAGE_REPORTS)
    check_report(membership, report)
    if StudyReport.objects.filter(report=report).exists():
        raise ValidationError("This report belongs to a study already.")
    study = create_from(membership, report)
    StudyReport.objects.create(study=study, report=report, is_main=True)
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="study.created",
        target=study,
        after={"title": study.title, "reports": [report.pk]},
    )
    return study


@transaction.atomic
def describe_study(*, membership: Membership, study: Study, facts: StudyFacts) -> Study:
    """Change title, first author, year or label of a study."""
    require(membership, Capability.MANAGE_REPORTS)
    if study.review_id != membership.review_id:
        raise ValidationError("This study is of another review.")
    names = ("title", "first_author", "year", "label")
    before = {name: getattr(study, name) for name in names}
    after = {name: getattr(facts, name) for name in names}
    if before == after:
        return study
    for name, value in after.items():
        setattr(study, name, value)
    study.full_clean()
    study.save(update_fields=names)
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="study.described",
        target=study,
        before=before,
        after=after,
    )
    return study


def create_from(membership: Membership, report: Report) -> Study:
    """A study named after a report's record, without reports yet."""
    facts = _facts_of(report.record)
    return Study.objects.create(
        review=membership.review,
        title=facts.title,
        first_author=facts.first_author,
        year=facts.year,
        created_by=membership,
    )


def check_report(membership: Membership, report: Report) -> None:
    """Refuse a report of another review, or one that is not included at full text.

    Raises:
        ValidationError: With what is wrong.
    """
    if report.record.review_id != membership.review_id:
        raise ValidationError("This report is of another review.")
    if not is_included(report.record):
        raise ValidationError("This report is not included at full text, so it has no study yet.")


def _facts_of(record: Record) -> StudyFacts:
    shown = shown_record(record)
    authors = [str(author) for author in shown.authors]
    family = authors[0].split(",")[0].strip() if authors else ""
    return StudyFacts(title=shown.title, first_author=family, year=shown.year)
