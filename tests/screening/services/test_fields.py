"""The record as shown: best fields, chosen fields, and exactly back when a link is undone."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.services.studies import _facts_of
from screening.models import AuditEvent, FieldChoice, Record
from screening.selectors.shown import shown_fields, shown_record, shown_records
from screening.services import duplicates, fields
from tests import factories


@pytest.fixture
def kept(review):
    return factories.make_record(review, title="KEPT RECORD OF ONE REPORT", abstract="Short.")


@pytest.fixture
def other(review):
    return factories.make_record(
        review, title="Kept record of one report", abstract=20 * "Fuller. ", doi="10.1/x"
    )


@pytest.fixture
def link(screener, kept, other):
    return duplicates.link_records(membership=screener, kept=kept, duplicate=other)


def test_the_kept_record_shows_the_best_of_each(link, kept, other):
    shown = shown_record(kept)
    assert (shown.title, shown.abstract, shown.doi) == (other.title, other.abstract, other.doi)
    assert shown.origins["title"] == other
    assert shown.record == kept


def test_the_rows_stay_as_they_are(link, kept, other):
    before = list(Record.objects.order_by("pk").values())
    shown_record(kept)
    assert list(Record.objects.order_by("pk").values()) == before


def test_undoing_the_link_shows_exactly_what_was_shown_before(screener, kept, other):
    before = [shown_record(kept), shown_record(other)]
    made = duplicates.link_records(membership=screener, kept=kept, duplicate=other)
    fields.choose_field(membership=screener, record=kept, field="title")
    duplicates.undo_link(membership=screener, link=made)
    assert [shown_record(kept), shown_record(other)] == before


def test_a_person_chooses_another_value(link, screener, kept):
    fields.choose_field(membership=screener, record=kept, field="title")
    shown = shown_record(kept)
    assert shown.title == kept.title
    (title,) = [field for field in shown_fields(shown) if field.name == "title"]
    assert title.is_chosen
    assert [text for _, text in title.others] == ["Kept record of one report"]


def test_the_choice_made_last_holds(link, screener, kept, other):
    for record in (kept, other, kept):
        fields.choose_field(membership=screener, record=record, field="abstract")
    assert shown_record(kept).abstract == "Short."
    assert FieldChoice.objects.standing().count() == 1


def test_two_chosen_groups_that_meet_show_the_later_choice(screener, review, link, kept, other):
    third = factories.make_record(review, title="Third")
    fourth = factories.make_record(review, title="Fourth")
    duplicates.link_records(membership=screener, kept=third, duplicate=fourth)
    fields.choose_field(membership=screener, record=fourth, field="title")
    fields.choose_field(membership=screener, record=other, field="title")
    duplicates.link_records(membership=screener, kept=third, duplicate=kept)
    assert shown_record(third).title == other.title


def test_the_choice_stays_when_another_record_is_kept(link, screener, kept, other):
    fields.choose_field(membership=screener, record=kept, field="title")
    duplicates.keep_instead(membership=screener, record=other)
    assert shown_record(other).title == kept.title


def test_the_rules_may_choose_again(link, screener, kept, other):
    fields.choose_field(membership=screener, record=kept, field="title")
    fields.release_field(membership=screener, record=kept, field="title")
    assert shown_record(kept).title == other.title
    with pytest.raises(ValidationError, match="Nobody has chosen"):
        fields.release_field(membership=screener, record=kept, field="title")


def test_choices_leave_a_trail(link, screener, kept):
    fields.choose_field(membership=screener, record=kept, field="title")
    event = AuditEvent.objects.get(action="duplicate.field_chosen")
    assert event.after == {"record": kept.pk, "field": "title"}


def test_a_field_that_is_empty_or_unknown_cannot_be_chosen(link, screener, kept):
    with pytest.raises(ValidationError, match="gives no value"):
        fields.choose_field(membership=screener, record=kept, field="doi")
    with pytest.raises(ValidationError, match="no such field"):
        fields.choose_field(membership=screener, record=kept, field="raw_text")


def test_a_record_without_duplicates_has_nothing_to_choose(screener, kept):
    with pytest.raises(ValidationError, match="no duplicates"):
        fields.choose_field(membership=screener, record=kept, field="title")


def test_a_record_of_another_review_is_refused(link, screener):
    foreign = factories.make_record(factories.make_review())
    with pytest.raises(ValidationError, match="another review"):
        fields.choose_field(membership=screener, record=foreign, field="title")


def test_an_observer_may_not_choose(link, observer, kept):
    with pytest.raises(PermissionDenied):
        fields.choose_field(membership=observer, record=kept, field="title")
    with pytest.raises(PermissionDenied):
        fields.release_field(membership=observer, record=kept, field="title")


def test_links_of_all_records_are_shown_once(screener, review):
    same = {"label": "one", "url": "https://example.org/1"}
    kept = factories.make_record(review, urls=[same])
    other = factories.make_record(review, urls=[same, {"label": "2", "url": "https://x.org/2"}])
    duplicates.link_records(membership=screener, kept=kept, duplicate=other)
    assert [link["url"] for link in shown_record(kept).urls] == [
        "https://example.org/1",
        "https://x.org/2",
    ]


def test_many_records_cost_two_queries(review, link, django_assert_num_queries, monkeypatch):
    for _ in range(3):
        factories.make_record(review)
    records = list(Record.objects.filter(review=review).order_by("pk"))
    with django_assert_num_queries(2):  # links with their records, choices
        assert [one.pk for one in shown_records(records)] == [one.pk for one in records]
    monkeypatch.setattr("screening.selectors.shown.MANY", 2)
    with django_assert_num_queries(2):
        assert shown_records(records)[0].doi == "10.1/x"


def test_the_page_tells_where_each_field_comes_from(link, client_of, screener, kept, other):
    client = client_of(screener)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert "Fields shown" in page
    assert f"Abstract of record {kept.pk}" in page
    address = f"/r/{kept.review.slug}/duplicates/fields/{kept.pk}/choose/"
    answer = client.post(address, {"field": "title"}, follow=True)
    assert "chosen by a person" in answer.content.decode()
    client.post(address.replace("choose", "release"), {"field": "title"})
    assert not FieldChoice.objects.standing().exists()
    answer = client.post(address, {"field": "nonsense"}, follow=True)
    assert "no such field" in answer.content.decode()


def test_the_screening_card_shows_the_best_abstract(link, client_of, screener, kept):
    page = client_of(screener).get(f"/r/{kept.review.slug}/screening/title-abstract/")
    assert "Fuller. Fuller." in page.content.decode()


def test_a_study_is_named_after_the_report_as_shown(link, kept, other):
    assert _facts_of(kept).title == other.title
