"""The lead says on a page what the form compares, sees what it gives, and is told what is wrong."""

from dataclasses import replace

import pytest

from extraction.models import Extraction
from extraction.schema.codec import to_json
from extraction.schema.comparison import Dependence
from extraction.schema.editing import fingerprint
from extraction.schema.fields import Field, FieldType, Group, Term
from extraction.schema.metrics import Direction
from extraction.schema.templates import template
from extraction.selectors.forms import form_draft, sketch_of
from extraction.services import drafts
from tests.extraction.conftest import experiment, extract

ARMS = {
    "arm_label": ["ours", "theirs"],
    "arm_field": ["ours", "theirs"],
    "arm_low": ["", ""],
    "arm_high": ["", ""],
    "arm_spread": ["", ""],
}
REST = {"effect": "difference", "dependence": "three_level", "correlation": "0.2"}
METRIC = {
    "metric_key": ["dose"],
    "metric_aliases": ["mean dose; DLP"],
    "metric_direction": ["lower"],
    "metric_low": ["0"],
    "metric_high": [""],
    "metric_ask_below": [""],
    "metric_error": [""],
}


@pytest.fixture
def page(review):
    return f"/r/{review.slug}/extraction/form/draft/comparison/"


@pytest.fixture
def client(client_of, lead):
    return client_of(lead)


@pytest.fixture
def rows(lead):
    """A draft with a part of rows: a measure, a place and the values of both sides."""
    drafts.start_draft(membership=lead, definition=to_json(template("blank")))
    measure = Field("measure", "Measure", FieldType.CHOICE, terms=(Term("dose"), Term("AUROC")))
    numbers = [Field(key, key.title(), FieldType.NUMBER) for key in ("ours", "theirs")]
    place = Field("place", "Place")
    group = Group("result", "Results", (measure, place, *numbers), repeating=True)
    drafts.save_group(membership=lead, group=group)


def comparison(review):
    return sketch_of(form_draft(review)).comparison


def sent(**more):
    known = {"group": "result", "metric_field": "measure", "task_field": "place"}
    return {**known, **ARMS, **REST, **METRIC, **more}


def test_a_form_of_ones_own_learns_what_it_compares(client, page, rows, review):
    assert "Say what is compared" in client.get(page.removesuffix("comparison/")).text
    assert 'name="arm_field"' in client.get(page).text
    chosen = {"match_fields": ["measure"], "table_columns": ["year", "title"]}
    assert client.post(page, sent(**chosen)).status_code == 302
    spec = comparison(review)
    assert (spec.arm.field, spec.comparator.label, spec.task_fields) == (
        "ours",
        "theirs",
        ("place",),
    )
    assert (spec.match_fields, spec.table_columns) == (("measure",), ("year", "title"))
    assert spec.synthesis.dependence is Dependence.THREE_LEVEL
    (dose,) = spec.metrics
    assert (dose.direction, dose.aliases) == (Direction.LOWER, ("mean dose", "DLP"))
    shown = client.get(page).text
    assert "<td>lower</td>" in shown
    assert "<td>higher</td>" in shown
    assert "comparison/preview/" in shown


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"arm_field": ["ours", ""]}, "The comparator: give it a name and choose the field"),
        ({"arm_field": ["ours", "ours"]}, "Two sides have the same field"),
        ({"arm_low": ["theirs", ""]}, "has one end of an interval only"),
        ({"correlation": "1"}, "1 is no correlation from 0 to below 1"),
        ({"metric_priority": "charm"}, "unknown metric “charm”"),
        ({"metric_high": ["high"]}, "Largest of “dose”: “high” is no number."),
        ({"metric_high": ["-1"]}, "low 0 is not below -1"),
        ({"metric_field": "ours"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, page, rows, review, wrong, message):
    answer = client.post(page, sent(**wrong))
    assert (answer.status_code, message in answer.text) == (400, True), answer.text
    assert 'value="mean dose; DLP"' in answer.text
    assert comparison(review) is None


def test_another_window_is_not_overwritten(client, page, rows, review):
    client.post(page, sent())
    answer = client.post(page, sent(arm_label=["new", "old"]))
    assert "changed in another window" in answer.text
    assert comparison(review).arm.label == "ours"


def test_rows_are_added_without_saving(client, page, rows, review):
    assert client.post(page, sent(arm_more="1")).text.count('name="arm_field"') == 3
    assert client.post(page, sent(metric_more="1")).text.count('name="metric_key"') == 2
    assert comparison(review) is None


def test_saving_what_the_page_shows_changes_nothing(client, page, review, lead, form):
    drafts.start_draft(membership=lead)
    before = comparison(review)
    shown = client.get(page).context
    data = {name: shown["form"][name].value() for name in shown["form"].fields}
    for name in ("label", "field", "low", "high", "spread"):
        data[f"arm_{name}"] = [getattr(one, name) for one in shown["form"].arms]
    data |= {"group": "experiment", "seen": shown["seen"]}
    assert client.post(page, data).status_code == 302
    assert comparison(review) == before


def test_the_preview_computes_stored_results_with_the_draft(
    client, page, lead, form, study, extractor
):
    extract(study, extractor, experiment("1", "0.9", "0.8"), experiment("0.1", "0.6", "0"))
    Extraction.objects.update(origin=Extraction.Origin.IMPORT)
    drafts.start_draft(membership=lead)
    metric = sketch_of(form_draft(lead.review)).find("metric", "experiment")
    renamed = replace(metric, key="measure")
    drafts.save_field(
        membership=lead,
        group="experiment",
        field=renamed,
        known_as="metric",
        seen=fingerprint(metric),
    )
    shown = client.get(f"{page}preview/", headers={"HX-Request": "true"}).text
    assert "Of 2 stored results, <b>1</b> gives a gain with this draft" in shown
    assert "with the form in force 1 of 2." in shown
    assert "1 without a gain: the comparator&#x27;s value 0 is not greater than 0" in shown
    assert ">10.0</td>" in shown


def test_a_form_without_rows_says_what_to_do_first(client, page, lead):
    drafts.start_draft(membership=lead, definition=to_json(template("blank")))
    assert "The form has no part with rows yet" in client.get(page).text
