"""Likely places: ranked and marked for a person, who takes one as evidence; no value is filled."""

import pytest

from extraction.services.extractions import add_row, start_extraction
from tests.extraction.conftest import current, enter
from tests.extraction.views.test_studies import address
from tests.paper import SENTENCE, make_paper
from tests.pdf import make_pdf

PART = {"HX-Request": "true"}


@pytest.fixture
def extraction(extractor, study):
    return start_extraction(membership=extractor, study=study)


@pytest.fixture
def row(extraction):
    row = add_row(membership=extraction.extractor, extraction=extraction, group="experiment")
    enter(extraction, "metric", "AUROC", row=row)
    return row


@pytest.fixture
def client(client_of, extractor):
    return client_of(extractor)


def ask(client, study, field, row="", **query):
    url = address(study, "extract", "candidates")
    return client.get(url, {"field": field, "row": row, **query}, headers=PART).content.decode()


def test_sentences_that_name_the_rows_metric_come_first(client, study, row, store):
    paper = store(make_paper(3))
    panel = ask(client, study, "ssl_performance", row.pk)
    first = panel.split("</li>")[0]
    assert SENTENCE in first
    assert "AUROC" in first
    assert f'name="full_text" value="{paper.pk}"' in first
    assert "SSL performance" in panel


def test_it_fills_no_value(client, study, extraction, row, store):
    store(make_paper(3))
    before = extraction.values.count()
    ask(client, study, "ssl_performance", row.pk)
    assert extraction.values.count() == before


def test_what_a_person_takes_becomes_evidence_and_still_no_value(
    client, study, extraction, row, store
):
    paper = store(make_paper(3))
    taken = {
        "field": "ssl_performance",
        "row": row.pk,
        "full_text": paper.pk,
        "page": "1",
        "quote": SENTENCE,
    }
    client.post(address(study, "extract", "evidence"), taken, headers=PART)
    value = current(extraction, "ssl_performance", row)
    assert (value.value, value.quote, value.location) == (None, SENTENCE, "abstract")
    assert value.rectangles


def test_likely_places_are_marked_on_their_page_and_kept_apart_from_evidence(
    client, study, extraction, row, store
):
    store(make_paper(3))
    url = address(study, "extract", "page")
    query = {"page": "1", "for": "ssl_performance", "row": row.pk, "at": "1"}
    page = client.get(url, query, headers=PART).content.decode()
    assert page.count("sheet-likely-here") == 1
    assert 'class="sheet-mark' not in page
    assert "sheet-likely" not in client.get(url, {"page": "1"}, headers=PART).content.decode()


def test_a_vocabulary_is_looked_for_by_its_words_and_synonyms(client, study, extraction, store):
    store(make_pdf(["We classify chest X-rays\nof adults.", "Nothing here."]))
    panel = ask(client, study, "imaging_modality")
    assert "We classify chest X-rays of adults." in panel
    assert "p. 1 · X-ray" in panel


def test_the_panel_says_why_it_is_empty(client, study, extraction, store):
    assert "No full text is stored" in ask(client, study, "imaging_modality")
    store(make_pdf(["Nothing of the kind."]))
    assert "No sentence of this report names" in ask(client, study, "imaging_modality")
    assert "in your own words" in ask(client, study, "outcome_task")
    store(make_pdf([""]))
    assert "no text that could be searched" in ask(client, study, "imaging_modality")


def test_it_works_as_a_page_of_its_own(client, study, extraction, store):
    store(make_paper(1))
    url = address(study, "extract", "candidates")
    page = client.get(url, {"field": "imaging_modality"}).content.decode()
    assert "<h1>Likely places for Imaging modality</h1>" in page
    assert "Use as evidence" in page


def test_what_is_not_there_leads_back(client, study, extraction, other_extractor):
    other = start_extraction(membership=other_extractor, study=study)
    foreign = add_row(membership=other_extractor, extraction=other, group="experiment")
    url = address(study, "extract", "candidates")
    for query in ({}, {"field": "nothing"}, {"field": "ssl_performance", "row": foreign.pk}):
        assert client.get(url, query).url == address(study)


def test_the_lens_stands_only_where_there_is_something_to_look_for(client, study, extraction):
    page = client.get(address(study, "extract")).content.decode()
    assert "Find candidates for Imaging modality" in page
    assert "Find candidates for Outcome / task" not in page


def test_turning_the_page_keeps_the_likely_places(client, study, extraction, row, store):
    store(make_paper(3))
    url = address(study, "extract", "page")
    query = {"page": "1", "for": "ssl_performance", "row": row.pk, "at": "1"}
    page = client.get(url, query, headers=PART).content.decode()
    following = page.split('title="Next page (J)"')[1][:300]
    assert f"page=2&amp;for=ssl_performance&amp;row={row.pk}" in following
    assert "at=1" not in following
    assert f"for=ssl_performance&amp;row={row.pk}&amp;at=1" in page.split("data-address=")[1][:200]
