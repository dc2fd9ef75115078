"""Reports, their attempts and their PDFs, on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.models import (
    AuditEvent,
    DuplicateLink,
    FieldChoice,
    FullText,
    RetrievalAttempt,
)
from screening.rules.consensus import Stage
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


def make_reports(review, number):
    site = factories.make_source(review, kind="website")
    return [
        factories.make_report(factories.make_record(review, source=site, title=f"Site {n}"))
        for n in range(number)
    ]


def test_several_reports_get_the_same_line_in_their_logs(review, screener, client_of):
    found = make_reports(review, 4)
    browser = client_of(screener)
    line = {"how": "Asked the authors", "outcome": "not_retrieved", "tried_on": "2026-01-15"}
    address = at("add-attempts", found[0])
    ticked = line | {"reports": [found[0].pk, found[1].pk], "back": "retrieval=awaiting"}
    told = browser.post(address, ticked, follow=True).content.decode()
    assert "Logged for 2 reports." in told
    attempt = RetrievalAttempt.objects.get(report=found[0])
    assert (attempt.outcome, attempt.day.isoformat()) == ("not_retrieved", "2026-01-15")
    assert not RetrievalAttempt.objects.filter(report=found[2]).exists()
    assert "Asked the authors" in browser.get(found[0].get_absolute_url()).content.decode()
    whole = line | {"which": "all", "back": "retrieval=awaiting&words=Site", "outcome": "pending"}
    assert "Logged for 2 reports." in browser.post(address, whole, follow=True).content.decode()
    assert RetrievalAttempt.objects.filter(outcome="pending").count() == 2
    assert AuditEvent.objects.filter(action="reports.attempts_logged").count() == 2


def test_what_is_wrong_with_a_line_for_several_is_told_and_the_ticks_stay(
    review, screener, client_of
):
    found = make_reports(review, 2)
    foreign = make_reports(factories.make_review(), 1)
    browser, address = client_of(screener), at("add-attempts", found[0])
    line = {"how": "Library", "outcome": "pending", "reports": [found[1].pk]}
    refused = browser.post(address, line | {"tried_on": "2999-01-01"})
    text = refused.content.decode()
    assert refused.status_code == 400
    assert "future" in text
    assert f'value="{found[1].pk}" aria-label="Tick Site 1" data-tick checked' in text
    assert 'value="Library"' in text
    assert "Tick at least one" in browser.post(address, line | {"reports": []}).content.decode()
    told = browser.post(address, line | {"reports": [foreign[0].pk]}).content.decode()
    assert "None of these reports is sought" in told
    assert not RetrievalAttempt.objects.exists()


def test_the_list_to_be_sought_comes_as_ris_and_csv(review, screener, client_of):
    found = make_reports(review, 2)
    found[1].attempts.create(how="Library", outcome="retrieved")
    browser, address = client_of(screener), at("reports-file", found[0])
    ris = browser.get(address, {"retrieval": "awaiting", "format": "ris"})
    text = b"".join(ris.streaming_content).decode()
    assert "Site 0" in text
    assert "Site 1" not in text
    assert "reports-awaiting" in ris["Content-Disposition"]
    csv = browser.get(address, {"retrieval": "all", "format": "csv"})
    assert b"".join(csv.streaming_content).decode().count("Site") == 2
    assert browser.get(address, {"format": "scroll"}).status_code == 400


def test_reports_are_narrowed_to_their_exclusion_reason(review, screener, client_of):
    found = make_reports(review, 2)
    reasons = [factories.make_reason(review, label) for label in ("Not human", "No task")]
    for report, reason in zip(found, reasons, strict=True):
        report.attempts.create(how="Library", outcome="retrieved")
        for member in (screener, factories.make_member(review, "screener")):
            factories.make_decision(
                report.record, member, "exclude", Stage.FULL_TEXT, reason=reason
            )
    asked = {"retrieval": "all", "reason": reasons[1].pk}
    text = client_of(screener).get(at("reports", found[0]), asked).content.decode()
    assert "Site 1" in text
    assert "Site 0" not in text


def test_lists_show_the_best_field_of_all_duplicates(
    review, screener, other_screener, adjudicator, client_of
):
    kept = factories.make_record(review, title="short title", year=None)
    best = "A much longer title: with its subtitle"
    twin = factories.make_record(review, title=best, year=2020)
    DuplicateLink.objects.create(review=review, record=twin, kept=kept, method="manual")
    FieldChoice.objects.create(review=review, record=twin, field="title", created_by=screener)
    factories.make_decision(kept, screener, "include")
    stage = {"slug": review.slug, "stage": "title-abstract"}
    decided = reverse("screening:decided", kwargs=stage)
    assert best in client_of(screener).get(decided).content.decode()
    factories.make_decision(kept, other_screener, "exclude")
    conflicts = reverse("screening:conflicts", kwargs=stage)
    text = client_of(adjudicator).get(conflicts).content.decode()
    assert text.count(best) == 2
    box = reverse("analytics:prisma-box", kwargs={"slug": review.slug, "box": "records-screened"})
    assert best in client_of(adjudicator).get(box).content.decode()


def test_who_has_nothing_left_to_decide_is_told_what_waits_to_be_retrieved(
    review, screener, client_of
):
    make_reports(review, 2)
    done = make_reports(review, 1)[0]
    done.attempts.create(how="Library", outcome="retrieved")
    factories.make_decision(done.record, screener, stage=Stage.FULL_TEXT)
    place = {"slug": review.slug, "stage": "full-text"}
    text = client_of(screener).get(reverse("screening:screen", kwargs=place)).content.decode()
    assert "2 reports</a> wait to be retrieved" in text


def test_the_form_for_several_is_one_step_from_the_head_of_the_list(report, client_of, review):
    for role, is_offered in (("screener", True), ("observer", False)):
        browser = client_of(factories.make_member(review, role))
        text = browser.get(at("reports", report)).content.decode()
        assert ('href="#several"' in text) is ('id="several"' in text) is is_offered
