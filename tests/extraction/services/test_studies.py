import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.services.reports import join_report
from extraction.services.studies import StudyFacts, create_study, describe_study
from screening.models import AuditEvent
from screening.rules.consensus import Stage, Verdict
from tests import factories


def test_an_included_report_becomes_a_study_named_after_its_record(extractor, report):
    study = create_study(membership=extractor, report=report)
    assert (study.title, study.first_author, study.year) == ("MoCo-CXR", "Sowrirajan", 2021)
    assert study.study_reports.get().is_main
    assert AuditEvent.objects.get(action="study.created").actor == extractor.user


def test_a_report_belongs_to_one_study_only(extractor, report):
    create_study(membership=extractor, report=report)
    with pytest.raises(ValidationError, match="belongs to a study already"):
        create_study(membership=extractor, report=report)


def test_a_report_that_is_not_included_has_no_study(extractor, review, screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener, Verdict.INCLUDE, Stage.FULL_TEXT)
    with pytest.raises(ValidationError, match="not included at full text"):
        create_study(membership=extractor, report=factories.make_report(record))


def test_a_report_of_another_review_is_refused(report):
    other = factories.make_member(factories.make_review(), "extractor")
    with pytest.raises(ValidationError, match="another review"):
        create_study(membership=other, report=report)


def test_an_observer_makes_no_studies(observer, report):
    with pytest.raises(PermissionDenied):
        create_study(membership=observer, report=report)


def test_another_report_joins_a_study(lead, review, report):
    study = factories.make_study(review)
    join_report(membership=lead, study=study, report=report)
    assert [one.report for one in study.study_reports.all()] == [report]
    assert AuditEvent.objects.filter(action="study.report_joined").exists()


def test_a_report_joins_no_study_of_another_review(lead, report):
    with pytest.raises(ValidationError, match="another review"):
        join_report(
            membership=lead, study=factories.make_study(factories.make_review()), report=report
        )


def test_a_study_is_described_anew_and_the_change_is_audited(extractor, study):
    facts = StudyFacts("MoCo-CXR", "Sowrirajan", 2020, "55")
    describe_study(membership=extractor, study=study, facts=facts)
    event = AuditEvent.objects.get(action="study.described")
    assert (event.before["year"], event.after["year"]) == (2021, 2020)
    describe_study(membership=extractor, study=study, facts=facts)
    assert AuditEvent.objects.filter(action="study.described").count() == 1


def test_a_study_of_another_review_is_not_described(study):
    other = factories.make_member(factories.make_review(), "extractor")
    with pytest.raises(ValidationError, match="another review"):
        describe_study(membership=other, study=study, facts=StudyFacts("x"))
