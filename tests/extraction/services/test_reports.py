import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.models import ExtractedValue, Study, StudyReport
from extraction.selectors.answers import study_answers
from extraction.selectors.reports import joinable, joining, splitting
from extraction.selectors.states import state_counts
from extraction.services.reports import join_report, split_report
from screening.models import AuditEvent
from screening.rules.consensus import Stage, Verdict
from tests import factories
from tests.extraction.conftest import extract


@pytest.fixture
def second(review, screener, other_screener):
    record = factories.make_record(review, title="Journal version", authors=["Zhou, Wei"])
    for reviewer in (screener, other_screener):
        factories.make_decision(record, reviewer, Verdict.INCLUDE, Stage.FULL_TEXT)
    return factories.make_report(record)


@pytest.fixture
def other(review, second, form):
    return factories.make_study(review, second, title="Journal version", first_author="Zhou")


def snapshot():
    return (
        list(Study.objects.order_by("pk").values()),
        list(StudyReport.objects.order_by("pk").values("study", "report", "is_main", "came_from")),
        list(ExtractedValue.objects.order_by("pk").values()),
    )


def test_joining_a_report_of_another_study_sets_that_study_aside_with_its_values(
    lead, study, other, second, extractor, review
):
    extraction = extract(other, extractor)
    move = joining(study, second)
    assert (move.study, move.is_last, move.kept) == (other, True, 3)
    join_report(membership=lead, study=study, report=second)
    other.refresh_from_db()
    assert other.joined_into == study
    assert extraction.values.count() == 3
    assert set(Study.objects.standing()) == {study}
    assert sum(state_counts(review).values()) == 1
    assert [one.study_id for one in study_answers(review=review)] == [study.pk]


def test_splitting_brings_everything_back_as_it_was(lead, study, other, second, extractor):
    extract(other, extractor)
    before = snapshot()
    join_report(membership=lead, study=study, report=second)
    assert snapshot() != before
    assert splitting(study, second).target == other
    assert split_report(membership=lead, study=study, report=second) == other
    assert snapshot() == before
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert actions[-2:] == ["study.report_joined", "study.report_split"]


def test_a_free_report_that_was_joined_makes_its_own_study_when_split(
    lead, study, second, extractor
):
    extract(study, extractor)
    join_report(membership=lead, study=study, report=second)
    made = split_report(membership=lead, study=study, report=second)
    assert (made.first_author, made.title) == ("Zhou", "Journal version")
    assert made.study_reports.get().is_main
    assert not made.extractions.exists()
    assert study.extractions.get().values.count() == 3


def test_the_main_report_leaves_and_another_becomes_main(lead, study, report, second):
    join_report(membership=lead, study=study, report=second)
    split_report(membership=lead, study=study, report=report)
    left = study.study_reports.get()
    assert (left.report, left.is_main) == (second, True)


def test_a_study_with_other_reports_stays(lead, review, study, other, second, report):
    third = factories.make_report(report.record)
    assert third == report
    join_report(membership=lead, study=other, report=report)
    study.refresh_from_db()
    assert study.joined_into == other
    join_report(membership=lead, study=study, report=second)
    other.refresh_from_db()
    assert other.joined_into is None
    assert other.study_reports.get().is_main


def test_what_cannot_be_done_is_refused(lead, observer, study, report, second, review):
    with pytest.raises(ValidationError, match="belongs to this study already"):
        join_report(membership=lead, study=study, report=report)
    with pytest.raises(ValidationError, match="only report"):
        split_report(membership=lead, study=study, report=report)
    with pytest.raises(ValidationError, match="does not belong"):
        split_report(membership=lead, study=study, report=second)
    loose = factories.make_report(factories.make_record(review))
    with pytest.raises(ValidationError, match="not included at full text"):
        join_report(membership=lead, study=study, report=loose)
    stranger = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(ValidationError, match="another review"):
        join_report(membership=stranger, study=study, report=second)
    with pytest.raises(PermissionDenied):
        join_report(membership=observer, study=study, report=second)


def test_reports_are_found_by_words_in_other_studies_too(lead, study, other, second, report):
    assert joinable(lead, study, "") == []
    assert joinable(lead, study, "journal") == [second]
    assert joinable(lead, study, "Zhou") == [second]
    assert joinable(lead, study, "MoCo") == []  # its own
