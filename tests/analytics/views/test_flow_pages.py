"""PRISMA, agreement and Table 1 as people open them."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.prisma.flow import FlowError
from analytics.prisma.invariants import Violation
from extraction.models import ExtractedValue, Extraction, ExtractionRow
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.rules.consensus import Stage, Verdict
from tests import factories
from tests.analytics.tables.studies import HEADER

pytestmark = pytest.mark.django_db


def url(name, review, **arguments):
    return reverse(f"analytics:{name}", kwargs={"slug": review.slug, **arguments})


def text_of(response):
    return response.content.decode()


@pytest.fixture
def record(review, screener, other_screener):
    record = factories.make_record(review, title="A <b>bold</b> title")
    for person in (screener, other_screener):
        factories.make_decision(record, person)
    return record


@pytest.fixture
def study(review, record, extractor):
    form = factories.make_form(review, to_json(template("ssl_classification")))
    study = factories.make_study(review, factories.make_report(record), first_author="Burlina")
    extraction = Extraction.objects.create(
        study=study, form=form, extractor=extractor, origin=Extraction.Origin.IMPORT
    )
    row = ExtractionRow.objects.create(extraction=extraction, group="experiment", position=1)
    answers = {"metric": "AUROC", "ssl_performance": "0.8348", "supervised_performance": "0.8330"}
    for field, value in answers.items():
        unit = "fraction" if field.endswith("performance") else ""
        ExtractedValue.objects.create(
            extraction=extraction, row=row, field=field, value=value, unit=unit, quote="printed"
        )
    ExtractedValue.objects.create(extraction=extraction, field="strategy", value="contrastive")
    return study


def test_the_flow_page_draws_the_diagram_with_links(review, record, observer, client_of):
    page = text_of(client_of(observer).get(url("prisma", review)))

    assert "sums agree" in page
    assert f'href="{url("prisma-box", review, box="records-screened")}"' in page
    assert f'href="{url("prisma-part", review, box="source", number=0)}"' in page
    assert "Records screened" in page


def test_an_empty_review_has_a_flow_page(review, observer, client_of):
    page = text_of(client_of(observer).get(url("prisma", review)))

    assert "No source has given a record yet" in page


def test_the_note_on_the_sources_stands_on_the_page(review, observer, client_of):
    review.source_note = "The paper's own results were never published."
    review.save()

    assert "never published" in text_of(client_of(observer).get(url("prisma", review)))


def test_a_box_opens_its_rows(review, record, observer, client_of):
    page = text_of(client_of(observer).get(url("prisma-box", review, box="records-screened")))

    assert "A &lt;b&gt;bold&lt;/b&gt; title" in page
    assert "1 record<" in page


def test_a_box_of_studies_opens_the_studies(review, record, study, screener, client_of):
    for person in (screener, factories.make_member(review, "screener")):
        factories.make_decision(record, person, stage=Stage.FULL_TEXT)
    page = text_of(client_of(screener).get(url("prisma-box", review, box="new-studies")))

    assert "Burlina" in page


def test_a_box_of_reports_opens_the_reports(review, record, observer, client_of):
    report = factories.make_report(record)
    page = text_of(client_of(observer).get(url("prisma-box", review, box="dbr-sought-reports")))

    assert report.get_absolute_url() in page


def test_a_long_box_has_pages(review, observer, client_of):
    for _ in range(51):
        factories.make_record(review)
    address = url("prisma-box", review, box="database-results")

    assert "Page 1 of 2" in text_of(client_of(observer).get(address))
    assert "Page 2 of 2" in text_of(client_of(observer).get(address, {"page": 2}))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("prisma-box", {"box": "no-such-box"}),
        ("prisma-part", {"box": "source", "number": 9}),
        ("prisma-export", {"file_format": "gif"}),
        ("agreement-export", {"file_format": "xlsx"}),
        ("table1-export", {"file_format": "docx"}),
        ("table1-export", {"file_format": "csv"}),
    ],
)
def test_what_does_not_exist_is_not_found(review, observer, client_of, name, arguments):
    assert client_of(observer).get(url(name, review, **arguments)).status_code == 404


def test_a_reason_opens_its_reports(review, record, screener, other_screener, client_of):
    reason = factories.make_reason(review, "No images")
    for person in (screener, other_screener):
        factories.make_decision(record, person, Verdict.EXCLUDE, Stage.FULL_TEXT, reason=reason)
    page = text_of(
        client_of(screener).get(url("prisma-part", review, box="dbr-excluded", number=0))
    )

    assert "Reports excluded: No images" in page


@pytest.mark.parametrize(
    ("file_format", "start"),
    [("svg", b"<svg"), ("png", b"\x89PNG"), ("csv", b"data,node,box"), ("json", b"{")],
)
def test_the_flow_comes_as_a_file(review, record, observer, client_of, file_format, start):
    response = client_of(observer).get(url("prisma-export", review, file_format=file_format))

    assert response.content.startswith(start)
    name = f'attachment; filename="prisma-{review.slug}.{file_format}"'
    assert response["Content-Disposition"] == name


def test_the_flow_of_a_past_day_is_without_what_came_later(review, record, observer, client_of):
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    client = client_of(observer)

    told = client.get(url("prisma-export", review, file_format="json"), {"as_of": yesterday})
    assert json.loads(told.content)["boxes"]["database_results"]["count"] == 0
    page = text_of(client.get(url("prisma", review), {"as_of": yesterday}))
    assert "This is the flow at the end of" in page
    assert f"?as_of={yesterday}" in page


def test_a_day_that_has_not_come_is_refused_in_words(review, observer, client_of):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    page = text_of(client_of(observer).get(url("prisma", review), {"as_of": tomorrow}))
    assert "This day has not come yet" in page


def test_a_flow_that_does_not_add_up_shows_the_rows_instead(
    review, observer, client_of, monkeypatch
):
    def broken(**_):
        raise FlowError((Violation("I4", "the reasons must make up", frozenset({3, 5})),))

    monkeypatch.setattr("analytics.views.prisma.flow_of", broken)
    page = text_of(client_of(observer).get(url("prisma", review)))
    assert "does not add up" in page
    for pk in (3, 5):
        assert f'href="/r/{review.slug}/records/{pk}/">record {pk}</a>' in page
    export = client_of(observer).get(url("prisma-export", review, file_format="svg"))
    assert export.status_code == 404


def test_agreement_is_hidden_from_who_screens_until_the_end(
    review, record, screener, lead, client_of
):
    factories.make_record(review)
    hidden = client_of(screener).get(url("agreement", review))
    assert "This stage is blinded" in text_of(hidden)
    export = client_of(screener).get(url("agreement-export", review, file_format="csv"))
    assert export.status_code == 302

    page = text_of(client_of(lead).get(url("agreement", review)))
    assert "Sam Screener and Olga Other" in page
    assert "only one category was used" in page
    told = client_of(lead).get(url("agreement-export", review, file_format="csv"))
    rows = list(csv.DictReader(io.StringIO(told.content.decode(), newline="")))
    assert rows[0]["coefficient"] == "percent agreement"
    assert rows[1]["note"].startswith("not defined")


def test_agreement_of_nobody_says_so(review, lead, client_of):
    page = text_of(client_of(lead).get(url("agreement", review), {"stage": "full-text"}))

    assert "No two people have judged the same record" in page


def test_an_unknown_stage_is_not_found(review, lead, client_of):
    assert client_of(lead).get(url("agreement", review), {"stage": "third"}).status_code == 404


def test_table_1_groups_the_studies_and_links_the_values(review, study, observer, client_of):
    page = text_of(client_of(observer).get(url("table1", review)))

    assert "Contrastive" in page
    assert "Burlina 2021" in page
    assert "+0.22" in page
    assert "0.8348" in page
    assert "not stated" in page


def test_table_1_of_a_study_without_numbers_says_why(review, study, observer, client_of):
    ExtractedValue.objects.filter(field="supervised_performance").delete()

    assert "no comparable pair" in text_of(client_of(observer).get(url("table1", review)))


def test_table_1_without_a_form_or_without_studies_says_what_to_do(review, observer, client_of):
    client = client_of(observer)
    assert "has no extraction form yet" in text_of(client.get(url("table1", review)))

    factories.make_form(review, to_json(template("ssl_classification")))
    assert "No study yet" in text_of(client.get(url("table1", review)))


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "latex", "markdown", "html", "json"])
def test_table_1_comes_as_a_file(review, study, observer, client_of, file_format):
    address = url("table1-export", review, file_format=file_format)

    assert client_of(observer).get(address).status_code == 200
    long = client_of(observer).get(address, {"long": 1, "provenance": 1})
    assert "table-1-long-" in long["Content-Disposition"]


def test_the_csv_of_table_1_has_the_agreed_header_and_numbers(review, study, observer, client_of):
    address = url("table1-export", review, file_format="csv")
    told = client_of(observer).get(address).content.decode()

    assert told.split("\r\n")[0] == HEADER
    row = next(csv.DictReader(io.StringIO(told, newline="")))
    assert row["relative_difference_full"] == "0.216086"
    assert row["study_id"] == str(study.pk)
