"""Records: the list, a record's page, its tags and notes."""

import pytest
from django.urls import reverse

from screening.models import DuplicateLink, Note, PreScreenRemoval, RecordTag
from tests import factories

HTMX = {"HTTP_HX_REQUEST": "true"}


def at(name, review, **more):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)


@pytest.fixture
def browser(client_of, screener):
    return client_of(screener)


def test_the_list_is_narrowed_by_words_source_status_and_tag(review, browser, screener):
    tag = review.tags.create(label="later")
    wanted = factories.make_record(review, title="Retinal images", doi="10.1000/x")
    other = factories.make_record(review, title="Chest films", source=factories.make_source(review))
    wanted.record_tags.create(tag=tag, member=screener)
    for asked in (
        {"words": "retinal"},
        {"words": "10.1000/X"},
        {"source": wanted.source_id},
        {"tag": tag.pk},
    ):
        text = browser.get(at("records", review), asked).content.decode()
        assert "Retinal images" in text, asked
        assert "Chest films" not in text, asked
    both = {"stage": "title_abstract", "status": "awaiting"}
    assert other.title in browser.get(at("records", review), both).content.decode()


def test_a_record_page_shows_all_that_came_with_it(review, browser, lead):
    record = factories.make_record(
        review,
        doi="10.1/x",
        arxiv_id="2101.05224",
        pmid="123",
        urls=[{"label": "Code", "url": "https://example.org/code"}],
        extra={"modality": "CT"},
        raw_text="TY  - JOUR",
    )
    twin = factories.make_record(review, source=factories.make_source(review, name="List B"))
    DuplicateLink.objects.create(
        review=review, record=twin, kept=record, method="identifier", created_by=lead
    )
    text = browser.get(at("record", review, record_id=record.pk)).content.decode()
    for words in (
        "https://doi.org/10.1/x",
        "arxiv.org/abs/2101.05224",
        "pubmed.ncbi.nlm.nih.gov/123/",
        "https://example.org/code",
        "List B",
        "modality",
        "TY  - JOUR",
        f"Record {twin.pk} is a duplicate of this one",
    ):
        assert words in text
    copy = browser.get(at("record", review, record_id=twin.pk)).content.decode()
    assert "A duplicate." in copy


def test_the_history_tells_removals_and_attempts(review, browser, lead):
    site = factories.make_source(review, kind="website")
    record = factories.make_record(review, source=site)
    factories.make_report(record).attempts.create(how="Asked", outcome="pending", created_by=lead)
    PreScreenRemoval.objects.create(
        record=record, kind="other", note="Retracted", created_by=lead, undone_at=record.created_at
    )
    text = browser.get(at("record", review, record_id=record.pk)).content.decode()
    for words in ("Still waiting: Asked", "Retracted", "Put back"):
        assert words in text


def test_a_tag_is_added_once_and_taken_off(review, browser, screener):
    record = factories.make_record(review)
    place = {"record_id": record.pk}
    for label in ("several  modalities", "Several modalities"):
        text = browser.post(at("add-tag", review, **place), {"label": label}, **HTMX)
        assert "several modalities" in text.content.decode()
    placed = RecordTag.objects.get()
    remove = at("remove-tag", review, **place, tag_id=placed.tag_id)
    assert browser.post(remove).status_code == 302
    assert not RecordTag.objects.exists()
    assert "not on the record" in browser.post(remove, **HTMX).content.decode()


def test_a_note_is_written_and_deleted_by_its_author_only(
    review, browser, other_screener, client_of
):
    record = factories.make_record(review)
    answer = browser.post(at("add-note", review, record_id=record.pk), {"body": "See p. 4"}, **HTMX)
    assert "See p. 4" in answer.content.decode()
    remove = at("remove-note", review, note_id=Note.objects.get().pk)
    refused = client_of(other_screener).post(remove, **HTMX)
    assert "Only its author" in refused.content.decode()
    browser.post(remove, **HTMX)
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("add-tag", {}, "Write the tag"),
        ("add-note", {}, "Write the note first."),
        ("add-note", {"body": "x" * 5001}, "5000 are the most"),
    ],
)
def test_an_empty_or_endless_label_is_refused(review, browser, name, data, message):
    record = factories.make_record(review)
    answer = browser.post(at(name, review, record_id=record.pk), data, follow=True)
    assert message in answer.content.decode()
    assert not Note.objects.exists()


def test_a_record_without_a_title_can_be_opened_from_every_list(review, browser, screener):
    record = factories.make_record(review, title="", doi="")
    link = f'/records/{record.pk}/">No title</a>'
    assert link in browser.get(at("records", review)).content.decode()
    desk = browser.get(at("screen", review, stage="title-abstract")).content.decode()
    assert f'data-said="Record {record.pk}: No title"' in desk
    assert '<h2><span class="quiet">No title</span></h2>' in desk
    factories.make_decision(record, screener)
    assert link in browser.get(at("decided", review, stage="title-abstract")).content.decode()
