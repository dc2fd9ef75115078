import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from extraction.selectors.pdf_pages import WIDTH, page_image, page_text
from screening.models import FullText
from tests.pdf import make_pdf


def store(report, extractor, content, pages=2, sha="1" * 64):
    return FullText.objects.create(
        report=report,
        file=ContentFile(content, name="x.pdf"),
        original_name="x.pdf",
        sha256=sha,
        size=len(content),
        page_count=pages,
        uploaded_by=extractor,
    )


@pytest.fixture
def full_text(report, extractor):
    return store(report, extractor, make_pdf(["We use MoCo v2.\nAUROC was 0.885.", "Second page."]))


def test_the_words_of_a_page_have_their_boxes(full_text):
    page = page_text(full_text, 1)
    assert [word.text for word in page.words] == [
        "We",
        "use",
        "MoCo",
        "v2.",
        "AUROC",
        "was",
        "0.885.",
    ]
    assert (page.width, page.height) == (595, 842)
    first, second, last = page.words[0], page.words[1], page.words[-1]
    assert first.x < second.x
    assert first.y == pytest.approx(second.y, abs=2)
    assert last.y > first.y + 10
    assert first.y < first.baseline < first.y + first.height


def test_a_page_becomes_a_picture_that_is_kept(full_text):
    picture = Image.open(io.BytesIO(page_image(full_text, 2)))
    assert picture.format == "WEBP"
    assert picture.width == pytest.approx(WIDTH, abs=2)
    name = f"page-images/{full_text.sha256}/2-{WIDTH}.webp"
    assert default_storage.exists(name)
    full_text.file.delete(save=False)
    assert page_image(full_text, 2)
    default_storage.delete(name)


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_is_not_there_is_refused(full_text, number):
    with pytest.raises(ValidationError, match="has 2 pages"):
        page_text(full_text, number)


def test_a_file_that_is_no_pdf_is_refused(report, extractor):
    broken = store(report, extractor, b"%PDF-1.4 nothing of a PDF", sha="2" * 64)
    with pytest.raises(ValidationError, match="cannot be read"):
        page_image(broken, 1)


def test_a_file_with_fewer_pages_than_said_is_refused(report, extractor):
    short = store(report, extractor, make_pdf(["One."]), pages=9, sha="3" * 64)
    with pytest.raises(ValidationError, match="Page 9 of this PDF cannot be drawn"):
        page_text(short, 9)


def test_a_page_without_words_has_none(report, extractor):
    empty = store(report, extractor, make_pdf([""]), pages=1, sha="4" * 64)
    assert page_text(empty, 1).words == ()
