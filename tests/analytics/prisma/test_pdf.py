import pypdfium2
import pytest

from analytics.prisma import pdf
from analytics.prisma.pdf import flow_as_pdf
from tests.analytics.prisma.flows import small_flow


def text_of(content):
    with pypdfium2.PdfDocument(content) as document:
        assert len(document) == 1
        page = document[0]
        return page.get_textpage().get_text_bounded(), page.get_size()


@pytest.mark.parametrize("previous", [False, True])
@pytest.mark.parametrize("other", [False, True])
def test_the_pdf_holds_the_words_as_text_on_one_page(previous, other):
    words, (width, height) = text_of(flow_as_pdf(small_flow(previous=previous, other=other)))

    told = " ".join(words.replace("\u00a0", " ").split())
    assert "Records screened (n = 8)" in told
    assert "No <images> (n = 1)" in told
    assert ("Previous studies" in told) is previous
    assert width > 400
    assert height > 300


def test_the_same_flow_gives_the_same_file():
    assert flow_as_pdf(small_flow()) == flow_as_pdf(small_flow())


def test_without_a_system_font_the_letters_are_helvetica(monkeypatch):
    monkeypatch.setattr(pdf, "FONTS", ("no such font.ttf",))
    monkeypatch.setattr(pdf, "FONT_NAME", "nothing")

    words, _ = text_of(flow_as_pdf(small_flow()))
    assert "Records screened" in words
