"""PDFs uploaded many at once: taken in safely, matched by a worker, put right by hand."""

import io
import struct
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from screening.models import BatchPdf, FullText, Job, JobLost, PdfBatch, RetrievalAttempt, Source
from screening.selectors.pdf_batches import MATCH_JOB
from screening.services import pdf_unpacking
from screening.services.full_texts import store_full_text
from screening.services.pdf_batches import (
    assign_pdf,
    match_batch,
    set_pdf_aside,
    take_in_pdfs,
    undo_match,
)
from screening.services.reports import log_attempt
from tests import factories
from tests.pdf import make_pdf

TITLE = "Self-supervised learning for chest radiograph classification"
OTHER = "Contrastive pre-training of histopathology encoders at scale"


@pytest.fixture
def report(review):
    return make_report(review, TITLE, doi="10.1000/one")


@pytest.fixture
def other(review):
    return make_report(review, OTHER)


def make_report(review, title, **fields):
    site = Source.objects.filter(review=review).first()
    site = site or factories.make_source(review, kind=Source.Kind.WEBSITE)
    return factories.make_report(factories.make_record(review, source=site, title=title, **fields))


def zipped(files, name="all.zip", method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for part, content in files.items():
            archive.writestr(part, content)
    return SimpleUploadedFile(name, out.getvalue())


def pdf(text, name="x.pdf"):
    return SimpleUploadedFile(name, make_pdf([text]))


def untold(**_):
    """Progress that nobody watches."""


def bring(member, *uploads):
    batch = take_in_pdfs(membership=member, uploads=uploads)
    match_batch(batch=batch, progress=untold)
    return batch


def states(batch):
    return {one.original_name: one.state for one in batch.pdfs.all()}


def test_files_and_a_zip_are_matched_by_doi_then_title(report, other, screener):
    batch = bring(
        screener,
        pdf("doi 10.1000/one", "a.pdf"),
        zipped({"in/b.pdf": make_pdf([OTHER]), "c.pdf": make_pdf(["Soup"]), "__MACOSX/c": b"x"}),
    )
    assert states(batch) == {"a.pdf": "stored", "b.pdf": "stored", "c.pdf": "unmatched"}
    methods = dict(batch.pdfs.filter(state="stored").values_list("report", "method"))
    assert methods == {report.pk: "doi", other.pk: "title"}
    assert report.attempts.get().outcome == RetrievalAttempt.Outcome.RETRIEVED
    assert Job.objects.get().kind == MATCH_JOB


def test_names_of_files_never_reach_the_disk(report, screener):
    batch = take_in_pdfs(membership=screener, uploads=[pdf("x", "../../etc/passwd.pdf")])
    assert "passwd" not in batch.pdfs.get().file.name
    inside = zipped({"../../evil.pdf": make_pdf(["x"])})
    batch = take_in_pdfs(membership=screener, uploads=[inside])
    assert batch.pdfs.get().original_name == "evil.pdf"
    assert "evil" not in batch.pdfs.get().file.name


def test_what_is_no_pdf_is_named_with_its_reason(report, screener):
    files = {
        "a.pdf": b"<html>",
        "b.pdf": b"",
        "c.pdf": b"%PDF-1.4 damaged",
        "bomb.pdf": b"0" * 2**22,
    }
    batch = bring(screener, zipped(files))
    assert set(states(batch).values()) == {"refused"}
    reasons = dict(batch.pdfs.values_list("original_name", "message"))
    assert "no PDF" in reasons["a.pdf"]
    assert "empty" in reasons["b.pdf"]
    assert "damaged" in reasons["c.pdf"]
    assert "far more" in reasons["bomb.pdf"]
    assert not any(one.file for one in batch.pdfs.all())


def test_a_zip_that_is_damaged_or_lists_too_much_keeps_nothing(report, screener, monkeypatch):
    whole = zipped({"a.pdf": make_pdf(["x"])}).read()
    end = whole.rfind(b"PK\x05\x06")
    huge = whole[: end + 12] + struct.pack("<L", 2**30) + whole[end + 16 :]
    for content, why in ((whole[:-30], "damaged"), (huge, "too many")):
        with pytest.raises(ValidationError, match=why):
            bring(screener, SimpleUploadedFile("a.zip", content))
    monkeypatch.setattr(pdf_unpacking, "MAX_UNPACKED", 10)
    with pytest.raises(ValidationError, match="unpacks to more"):
        bring(screener, SimpleUploadedFile("a.zip", whole))
    monkeypatch.setattr(pdf_unpacking, "MAX_FILES", 1)
    before = set(default_storage.listdir("")[0])
    with pytest.raises(ValidationError, match="more than 1 files"):
        bring(screener, pdf("a"), pdf("b"))
    assert not PdfBatch.objects.exists()
    assert set(default_storage.listdir("")[0]) >= before
    with pytest.raises(ValidationError, match="no file"):
        bring(screener, zipped({}))


def test_a_part_that_is_locked_or_too_large_is_refused_alone(report, screener, settings):
    settings.UPLOAD_LIMIT_BYTES = 2000
    batch = bring(screener, zipped({"a.pdf": make_pdf([TITLE]), "big.pdf": b"%PDF-" + b"x" * 3000}))
    assert states(batch) == {"a.pdf": "stored", "big.pdf": "refused"}
    content = bytearray(zipped({"a.pdf": make_pdf([OTHER])}).read())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    batch = bring(screener, SimpleUploadedFile("a.zip", bytes(content)))
    assert "password" in batch.pdfs.get().message


def test_a_pdf_that_is_there_is_replaced_only_on_purpose(report, screener):
    old = store_full_text(membership=screener, report=report, upload=pdf(TITLE))
    batch = bring(screener, pdf(f"{TITLE}\nversion 2", "new.pdf"), pdf(TITLE, "same.pdf"))
    assert states(batch) == {"new.pdf": "has_pdf", "same.pdf": "present"}
    new = batch.pdfs.get(state="has_pdf")
    with pytest.raises(ValidationError, match="has a PDF already"):
        assign_pdf(membership=screener, pdf=new, report=report)
    assert FullText.objects.current().get() == old
    stored = assign_pdf(membership=screener, pdf=new, report=report, may_replace=True)
    assert FullText.objects.current().get() == stored
    assert FullText.objects.get(pk=old.pk).replaced_at is not None
    undo_match(membership=screener, pdf=new)
    assert FullText.objects.current().get() == old


def test_a_wrong_match_is_undone_and_given_to_the_right_report(report, other, screener):
    log_attempt(membership=screener, report=report, outcome="pending", how="Library")
    batch = bring(screener, pdf(TITLE))
    found = batch.pdfs.get()
    undo_match(membership=screener, pdf=found)
    assert not FullText.objects.current().exists()
    assert [one.outcome for one in report.attempts.all()] == ["pending", "retrieved", "pending"]
    assert "taken back" in report.attempts.last().how
    with pytest.raises(ValidationError, match="not stored"):
        undo_match(membership=screener, pdf=found)
    stored = assign_pdf(membership=screener, pdf=found, report=other)
    assert (stored.report, batch.pdfs.get().method) == (other, "person")
    with pytest.raises(ValidationError, match="settled"):
        assign_pdf(membership=screener, pdf=found, report=report)


def test_a_match_that_was_replaced_since_is_not_undone(report, screener):
    batch = bring(screener, pdf(TITLE))
    store_full_text(membership=screener, report=report, upload=pdf("Better"))
    with pytest.raises(ValidationError, match="replaced or taken back"):
        undo_match(membership=screener, pdf=batch.pdfs.get())
    assert batch.pdfs.get().state == "stored"


def test_set_aside_is_no_end(report, screener):
    found = bring(screener, pdf("Soup")).pdfs.get()
    set_pdf_aside(membership=screener, pdf=found)
    assert BatchPdf.objects.get().state == "set_aside"
    assign_pdf(membership=screener, pdf=found, report=report)
    with pytest.raises(ValidationError, match="settled"):
        set_pdf_aside(membership=screener, pdf=found)


def test_work_that_was_cut_goes_on_and_stores_nothing_twice(report, other, screener):
    uploads = [pdf(TITLE, "a.pdf"), pdf(OTHER, "b.pdf")]
    batch = take_in_pdfs(membership=screener, uploads=uploads)

    def lost(*, done, total, message):
        if done > 1:
            raise JobLost("lost")

    with pytest.raises(JobLost):
        match_batch(batch=batch, progress=lost)
    assert states(batch) == {"a.pdf": "stored", "b.pdf": "waiting"}
    told = []
    match_batch(batch=batch, progress=lambda **facts: told.append((facts["done"], facts["total"])))
    assert states(batch) == {"a.pdf": "stored", "b.pdf": "stored"}
    assert told == [(2, 2)]
    assert FullText.objects.count() == 2


def test_only_who_handles_reports_of_this_review_may(report, review, observer, screener):
    with pytest.raises(PermissionDenied):
        take_in_pdfs(membership=observer, uploads=[pdf(TITLE)])
    found = bring(screener, pdf("Soup")).pdfs.get()
    foreign = factories.make_member(factories.make_review(), "lead")
    for act in (undo_match, set_pdf_aside):
        with pytest.raises(PermissionDenied):
            act(membership=observer, pdf=found)
        with pytest.raises(ValidationError, match="not part"):
            act(membership=foreign, pdf=found)
    with pytest.raises(ValidationError, match="not part"):
        assign_pdf(membership=foreign, pdf=found, report=report)
