"""Table 1 of a review whose form compares nothing: page, files, columns, rules, API, command."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from analytics.models import Footnote
from analytics.selectors.table1 import table1_of
from extraction.models import Study
from tests.analytics.seed import plain_form, plain_studies
from tests.analytics.stored import store

BASE = "/r/ssl/table-1/"
API = "/api/v1/reviews/ssl/"


@pytest.fixture
def plain(lead):
    """Two studies under a form without a comparison."""
    store(lead, plain_studies(), plain_form())
    return Study.objects.get(first_author="Zorn")


def test_the_page_shows_the_studies_and_no_gains(client_of, observer, lead, plain):
    text = client_of(observer).get(BASE).text

    assert "randomised" in text
    assert "aspirin; placebo" in text
    for word in ("with both values", "Difference", "why", "no comparable pair"):
        assert word not in text
    study = f"{BASE}studies/{plain.pk}/"
    assert study not in text
    assert f'href="{study}"' in client_of(lead).get(BASE).text


def test_its_policy_says_that_there_is_nothing_to_select_among(client_of, lead, plain):
    browser = client_of(lead)

    assert "There is nothing to select among" in browser.get(f"{BASE}policy/").text
    assert browser.post(f"{BASE}policy/save/", {"save": ""}).status_code == 404
    refused = browser.get(f"{API}table-1/policy/")
    assert refused.status_code == 404
    assert "nothing to select among" in json.dumps(refused.json())


def test_a_study_takes_footnotes_and_no_choice(client_of, lead, plain):
    browser, place = client_of(lead), f"{BASE}studies/{plain.pk}/"

    page = browser.get(place).text
    assert "Own footnotes" in page
    assert "Experiments" not in page
    browser.post(f"{place}footnote/", {"text": "Told by letter.", "column": "design"})
    assert Footnote.objects.get().column == "design"
    assert "Told by letter." in browser.get(BASE).text
    sent = {"full": "e1", "subset": "", "rationale": "So."}
    refused = browser.post(f"{place}choose/", sent)
    assert refused.status_code == 400


def test_columns_are_chosen_on_the_page_and_by_the_api(client_of, lead, plain):
    browser = client_of(lead)

    page = browser.get(f"{BASE}columns/").text
    assert "<code>arm_dose</code>" in page
    assert "Answers that stand as footnotes" not in page
    sent = {"columns": [{"key": "arm_dose", "label": "How much"}], "group_by": "design"}
    shown = browser.put(f"{API}table-1/layout/", sent, content_type="application/json")
    assert shown.status_code == 200, shown.text
    assert "arm_drug" in {one["key"] for one in shown.json()["offered"]}
    assert "How much" in browser.get(BASE).text
    assert [one.key for one in table1_of(review=lead.review).columns] == ["arm_dose"]


def test_every_format_is_written(client_of, lead, observer, plain):
    browser = client_of(observer)

    for name in ("csv", "csv-excel", "xlsx", "docx", "latex", "markdown", "html", "json"):
        assert len(browser.get(f"{BASE}export/{name}/").content) > 100
        assert browser.get(f"{BASE}export/{name}/?long=1&provenance=1").status_code == 200
    long = browser.get(f"{BASE}export/csv/?long=1").text.splitlines()
    assert len(long) == 1 + 4 + 1
    told = browser.get(f"{API}table-1/").json()
    assert [row["arm_drug"] for row in told["rows"]] == ["aspirin; placebo", None]
    assert told["rows"][0]["evidence"]["design"]["page"] == "3"


def test_the_command_writes_it(lead, plain):
    out = io.StringIO()
    call_command("export_table1", "--review", "ssl", "--format", "csv", stdout=out)
    assert out.getvalue().splitlines()[1].startswith("2020,Zorn,randomised,120,aspirin; placebo")
    with pytest.raises(CommandError, match="names no comparison"):
        call_command("export_figures", "--review", "ssl", "-o", "nowhere")
