"""Reading PDFs: is it one, its pages' text, the picture of a page, where its words stand."""

import io

import pytest
from PIL import Image

from screening.selectors import pdf
from tests import hostile_pdf
from tests.pdf import make_pdf


def test_it_reads_the_text_of_each_page():
    facts = pdf.read_pdf(make_pdf(["Self-supervised learning", "Table 1"]))
    assert facts == pdf.PdfFacts(2, ("Self-supervised learning", "Table 1"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 a zip", "no PDF"),
        (b"<html>Sign in to read</html>", "no PDF"),
        (b"%PDF-1.4 and then nothing", "damaged"),
        (make_pdf(["secret"], is_locked=True), "password"),
        (make_pdf([]), "no pages|damaged"),
    ],
)
def test_what_is_no_readable_pdf_is_refused_with_a_reason(content, message):
    with pytest.raises(ValueError, match=message):
        pdf.read_pdf(content)


def test_a_book_is_too_long(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    with pytest.raises(ValueError, match="2 pages; 1 are the most"):
        pdf.read_pdf(make_pdf(["a", "b"]))


def test_a_page_is_drawn_as_webp():
    picture = Image.open(io.BytesIO(pdf.draw_page(make_pdf(["a"]), 1, 1.0)))
    assert (picture.format, picture.size) == ("WEBP", (595, 842))


def test_a_huge_page_is_drawn_smaller(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PIXELS", 10_000)
    picture = Image.open(io.BytesIO(pdf.draw_page(make_pdf(["a"]), 1, 3.0)))
    assert picture.width * picture.height <= 11_000


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_is_not_there_is_refused(number):
    with pytest.raises(ValueError, match="no page"):
        pdf.draw_page(make_pdf(["a"]), number, 1.0)


def test_words_come_with_their_places():
    page = pdf.words_of(make_pdf(["gain of 2.5"]), 1)
    assert (page.width, page.height) == (595, 842)
    assert [word.text for word in page.words] == ["gain", "of", "2.5"]
    first = page.words[0]
    assert first.left == pytest.approx(56 / 595, abs=0.01)
    assert first.top < (842 - 780) / 842 < first.bottom + 0.01
    assert first.right < page.words[1].left


def test_a_turned_page_has_its_words_where_they_are_drawn():
    page = pdf.words_of(make_pdf(["gain"], rotate=180), 1)
    last = page.words[-1]
    assert (page.width, page.height) == (595, 842)
    assert last.right == pytest.approx(1 - 56 / 595, abs=0.01) or last.left > 0.5
    assert last.top > 0.8


def test_a_page_that_cannot_be_read_in_time_leaves_the_others(monkeypatch):
    monkeypatch.setattr(pdf, "CHUNK_SECONDS", 1.0)
    monkeypatch.setattr(pdf, "PAGE_SECONDS", 1.0)
    facts = pdf.read_pdf(hostile_pdf.slow_second_page(1_000_000))
    assert facts == pdf.PdfFacts(3, ("First page", "", "Third page"), unreadable=(2,))


def test_a_file_of_nothing_but_such_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_BROKEN", 0)
    monkeypatch.setattr(pdf, "CHUNK_SECONDS", 0.5)
    monkeypatch.setattr(pdf, "PAGE_SECONDS", 0.5)
    with pytest.raises(pdf.PdfTrouble, match="Too many pages"):
        pdf.read_pdf(hostile_pdf.slow_second_page(1_000_001))


def test_a_page_that_names_itself_and_a_page_as_large_as_a_house_do_no_harm():
    assert pdf.read_pdf(hostile_pdf.looping_pages()).unreadable == (1,)
    picture = Image.open(io.BytesIO(pdf.draw_page(hostile_pdf.huge_page(), 1, 3.0)))
    assert picture.width * picture.height <= pdf.MAX_PIXELS * 1.01


def test_a_word_cut_at_the_end_of_a_line_says_so():
    words = pdf.words_of(make_pdf(["We use classi-\nfication here"]), 1).words
    assert [(word.text, word.is_cut) for word in words[2:4]] == [
        ("classi-", True),
        ("fication", False),
    ]
