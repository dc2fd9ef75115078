"""Storing the PDF of a report: checked by its content, replaced ones stay."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from screening.models import AuditEvent, FullText, Report, RetrievalAttempt, Source
from screening.rules.consensus import Stage
from screening.selectors.full_texts import cache_folder, page_image, page_words, shrink_cache
from screening.services.duplicates import link_records
from screening.services.full_texts import store_full_text
from screening.services.reports import ensure_reports, log_attempt
from screening.services.settings import change_stage
from tests import factories
from tests.pdf import make_pdf


@pytest.fixture
def report(review):
    site = factories.make_source(review, kind=Source.Kind.WEBSITE)
    return factories.make_report(factories.make_record(review, source=site))


def store(member, report, content=None, name="paper.pdf"):
    upload = SimpleUploadedFile(name, make_pdf(["Words", "more"]) if content is None else content)
    return store_full_text(membership=member, report=report, upload=upload)


def test_it_stores_the_file_its_pages_and_the_attempt(report, screener):
    full_text = store(screener, report)
    assert (full_text.page_count, full_text.original_name) == (2, "paper.pdf")
    assert [page.text for page in full_text.pages.all()] == ["Words", "more"]
    assert report.attempts.get().outcome == RetrievalAttempt.Outcome.RETRIEVED
    assert AuditEvent.objects.get(action="full_text.stored").actor == screener.user
    assert "paper" not in full_text.file.name


def test_the_same_file_again_changes_nothing(report, screener):
    assert store(screener, report) == store(screener, report)
    assert FullText.objects.count() == report.attempts.count() == 1


def test_another_file_replaces_it_and_the_old_one_stays(report, screener):
    old = store(screener, report)
    new = store(screener, report, make_pdf(["Second version"]))
    old.refresh_from_db()
    assert old.replaced_at is not None
    assert FullText.objects.current().get() == new
    assert old.file.storage.exists(old.file.name)


@pytest.mark.parametrize(
    ("content", "message"), [(b"<html></html>", "no PDF"), (b"", "empty"), (b"%PDF-1", "damaged")]
)
def test_a_pdf_that_is_none_changes_nothing(report, screener, content, message):
    store(screener, report)
    with pytest.raises(ValidationError, match=message):
        store(screener, report, content)
    assert FullText.objects.current().count() == 1
    assert report.attempts.count() == 1


def test_a_file_too_large_is_refused(report, screener, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(ValidationError, match="are the most"):
        store(screener, report)


@pytest.mark.parametrize("role", ["adjudicator", "observer"])
def test_who_does_not_handle_reports_uploads_none(report, review, role):
    with pytest.raises(PermissionDenied):
        store(factories.make_member(review, role), report)


def test_a_report_of_another_review_is_refused(report):
    with pytest.raises(ValidationError, match="not part of this review"):
        store(factories.make_member(factories.make_review(), "lead"), report)


def test_a_report_that_is_not_sought_takes_no_file_and_no_attempt(review, screener):
    report = factories.make_report(factories.make_record(review))
    with pytest.raises(ValidationError, match="not sought"):
        store(screener, report)
    with pytest.raises(ValidationError, match="not sought"):
        log_attempt(membership=screener, report=report, outcome="retrieved", how="Library")


def test_an_attempt_says_how_and_with_what_outcome(report, screener, review):
    with pytest.raises(ValidationError):
        log_attempt(membership=screener, report=report, outcome="perhaps", how="Library")
    with pytest.raises(ValidationError):
        log_attempt(membership=screener, report=report, outcome="retrieved", how=" ")
    stranger = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(ValidationError, match="not part"):
        log_attempt(membership=stranger, report=report, outcome="retrieved", how="Library")
    log_attempt(membership=screener, report=report, outcome="pending", how="Asked the authors")
    assert report.attempts.get().how == "Asked the authors"


def test_missing_reports_are_made_at_once(review):
    site = factories.make_source(review, kind=Source.Kind.WEBSITE)
    factories.make_record(review, source=site)
    assert ensure_reports(review) == 1
    assert ensure_reports(review) == 0


def test_pages_are_drawn_once_and_kept(report, screener, monkeypatch):
    full_text = store(screener, report)
    picture = page_image(full_text, 1, 1.9)
    monkeypatch.setattr("screening.selectors.pdf.draw_page", None)
    assert page_image(full_text, 1, 2.2) == picture
    assert page_words(full_text, 1).words[0].text == "Words"
    with pytest.raises(ValueError, match="no page 3"):
        page_image(full_text, 3)


def test_the_cache_is_kept_small(report, screener):
    page_image(store(screener, report), 1)
    assert shrink_cache(0) >= 1
    assert not list(cache_folder().glob("*/*.webp"))


def test_a_report_comes_to_be_when_fewer_verdicts_are_needed(review, screener, lead):
    record = factories.make_record(review)
    factories.make_decision(record, screener)
    change_stage(lead=lead, stage=Stage.TITLE_ABSTRACT, verdicts_needed=1)
    assert Report.objects.get().record == record


def test_a_report_comes_to_be_when_a_duplicate_brings_the_missing_verdict(
    review, screener, other_screener
):
    kept, twin = factories.make_record(review), factories.make_record(review)
    factories.make_decision(kept, screener)
    factories.make_decision(twin, other_screener)
    link_records(membership=screener, kept=kept, duplicate=twin)
    assert Report.objects.get().record == kept
