"""The reader: its page, its search, small pages, and what a quote tells of its place."""

import pytest

from extraction.services.extractions import start_extraction
from extraction.services.quotes import find_quotes_again
from tests.extraction.conftest import current, enter
from tests.extraction.views.test_studies import address
from tests.hostile_pdf import looping_pages, slow_second_page
from tests.paper import SENTENCE, make_paper
from tests.pdf import make_pdf

PART = {"HX-Request": "true"}


@pytest.fixture
def extraction(extractor, study):
    return start_extraction(membership=extractor, study=study)


@pytest.fixture
def client(client_of, extractor):
    return client_of(extractor)


@pytest.fixture
def paper(store):
    return store(make_paper(3))


def sheet(client, study, **query):
    return client.get(address(study, "extract", "page"), query, headers=PART).content.decode()


def attach(client, study, field="ssl_framework", **data):
    url = address(study, "extract", "evidence")
    return client.post(url, {"field": field, **data}, headers=PART).content.decode()


def test_a_search_lists_every_place_and_goes_to_the_first_ahead(client, study, extraction, paper):
    page = sheet(client, study, find="held-out test", page="2")
    assert "p. 1" in page
    assert "p. 3" in page
    assert 'data-page-number="2"' in page
    assert page.count("sheet-hit-here") == 1
    assert page.count('aria-current="true"') == 1
    assert "hit=" in page.split('data-key="n"')[1][:300]


def test_a_place_has_its_own_address_and_the_last_leads_to_the_first(
    client, study, extraction, paper
):
    page = sheet(client, study, find="pleural effusion", hit="1")
    assert "1 of 1" in page
    assert f'data-address="text={paper.pk}&amp;page=1&amp;find=pleural+effusion&amp;hit=1"' in page
    whole = client.get(address(study, "extract"), {"find": "pleural effusion", "hit": "1"})
    assert b"sheet-hit-here" in whole.content


def test_words_cut_at_a_line_end_are_found_and_quoted_whole(client, study, extraction, store):
    store(make_paper(1, "We measured classi\u00adfication on 7 sites."))
    assert "1 of" in sheet(client, study, find="classification performance")


def test_turning_the_page_keeps_the_search_and_stays_there(client, study, extraction, paper):
    page = sheet(client, study, find="pleural effusion", page="2", hit="0")
    assert 'data-page-number="2"' in page
    assert "1 place" in page


def test_all_pages_are_small_pictures_that_load_when_seen(client, study, extraction, paper):
    url = address(study, "extract", "pages")
    part = client.get(url, {"page": "2"}, headers=PART).content.decode()
    assert part.count('loading="lazy"') == 3
    assert 'data-thumb="2" aria-current="page"' in part
    assert b"<h1>Pages</h1>" in client.get(url).content
    small = client.get(
        f"/r/{study.review.slug}/extraction/full-texts/{paper.pk}/pages/1/?scale=0.25"
    )
    assert len(small.content) < 20_000


def test_without_a_full_text_there_are_no_small_pages(client, study, extraction):
    page = client.get(address(study, "extract", "pages")).content
    assert b"No full text is stored" in page


@pytest.mark.parametrize("content", [looping_pages(), slow_second_page(400_000)])
def test_a_page_that_cannot_be_shown_says_so_and_the_form_stays(
    client, study, extraction, store, monkeypatch, content
):
    monkeypatch.setattr("screening.selectors.pdf.PAGE_SECONDS", 0.3)
    monkeypatch.setattr("screening.selectors.pdf.CHUNK_SECONDS", 0.4)
    stored = store(content)
    page = client.get(address(study, "extract"), {"page": stored.page_count - 1 or 1})
    text = page.content.decode()
    assert "cannot be shown" in text or "takes too long" in text
    assert "Imaging modality" in text
    assert "Download the PDF" in text


def test_a_selected_quote_gets_the_place_it_stands_in(client, study, extraction, paper):
    box = "[[0.1, 0.1, 0.2, 0.12]]"
    answer = attach(client, study, quote=SENTENCE, page="1", full_text=paper.pk, rectangles=box)
    assert "p. 1, abstract" in answer
    assert current(extraction, "ssl_framework").rectangles == [[0.1, 0.1, 0.2, 0.12]]


def test_a_typed_quote_is_found_on_its_page_and_marked(client, study, extraction, paper):
    assert "p. 1, abstract" in attach(client, study, quote=SENTENCE.upper(), page="3")
    value = current(extraction, "ssl_framework")
    assert value.full_text == paper
    assert len(value.rectangles) >= 3
    assert all(0 <= side <= 1 for box in value.rectangles for side in box)
    assert "sheet-mark-here" in sheet(client, study, page="1", mark=str(value.pk))


def test_a_typed_quote_that_is_not_there_stays_as_typed(client, study, extraction, paper):
    attach(client, study, quote="Nothing of that kind stands there at all.", page="2")
    value = current(extraction, "ssl_framework")
    assert (value.page, value.full_text, value.rectangles) == (2, None, [])


def test_the_place_that_is_named_wins_over_the_guess(client, study, extraction, paper):
    answer = attach(client, study, quote=SENTENCE, page="1", location="supplement")
    assert "p. 1, supplement" in answer


def test_an_older_file_stays_readable(client, study, extraction, paper, store):
    store(make_paper(2))
    page = sheet(client, study, text=str(paper.pk))
    assert "This is an older file of the report." in page
    assert 'data-page-number="1"' in page
    assert "older file" not in sheet(client, study)


def test_a_sentence_knows_its_words(client, study, extraction, paper):
    enter(extraction, "ssl_framework", "MoCo")
    page = sheet(client, study)
    assert 'data-quoted="pre-train "' in page
    numbers = {part.split('"')[0] for part in page.split('data-sentence="')[1:]}
    assert len(numbers) > 5


def test_a_quote_that_is_not_found_is_shown_at_its_field_and_on_the_lists(
    client, study, extraction, paper
):
    attach(client, study, quote="Nothing of that kind stands there at all.", page="2")
    assert b"quote not found, p. 2" in client.get(address(study, "extract")).content
    for url in (address(study), f"/r/{study.review.slug}/extraction/"):
        page = client.get(url).content.decode()
        assert "Quotes not found" in page
        assert "Nothing of that kind" in page


def test_evidence_found_again_is_marked_in_the_new_file(client, study, extraction, paper, store):
    attach(client, study, quote=SENTENCE, page="1")
    new = store(make_paper(3, front=1))
    find_quotes_again(full_text=new, progress=lambda **_: None)
    assert 'class="sheet-mark' in sheet(client, study, page="2")
    assert 'class="sheet-mark' not in sheet(client, study, page="1")
    assert 'class="sheet-mark' in sheet(client, study, text=str(paper.pk), page="1")
    form = client.get(address(study, "extract")).content.decode()
    assert "Found again in the current file; it was on page 1." in form


def test_markup_in_a_report_stays_text(client, study, extraction, store):
    store(make_pdf(['<script>alert("1")</script> & more']))
    page = sheet(client, study)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page
