"""Risk of bias is judged, reconciled and shown by the same machinery as any answer."""

import pytest

from extraction.schema.codec import sketch_from_json, to_json
from extraction.schema.editing import with_tool
from extraction.schema.templates import template
from extraction.services.extractions import start_extraction, submit_extraction
from extraction.services.reconciling import accept_agreed, start_reconciliation
from extraction.services.values import CellAddress, save_value
from tests import factories

WORDS = {"q2_patients_bias": "low", "q2_index_bias": "high", "q2_index_reason": "Unblinded."}


@pytest.fixture
def page(review):
    return f"/r/{review.slug}/risk-of-bias/"


@pytest.fixture
def study(review):
    blank = sketch_from_json(to_json(template("blank")))
    factories.make_form(review, to_json(with_tool(blank, template("quadas_2").groups)))
    return factories.make_study(review, first_author="Irvin", year=2019)


def judge(study, extractor, **changes):
    extraction = start_extraction(membership=extractor, study=study)
    required = [
        field
        for field in template("quadas_2").study_fields
        if field.required and field.key not in WORDS
    ]
    answers = {**{field.key: "unclear" for field in required}, **WORDS, **changes}
    for field, raw in answers.items():
        save_value(
            membership=extractor,
            cell=CellAddress(extraction, field),
            raw=raw,
            unit="",
            expected=None,
        )
    submit_extraction(membership=extractor, extraction=extraction)


def test_a_review_without_a_tool_is_told_how_to_get_one(client_of, lead, page):
    assert b"The form has no risk-of-bias tool" in client_of(lead).get(page).content


@pytest.fixture
def rated(study, extractor, other_extractor):
    judge(study, extractor)
    judge(study, other_extractor, q2_patients_bias="high")
    return study


def test_two_raters_are_reconciled_and_only_what_is_settled_is_shown(
    client_of, observer, adjudicator, rated, page
):
    client = client_of(observer)
    assert "1 study has no settled judgement yet." in client.get(page).content.decode()
    begun = start_reconciliation(membership=adjudicator, study=rated)
    accept_agreed(membership=adjudicator, reconciliation=begun)
    shown = client.get(page).content.decode()
    assert "Irvin 2019" in shown
    assert "High risk of bias is most frequent in index test: 1 of 1." in shown
    rows = client.get(f"{page}quadas-2/csv/").content.decode().splitlines()
    assert "Irvin 2019,,Index test,risk of bias,High,high,Unblinded.,,,reconciled" in rows
    assert not any("Patient selection,risk of bias" in row for row in rows)


def test_a_program_reads_what_is_settled(client_of, observer, adjudicator, rated, review):
    begun = start_reconciliation(membership=adjudicator, study=rated)
    accept_agreed(membership=adjudicator, reconciliation=begun)
    client, url = client_of(observer), f"/api/v1/reviews/{review.slug}/risk-of-bias/"
    (tool,) = client.get(url).json()["results"]
    (assessment,) = tool["assessments"]
    assert (tool["name"], tool["missing"], assessment["study"]) == ("QUADAS-2", 0, "Irvin 2019")
    judged = {(one["domain"], one["judges"]): one for one in assessment["judgements"]}
    index = judged["Index test", "bias"]
    assert (index["level"], index["reason"]) == ("high", "Unblinded.")
    assert ("Patient selection", "bias") not in judged
    drawn = client.get(f"{url}{tool['key']}/traffic-light/")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert client.get(f"{url}{tool['key']}/pdf/").status_code == 404


def test_the_drawings_are_files(client_of, observer, study, page):
    for kind in ("traffic-light", "summary"):
        answer = client_of(observer).get(f"{page}quadas-2/{kind}/")
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<svg ")
    assert client_of(observer).get(f"{page}quadas-2/pdf/").status_code == 404
    assert client_of(observer).get(f"{page}other/csv/").status_code == 404


def test_the_page_asks_the_same_number_of_questions_for_many_studies(
    client_of, lead, review, study, page, django_assert_num_queries
):
    client = client_of(lead)
    with django_assert_num_queries(40, exact=False) as few:
        client.get(page)
    for _ in range(6):
        factories.make_study(review)
    with django_assert_num_queries(len(few)):
        client.get(page)
