"""Changing the form of a running review, as lead and extractor see it."""

from dataclasses import replace

import pytest

from extraction.models import Extraction
from extraction.schema.codec import sketch_from_json, to_json
from extraction.schema.editing import with_field
from extraction.schema.fields import Field, Term
from extraction.selectors.forms import current_form, form_draft
from extraction.services import drafts
from tests.extraction.conftest import current, experiment, extract
from tests.extraction.views.test_studies import address

PART = {"HX-Request": "true"}


@pytest.fixture
def page(review):
    return f"/r/{review.slug}/extraction/form/"


@pytest.fixture
def extraction(study, extractor):
    return extract(study, extractor, experiment("1%", "0.8", "0.7"))


@pytest.fixture
def draft(lead, extraction):
    """A draft that renames a field, takes a word out and asks something new."""
    drafts.start_draft(membership=lead)
    draft = form_draft(lead.review)
    sketch = sketch_from_json(draft.definition)
    old = sketch.find("ssl_framework")
    sketch = with_field(
        sketch, "method", replace(old, key="framework", was=("ssl_framework",)), old.key
    )
    strategy = sketch.find("strategy")
    sketch = with_field(
        sketch, "method", replace(strategy, terms=(Term("combined"), Term("other"))), "strategy"
    )
    sketch = with_field(sketch, "study", Field("seed", "Seed"))
    draft.definition = to_json(sketch)
    draft.save()
    return draft


def test_the_preview_shows_each_change_with_its_cells_and_publishing_carries_them(
    client_of, lead, page, draft, extraction
):
    client = client_of(lead)
    shown = client.get(f"{page}draft/changes/").content.decode()
    assert "1 value will be carried over, and 1 cell will need a revisit, in 1 study." in shown
    assert "Renamed from “SSL framework” (ssl_framework)." in shown
    assert "“contrastive” is no word of the vocabulary any more." in shown
    assert client.post(f"{page}draft/publish/", {"note": "Reworked"}).url == page
    assert current(extraction, "framework").value == "MoCo"
    assert b"in force" in client.get(page).content


def test_the_extractor_sees_what_to_revisit_and_settles_it_although_submitted(
    client_of, lead, draft, extraction, study
):
    drafts.publish_draft(membership=lead)
    client = client_of(extraction.extractor)
    shown = client.get(address(study, "extract")).content.decode()
    assert "1 cell to revisit." in shown
    assert "Before: “contrastive” in “Strategy”." in shown
    assert "1 to revisit" in client.get(address(study)).content.decode()
    listed = client.get(address(study).rsplit("studies/", 1)[0]).content.decode()
    assert "1 study has cells to revisit." in listed
    known = current(extraction, "strategy").pk
    cell = {"field": "strategy", "value": "other", "expected": known}
    answer = client.post(address(study, "extract", "cell"), cell, headers=PART)
    assert "Saved" in answer.content.decode()
    assert "to revisit" not in client.get(address(study)).content.decode()


def test_a_cell_is_said_to_be_right(client_of, lead, draft, extraction, study):
    drafts.publish_draft(membership=lead)
    client = client_of(extraction.extractor)
    confirm = address(study, "extract", "confirm")
    answer = client.post(confirm, {"field": "strategy"}, headers=PART).content.decode()
    assert "Needs a revisit" not in answer
    assert "disabled" in answer
    assert client.post(confirm, {"field": "strategy"}).url.endswith("#cell-f-0-strategy")
    assert current(extraction, "strategy").value == "contrastive"


def test_a_lead_takes_a_version_back_and_values_written_since_are_shown(
    client_of, lead, draft, extraction, study, page
):
    drafts.publish_draft(membership=lead)
    client = client_of(lead)
    assert b"Take version 2 back" in client.get(page).content
    Extraction.objects.filter(pk=extraction.pk).update(submitted_at=None)
    other = client_of(extraction.extractor)
    seed = {"field": "seed", "value": "1234", "expected": ""}
    other.post(address(study, "extract", "cell"), seed, headers=PART)
    assert client.post(f"{page}take-back/").url == page
    assert current_form(lead.review).version == 1
    again = client.get(page).content.decode()
    assert "taken back" in again
    assert "Take version" not in again
    shown = other.get(address(study, "extract")).content.decode()
    assert "Not part of this version of the form" in shown
    assert "1234" in shown
    assert b"There is no version before" in client.post(f"{page}take-back/", follow=True).content


def test_the_exported_form_names_nothing_of_the_version_before(client_of, lead, draft, page):
    drafts.publish_draft(membership=lead)
    assert b'"was"' not in client_of(lead).get(page.rstrip("/") + ".json").content
