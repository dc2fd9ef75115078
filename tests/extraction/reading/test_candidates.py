"""Likely sentences for a field, on the text of a real PDF made by the test."""

import pytest

from extraction.reading.candidates import can_have_candidates, cues_of, find_candidates
from extraction.schema.fields import Field, FieldType, Term
from extraction.schema.templates import template
from screening.selectors.pdf import read_pdf
from tests.pdf import make_pdf

FIRST = """Abstract
We study chest radiographs of 1,200 patients. Fine-tuning used
10% of the labels. MoCo reached an AUROC of 0.885 against 0.801
for supervised training. The accuracy was 91.2 %."""
SECOND = """2 Methods
A contrastive loss was used for pre-training.
Table 1: AUROC on CheXpert.
MoCo 0.885 0.901
We thank our 7 colleagues."""


@pytest.fixture(scope="module")
def pages():
    facts = read_pdf(make_pdf([FIRST, SECOND]))
    return dict(enumerate(facts.texts, start=1))


@pytest.fixture(scope="module")
def form():
    return template("ssl_classification")


def test_a_number_with_a_named_metric_is_looked_for_beside_its_name(form, pages):
    field = form.find("ssl_performance", "experiment")
    best = find_candidates(field, pages, metric="AUROC")[0]
    assert best.quote.startswith("MoCo reached an AUROC of 0.885")
    assert (best.page, "AUROC" in best.reasons) == (1, True)


def test_another_metric_leads_to_another_sentence(form, pages):
    field = form.find("ssl_performance", "experiment")
    best = find_candidates(field, pages, metric="accuracy")[0]
    assert best.quote == "The accuracy was 91.2 %."
    assert {"accuracy", "percentage"} <= set(best.reasons)


def test_a_number_needs_a_number(form, pages):
    field = form.find("ssl_performance", "experiment")
    found = find_candidates(field, pages, metric="AUROC", most=99)
    assert found
    assert all(any(letter.isdigit() for letter in one.quote) for one in found)
    assert not any("contrastive loss" in one.quote for one in found)


def test_a_vocabulary_word_or_its_synonym_is_enough(form, pages):
    modality = find_candidates(form.find("imaging_modality", ""), pages)
    assert modality[0].quote == "We study chest radiographs of 1,200 patients."
    assert modality[0].reasons[0] == "X-ray"
    strategy = find_candidates(form.find("strategy", ""), pages)
    assert [one.quote for one in strategy] == ["A contrastive loss was used for pre-training."]


def test_quotes_stand_in_their_page_and_the_likeliest_is_first(form, pages):
    for group in form.groups:
        for field in group.fields:
            found = find_candidates(field, pages)
            assert [one.score for one in found] == sorted((o.score for o in found), reverse=True)
            assert all(pages[one.page][one.start : one.end].strip() for one in found)


def test_own_words_have_no_cues():
    assert not can_have_candidates(Field("note", "Note"))
    assert find_candidates(Field("note", "Note"), {1: "A note. 7"}) == []


def test_a_date_is_looked_for_by_its_year():
    field = Field("day", "Search date", FieldType.DATE)
    assert [one.quote for one in find_candidates(field, {1: "On 3 May 2021. Never."})] == [
        "On 3 May 2021."
    ]


def test_odd_vocabularies_do_no_harm():
    field = Field("odd", "Odd", FieldType.CHOICE, terms=(Term("a"), Term("c++ (x)"), Term("[")))
    assert len(cues_of(field)) == 3
    assert find_candidates(field, {1: "We use C++ (x) here."})[0].reasons == ("c++ (x)",)


def test_a_bare_number_is_no_candidate(form):
    field = form.find("ssl_performance", "experiment")
    assert find_candidates(field, {1: "1 Introduction\nWe asked 7 experts."}) == []
