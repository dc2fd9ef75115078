"""What joining or splitting a report would do, and which reports could be joined."""

from dataclasses import dataclass

from django.db.models import Q

from extraction.models import ExtractedValue, Study, StudyReport
from extraction.selectors.desk import reports_without_study
from screening.models import Membership, Report

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ReportMove:
    """A report, where it stands, and what stays behind.

    Attributes:
        report: The report.
        study: The study it stands in now, None for a free one.
        target: The study it would belong to; None for a new one.
        is_last: Whether its study would have no report left.
        kept: Current values of its study, which stay with that study.
        quoting: Of these, how many quote a page of this report.
    """

    report: Report
    study: Study | None
    target: Study | None
    is_last: bool
    kept: int
    quoting: int


def joining(study: Study, report: Report) -> ReportMove:
    """What joining the report to the study would do."""
    joined = StudyReport.objects.filter(report=report).select_related("study").first()
    left = joined.study if joined else None
    is_last = left is not None and left.study_reports.count() == 1
    return ReportMove(report, left, study, is_last, *_values(left, report))


def splitting(study: Study, report: Report) -> ReportMove | None:
    """What splitting the report off would do; None when it is not of the study."""
    joined = study.study_reports.filter(report=report).select_related("came_from").first()
    if joined is None:
        return None
    is_last = study.study_reports.count() == 1
    return ReportMove(report, study, joined.came_from, is_last, *_values(study, report))


def joinable(membership: Membership, study: Study, words: str) -> list[Report]:
    """Included reports that could be joined: free ones first, then those of other studies."""
    free = reports_without_study(membership.review)
    wanted = words.split()
    if wanted:
        free = [one for one in free if _holds(one, wanted)]
    if not wanted:
        return free[:SHOWN]
    others = Report.objects.filter(
        record__review=membership.review, study_report__study__joined_into__isnull=True
    ).exclude(study_report__study=study)
    for word in wanted:
        others = others.filter(
            Q(record__title__icontains=word) | Q(study_report__study__first_author__icontains=word)
        )
    found = others.filter(study_report__isnull=False).select_related("record")
    return [*free, *found.order_by("pk")[:SHOWN]][:SHOWN]


def _holds(report: Report, words: list[str]) -> bool:
    text = f"{report.record.title} {' '.join(map(str, report.record.authors))}".casefold()
    return all(word.casefold() in text for word in words)


def _values(study: Study | None, report: Report) -> tuple[int, int]:
    if study is None:
        return 0, 0
    current = ExtractedValue.objects.current().filter(extraction__study=study)
    return current.count(), current.filter(full_text__report=report).count()
