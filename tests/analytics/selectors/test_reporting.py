"""The facts of a review for its reports, its pages and the command."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx import Document

from analytics.prisma.flow import FlowError
from analytics.prisma.reporting.checklist import checklist_of
from analytics.selectors import reporting
from analytics.selectors.reporting import facts_of
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import DuplicateLink, Search
from screening.rules.consensus import Stage, Verdict
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(review, screener, other_screener):
    people = [screener, other_screener]
    review.inclusion_criteria = ["Images", "A baseline"]
    review.registration = "CRD42022000000"
    review.save()
    first, second, twin = (factories.make_record(review) for _ in range(3))
    DuplicateLink.objects.create(review=review, record=twin, kept=first, method="identifier")
    search = Search.objects.create(
        source=first.source, query="a OR b", searched_on=date(2022, 5, 1), hits=9, interface="Ovid"
    )
    first.batch.search = search
    first.batch.save()
    for record, verdict in ((first, Verdict.INCLUDE), (second, Verdict.EXCLUDE)):
        for person in people:
            factories.make_decision(record, person)
            factories.make_decision(record, person, verdict, Stage.FULL_TEXT)
        report = factories.make_report(record)
        if verdict == Verdict.INCLUDE:
            factories.make_study(review, report)
    factories.make_form(review, to_json(template("ssl_classification")))
    return review


def test_the_facts_come_out_of_the_rows(told, lead):
    facts = facts_of(review=told, membership=lead)

    assert facts.flow["duplicates"] == 1
    assert facts.duplicates == {"Same identifier": 1}
    (search,) = facts.searches
    assert (search.platform, search.hits, search.records) == ("Ovid", 9, 3)
    assert [one.reason for one in facts.excluded] == ["Not self-supervised"]
    assert facts.studies == ("Moreau 2021",)
    assert facts.form.outcomes
    assert "AUROC".casefold() in facts.form.policy[0].casefold()
    assert "2 records judged" in facts.stages[1].agreement
    assert not facts.is_running
    assert checklist_of(facts).filled >= 15


def test_who_may_not_see_the_agreement_yet_does_not_read_it_here(told, lead, screener):
    factories.make_record(told)  # the first stage is not finished

    hidden = facts_of(review=told, membership=screener)
    assert hidden.stages[0].agreement == ""
    for person in (lead, None):
        assert (
            "judged by two or more" in facts_of(review=told, membership=person).stages[1].agreement
        )


def test_a_flow_that_does_not_add_up_is_said(told, monkeypatch):
    def broken(**_):
        raise FlowError(())

    monkeypatch.setattr(reporting, "flow_of", broken)
    facts = facts_of(review=told)
    assert facts.flow is None
    assert "does not add up" in checklist_of(facts).rows[21].told


@pytest.mark.parametrize("report", ["checklist", "searches"])
def test_the_page_previews_and_the_files_come(told, observer, client_of, report):
    browser = client_of(observer)
    page = browser.get(
        reverse("analytics:checklist", kwargs={"slug": told.slug, "report": report})
    ).content.decode()
    assert "To be written" in page
    assert "a OR b" in page
    for file_format, start in (("docx", b"PK"), ("csv", b"")):
        address = reverse(
            "analytics:checklist-export",
            kwargs={"slug": told.slug, "report": report, "file_format": file_format},
        )
        answer = browser.get(address)
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert f"prisma-{report}-{told.slug}.{file_format}" in answer["Content-Disposition"]


@pytest.mark.parametrize("path", ["report/poem/", "report/poem/csv/", "report/checklist/exe/"])
def test_what_does_not_exist_is_not_found(review, observer, client_of, path):
    page = reverse("analytics:prisma", kwargs={"slug": review.slug})
    assert client_of(observer).get(page + path).status_code == 404


def test_the_command_writes_both_reports(told, tmp_path):
    out = io.StringIO()
    call_command("prisma_checklist", review=told.slug, format="csv", stdout=out)
    assert out.getvalue().startswith("section,topic,item")
    out = io.StringIO()
    call_command("prisma_checklist", review=told.slug, format="csv", searches=True, stdout=out)
    assert "a OR b" in out.getvalue()
    file = tmp_path / "checklist.docx"
    call_command("prisma_checklist", review=told.slug, format="docx", output=file)
    assert Document(str(file)).tables


def test_the_command_refuses_in_words(review):
    with pytest.raises(CommandError, match="name a file"):
        call_command("prisma_checklist", review=review.slug, format="docx")
    with pytest.raises(CommandError, match="no review"):
        call_command("prisma_checklist", review="nowhere", format="csv")
