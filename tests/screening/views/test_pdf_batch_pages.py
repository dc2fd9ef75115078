"""PDFs uploaded many at once, on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviewapp.jobs import perform
from screening.models import BatchPdf, FullText, Job, PdfBatch
from tests import factories
from tests.pdf import make_pdf

TITLE = "Self-supervised learning for chest radiograph classification"


@pytest.fixture
def report(review):
    site = factories.make_source(review, kind="website")
    return factories.make_report(factories.make_record(review, source=site, title=TITLE))


def at(name, review, **more):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)


def pdf(text, name):
    return SimpleUploadedFile(name, make_pdf([text]))


def test_an_upload_is_matched_settled_and_undone(report, review, screener, client_of):
    browser = client_of(screener)
    files = [pdf(TITLE, "a.pdf"), pdf("Soup of the day", "b.pdf")]
    answer = browser.post(at("pdf-batches", review), {"pdfs": files})
    batch = PdfBatch.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    assert "Waiting to be read" in browser.get(batch.get_absolute_url()).content.decode()
    perform(Job.objects.get().pk, owner="test:1:x")
    page = browser.get(batch.get_absolute_url()).content.decode()
    assert "No report found" in page
    assert "found by its title" in page
    job = browser.get(reverse("screening:job", args=[Job.objects.get().pk])).content.decode()
    assert batch.get_absolute_url() in job
    matched, unmatched = batch.pdfs.all()
    browser.post(at("undo-match", review, batch_pdf_id=matched.pk))
    assert not FullText.objects.current().exists()
    where = at("batch-pdf", review, batch_pdf_id=unmatched.pk)
    assert TITLE in browser.get(where, {"words": "chest radiograph"}).content.decode()
    assert "Soup of the day" in browser.get(where).content.decode()
    given = {"report": report.pk}
    answer = browser.post(at("assign-pdf", review, batch_pdf_id=unmatched.pk), given, follow=True)
    assert "b.pdf is stored as the PDF of" in answer.content.decode()
    answer = browser.post(at("assign-pdf", review, batch_pdf_id=matched.pk), given, follow=True)
    assert "has a PDF already" in answer.content.decode()
    answer = browser.post(at("assign-pdf", review, batch_pdf_id=matched.pk), {}, follow=True)
    assert "Choose the report." in answer.content.decode()
    browser.post(at("set-pdf-aside", review, batch_pdf_id=matched.pk))
    assert BatchPdf.objects.get(pk=matched.pk).state == "set_aside"


def test_an_upload_of_nothing_is_told(review, screener, client_of):
    answer = client_of(screener).post(at("pdf-batches", review), {})
    assert answer.status_code == 400
    assert "Choose one or more PDFs" in answer.content.decode()


def test_a_page_of_many_files_asks_the_database_no_more_often(
    report, review, screener, client_of, django_assert_num_queries
):
    browser = client_of(screener)
    batch = PdfBatch.objects.create(review=review, created_by=screener)

    def add(number):
        BatchPdf.objects.bulk_create(
            BatchPdf(batch=batch, original_name="x.pdf", state="unmatched", candidates=[report.pk])
            for _ in range(number)
        )

    add(2)
    browser.get(batch.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        browser.get(batch.get_absolute_url())
    add(60)
    with django_assert_num_queries(len(few)):
        browser.get(batch.get_absolute_url())
