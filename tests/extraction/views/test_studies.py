import pytest

from extraction.models import Extraction, Study
from screening.models import AuditEvent
from screening.rules.consensus import Stage, Verdict
from tests import factories
from tests.extraction.conftest import extract


@pytest.fixture
def listed(review):
    return f"/r/{review.slug}/extraction/"


def address(study, *rest):
    return f"/r/{study.review.slug}/extraction/studies/{study.pk}/" + "".join(f"{r}/" for r in rest)


def test_the_list_says_what_waits_for_an_extractor(client_of, extractor, study, listed):
    page = client_of(extractor).get(listed)
    assert [one.waits for one in page.context["waiting"]] == ["Extract"]
    extract(study, extractor, submit=False)
    page = client_of(extractor).get(listed)
    assert [one.waits for one in page.context["waiting"]] == ["Your draft"]
    assert b"Being extracted" in page.content


def test_the_list_says_what_waits_for_an_adjudicator(
    client_of, adjudicator, extractor, other_extractor, study, listed
):
    extract(study, extractor)
    assert not client_of(adjudicator).get(listed).context["waiting"]
    extract(study, other_extractor)
    assert [o.waits for o in client_of(adjudicator).get(listed).context["waiting"]] == ["Reconcile"]


def test_the_list_is_filtered_by_state(client_of, lead, review, study, listed):
    imported = factories.make_study(review, first_author="Zhou")
    Extraction.objects.create(
        study=imported,
        form=review.extraction_forms.get(),
        extractor=lead,
        origin=Extraction.Origin.IMPORT,
    )
    page = client_of(lead).get(listed, {"state": "imported"})
    assert [one.study for one in page.context["studies"]] == [imported]


def test_an_empty_review_says_what_to_do_next(client_of, lead, listed):
    page = client_of(lead).get(listed)
    assert b"No extraction form is published yet" in page.content
    assert b"No study yet" in page.content


def test_the_list_takes_as_many_queries_for_many_studies_as_for_one(
    client_of, extractor, review, study, listed, django_assert_max_num_queries
):
    for _ in range(30):
        extract(factories.make_study(review), extractor, submit=False)
    client = client_of(extractor)
    with django_assert_max_num_queries(14):
        client.get(listed)


def test_an_included_report_is_made_a_study(client_of, extractor, report, form, listed):
    page = client_of(extractor).get(listed)
    assert page.context["open_reports"] == [report]
    answer = client_of(extractor).post(f"{listed}studies/new/", {"report": report.pk})
    assert answer.url == Study.objects.get().get_absolute_url()
    again = client_of(extractor).post(f"{listed}studies/new/", {"report": report.pk}, follow=True)
    assert b"belongs to a study already" in again.content


def test_another_report_is_joined(client_of, extractor, review, study, screener, other_screener):
    record = factories.make_record(review, title="Journal version")
    for reviewer in (screener, other_screener):
        factories.make_decision(record, reviewer, Verdict.INCLUDE, Stage.FULL_TEXT)
    second = factories.make_report(record)
    page = client_of(extractor).post(address(study, "join"), {"report": second.pk}, follow=True)
    assert study.study_reports.count() == 2
    assert b"Journal version" in page.content
    refused = client_of(extractor).post(address(study, "join"), {"report": second.pk}, follow=True)
    assert b"belongs to this study already" in refused.content


def test_a_study_is_described(client_of, lead, study):
    client_of(lead).post(address(study, "describe"), {"title": "T", "year": "2020"})
    study.refresh_from_db()
    assert (study.title, study.year) == ("T", 2020)
    refused = client_of(lead).post(address(study, "describe"), {"title": "", "year": "20"})
    assert refused.status_code == 400


def test_the_study_page_hides_anothers_values(client_of, other_extractor, extractor, study):
    extract(study, extractor, ssl_framework="A secret framework")
    page = client_of(other_extractor).get(address(study))
    assert b"values hidden until both have submitted" in page.content
    assert b"A secret framework" not in page.content


def test_starting_leads_to_the_form(client_of, extractor, study):
    answer = client_of(extractor).post(address(study, "start"))
    assert answer.url == address(study, "extract")


def test_what_cannot_start_says_why(client_of, extractor, review):
    study = factories.make_study(review)
    page = client_of(extractor).post(address(study, "start"), follow=True)
    assert b"No extraction form is published yet" in page.content


def test_reopening_goes_through_the_lead_once_both_have_submitted(
    client_of, lead, extractor, other_extractor, study
):
    own = extract(study, extractor)
    client_of(extractor).post(address(study, "extract", "reopen"))
    own.refresh_from_db()
    assert own.submitted_at is None
    client_of(extractor).post(address(study, "extract", "submit"))
    extract(study, other_extractor)
    url = f"/r/{study.review.slug}/extraction/extractions/{own.pk}/reopen/"
    assert client_of(extractor).post(url).status_code == 403
    assert b"Say why" in client_of(lead).post(url, follow=True).content
    client_of(lead).post(url, {"reason": "A table was overlooked."})
    assert AuditEvent.objects.filter(action="extraction.reopened").count() == 2


@pytest.mark.parametrize("rest", [[], ["extract"], ["reconcile"]])
def test_a_stranger_finds_nothing(client_of, stranger, study, rest):
    assert client_of(stranger).get(address(study, *rest)).status_code == 404
