"""A study's answers to read: settled ones with their sentences, imported ones, raw ones never."""

import pytest

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionRow,
    Reconciliation,
)
from extraction.selectors.told_answers import told_study
from extraction.services.extractions import start_extraction, submit_extraction
from extraction.services.quotes import find_quotes_again
from extraction.views.studies import MOST_ROWS
from tests.extraction.conftest import enter, experiment, extract
from tests.extraction.views.test_studies import address
from tests.paper import SENTENCE, make_paper


@pytest.fixture
def paper(store):
    return store(make_paper(3))


@pytest.fixture
def pair(study, extractor, other_extractor):
    extract(study, extractor, experiment("1%", "0.885", "0.858"))
    extract(study, other_extractor, experiment("1%", "0.885", "0.868"), ssl_framework="MoCo v2")
    return study


@pytest.fixture
def settle(client_of, adjudicator, paper):
    """Settle a study as the adjudicator: what agrees, then A's values, then finish if asked."""

    def act(study, *, finish=True):
        client = client_of(adjudicator)
        client.post(address(study, "reconcile", "begin"))
        client.post(
            address(study, "reconcile", "settle"),
            {
                "field": "ssl_framework",
                "side": "third",
                "value": "MoCo-CXR",
                "rationale": "The name in the title",
                "page": "1",
                "quote": SENTENCE,
            },
        )
        row = ConsensusRow.objects.get(reconciliation__study=study)
        client.post(address(study, "reconcile", "row"), {"row": row.pk, "action": "a"})
        if finish:
            client.post(address(study, "reconcile", "finalise"))
        return Reconciliation.objects.get(study=study)

    return act


@pytest.fixture
def imported(study, form, lead):
    """The study as a file brought it: one answer of its own, one experiment with a quote."""
    extraction = Extraction.objects.create(
        study=study, form=form, extractor=lead, origin=Extraction.Origin.IMPORT
    )
    row = ExtractionRow.objects.create(extraction=extraction, group="experiment", position=1)
    values = [
        {"field": "strategy", "value": "contrastive"},
        {"field": "task", "value": "effusion", "row": row},
        {
            "field": "ssl_performance",
            "value": "88.5",
            "unit": "percent",
            "row": row,
            "page": 1,
            "quote": "reached 88.5",
            "location": "table",
        },
    ]
    for one in values:
        ExtractedValue.objects.create(extraction=extraction, **one)
    return study


def words(page):
    """A page's text with single blanks."""
    return " ".join(page.content.decode().split())


def test_what_extractors_entered_alone_is_not_told(client_of, observer, study, pair):
    page = client_of(observer).get(address(study, "answers"))
    assert "Nothing is settled or imported for this study yet" in words(page)
    assert b"MoCo v2" not in page.content
    assert b'id="answers"' not in client_of(observer).get(address(study)).content


def test_settled_answers_stand_with_sentence_reason_and_no_name_before_the_end(
    client_of, observer, adjudicator, extractor, pair, settle
):
    settle(pair, finish=False)
    page = client_of(observer).get(address(pair))
    text = words(page)
    assert "MoCo-CXR" in text
    assert SENTENCE in text
    assert "A third value" in text
    assert "The name in the title" in text
    assert "names are shown when the study is final" in text
    answers = text.split('id="answers"')[1].split('id="reports"')[0]
    for member in (adjudicator, extractor):
        assert member.user.name not in answers


def test_a_final_study_says_who_settled_what_and_when(
    client_of, observer, adjudicator, pair, settle
):
    done = settle(pair)
    told = told_study(pair)
    framework = told.find("", "ssl_framework")
    kept = ConsensusValue.objects.current().get(reconciliation=done, field="ssl_framework")
    assert told.is_final
    assert framework.settlement.by == adjudicator.user.name
    assert framework.settlement.at == kept.created_at
    text = words(client_of(observer).get(address(pair, "answers")))
    assert f"A third value · {adjudicator.user.name}" in text
    assert "names are shown when" not in text


def test_a_choice_stands_in_the_words_of_its_vocabulary_and_a_number_in_its_unit(imported):
    told = told_study(imported)
    (row,) = next(one.rows for one in told.groups if one.group.repeating)
    assert told.find("", "strategy").words == "contrastive"
    assert row.find("ssl_performance").words == "88.5 %"
    assert row.label.startswith("effusion")
    assert (told.values, told.proven) == (3, 1)
    assert told.imported == imported.extractions.get()


def test_the_place_of_an_answer_is_marked_on_its_page(client_of, observer, pair, paper, settle):
    settle(pair)
    text = words(
        client_of(observer).get(address(pair, "answers", "place"), {"field": "ssl_framework"})
    )
    assert SENTENCE in text
    assert f"/full-texts/{paper.pk}/pages/1/" in text
    assert f"/full-texts/{paper.pk}/?page=1" in text
    assert text.count("<rect ") >= 2


def test_the_words_of_an_imported_quote_are_found_on_the_page(client_of, observer, imported, paper):
    ExtractedValue.objects.filter(field="strategy").update(
        page=1, quote=SENTENCE, full_text=paper, rectangles=[]
    )
    page = client_of(observer).get(address(imported, "answers", "place"), {"field": "strategy"})
    assert words(page).count("<rect ") >= 2


def test_a_quote_that_moved_is_shown_where_it_stands_now(client_of, observer, pair, store, settle):
    settle(pair)
    new = store(make_paper(3, front=1))
    find_quotes_again(full_text=new, progress=lambda **_: None)
    client = client_of(observer)
    assert "p. 2" in words(client.get(address(pair, "answers")))
    text = words(client.get(address(pair, "answers", "place"), {"field": "ssl_framework"}))
    assert "it was read on page 1 of an older one" in text
    assert f"/full-texts/{new.pk}/pages/2/" in text
    assert "<rect " in text


def test_an_answer_that_is_not_there_leads_to_the_list(client_of, observer, imported):
    for asked in ({}, {"field": "year"}, {"row": "x", "field": "strategy"}):
        answer = client_of(observer).get(address(imported, "answers", "place"), asked)
        assert answer.url == address(imported, "answers")


def test_who_is_to_extract_is_not_swayed_by_imported_answers(
    client_of, observer, extractor, imported
):
    assert "effusion" in words(client_of(observer).get(address(imported)))
    page = words(client_of(extractor).get(address(imported)))
    assert "effusion" not in page
    assert "Read the report yourself" in page
    own = start_extraction(membership=extractor, study=imported)
    assert "effusion" not in words(client_of(extractor).get(address(imported)))
    submit(own, extractor)
    assert "effusion" in words(client_of(extractor).get(address(imported)))


def submit(extraction, extractor):
    """Submit with what the form requires."""
    for field, raw in {"strategy": "contrastive", "outcome_task": "effusion"}.items():
        enter(extraction, field, raw)
    submit_extraction(membership=extractor, extraction=extraction)


def test_a_study_with_many_rows_tells_the_first_and_leads_to_all(
    client_of, observer, imported, count_queries
):
    extraction = imported.extractions.get()
    client = client_of(observer)
    few = count_queries(lambda: client.get(address(imported, "answers")))
    for position in range(2, MOST_ROWS + 4):
        row = ExtractionRow.objects.create(
            extraction=extraction, group="experiment", position=position
        )
        ExtractedValue.objects.create(
            extraction=extraction, row=row, field="task", value=f"task {position}", quote="q"
        )
    page = words(client.get(address(imported)))
    assert "task 10" in page
    assert "task 11" not in page
    assert "and 3 more" in page
    assert "task 13" in words(client.get(address(imported, "answers")))
    assert count_queries(lambda: client.get(address(imported, "answers"))) == few
