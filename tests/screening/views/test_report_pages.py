"""Reports, their attempts and their PDFs, on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.models import FullText
from tests import factories
from tests.pdf import make_pdf


@pytest.fixture
def report(review):
    site = factories.make_source(review, kind="website")
    return factories.make_report(factories.make_record(review, source=site, title="A site"))


def at(name, report, **more):
    slug = report.record.review.slug
    return reverse(f"screening:{name}", kwargs={"slug": slug} | more)


def upload(browser, report, content, name="paper.pdf"):
    address = at("upload-full-text", report, report_id=report.pk)
    return browser.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_reports_are_listed_by_where_they_stand(report, screener, client_of):
    browser = client_of(screener)
    assert "A site" in browser.get(at("reports", report)).content.decode()
    retrieved = {"retrieval": "retrieved", "words": "site"}
    assert "A site" not in browser.get(at("reports", report), retrieved).content.decode()
    address = at("add-attempt", report, report_id=report.pk)
    answer = browser.post(address, {"how": "Library", "outcome": "retrieved"}, follow=True)
    assert "The attempt is logged." in answer.content.decode()
    assert "A site" in browser.get(at("reports", report), retrieved).content.decode()


def test_a_pdf_is_uploaded_read_and_downloaded(report, screener, client_of):
    browser = client_of(screener)
    answer = upload(browser, report, make_pdf(["Ten tasks", "Table 1"]))
    assert "paper.pdf is stored: 2 pages." in answer.content.decode()
    stored = FullText.objects.get()
    page = browser.get(at("full-text", report, full_text_id=stored.pk), {"page": "2"})
    assert "of 2" in page.content.decode()
    file = browser.get(at("full-text-file", report, full_text_id=stored.pk))
    assert file.getvalue().startswith(b"%PDF-")
    assert file["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Cache-Control"] == "private, no-store"
    assert "sandbox" in file["Content-Security-Policy"]


def test_a_page_comes_as_picture_and_as_words(report, screener, client_of):
    browser = client_of(screener)
    upload(browser, report, make_pdf(["Ten tasks"]))
    place = {"full_text_id": FullText.objects.get().pk, "number": 1}
    picture = browser.get(at("full-text-page", report, **place), {"scale": "1"})
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
    boxes = browser.get(at("full-text-boxes", report, **place)).json()
    assert [word["text"] for word in boxes["words"]] == ["Ten", "tasks"]
    assert all(0 <= word["left"] < word["right"] <= 1 for word in boxes["words"])
    for name in ("full-text-page", "full-text-boxes"):
        assert browser.get(at(name, report, **place | {"number": 2})).status_code == 404
    wrong = browser.get(at("full-text-page", report, **place), {"scale": "big"})
    assert wrong.status_code == 404


def test_a_pdf_that_is_none_is_refused_and_nothing_changes(report, screener, client_of):
    browser = client_of(screener)
    upload(browser, report, make_pdf(["Ten tasks"]))
    answer = upload(browser, report, b"<html>Please sign in</html>")
    assert answer.status_code == 400
    assert "This file is no PDF." in answer.content.decode()
    assert FullText.objects.current().count() == 1
    empty = upload(browser, report, b"")
    assert "This file is empty." in empty.content.decode()


def test_an_attempt_without_how_is_refused(report, screener, client_of):
    address = at("add-attempt", report, report_id=report.pk)
    answer = client_of(screener).post(address, {"outcome": "retrieved"})
    assert answer.status_code == 400
    assert report.attempts.count() == 0


def test_a_report_no_longer_sought_says_so_and_refuses(review, screener, client_of):
    report = factories.make_report(factories.make_record(review))
    browser = client_of(screener)
    page = browser.get(report.get_absolute_url()).content.decode()
    assert "not sought at present" in page
    assert "not sought" in upload(browser, report, make_pdf(["x"])).content.decode()
    address = at("add-attempt", report, report_id=report.pk)
    answer = browser.post(address, {"how": "x", "outcome": "pending"})
    assert "not sought" in answer.content.decode()
