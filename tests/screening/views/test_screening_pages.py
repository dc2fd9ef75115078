"""The screening page: one record, one verdict, the next record; plain forms and htmx alike."""

import pytest
from django.urls import reverse

from screening.models import Decision, StageSettings
from screening.rules.consensus import Stage
from tests import factories

TITLE = "title-abstract"
HTMX = {"HTTP_HX_REQUEST": "true"}


def at(name, review, stage=TITLE, **more):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug, "stage": stage} | more)


@pytest.fixture
def page(client_of, screener):
    return client_of(screener)


def test_the_page_shows_title_abstract_criteria_and_keys(review, page):
    review.inclusion_criteria = ["The task is classification"]
    review.save()
    factories.make_reason(review, "No medical images")
    review.highlight_terms.create(list="include", pattern="contrast*")
    factories.make_record(review, title="A contrastive method", abstract="Images of the chest.")
    text = page.get(at("screen", review)).content.decode()
    assert '<mark class="hl hl-include">contrastive</mark>' in text
    for words in ("Images of the chest.", "The task is classification", "No medical images"):
        assert words in text
    for key in ('data-key="i y"', 'data-key="e n"', 'data-key="m"', 'data-key="z"', 'data-key="1"'):
        assert key in text


def test_a_missing_abstract_is_said_plainly(review, page):
    factories.make_record(review, abstract="")
    assert "The source gave no abstract." in page.get(at("screen", review)).content.decode()


def test_markup_of_a_record_stays_text(review, page):
    factories.make_record(
        review,
        title="<script>alert(1)</script>",
        urls=[{"label": "x", "url": "javascript:alert(1)"}],
    )
    text = page.get(at("screen", review)).content.decode()
    assert "<script>alert" not in text
    assert "javascript:alert" not in text


def test_a_plain_form_decides_and_goes_on(review, page):
    first, second = (factories.make_record(review) for _ in range(2))
    answer = page.post(
        at("decide", review, record_id=first.pk), {"verdict": "include"}, follow=True
    )
    assert second.title in answer.content.decode()
    assert f"Included: {first.title}" in answer.content.decode()


def test_htmx_gets_the_next_record_with_a_toast(review, page):
    first, second = (factories.make_record(review) for _ in range(2))
    answer = page.post(at("decide", review, record_id=first.pk), {"verdict": "exclude"}, **HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert second.title in text
    assert "toast" in text


def test_a_reason_goes_along_with_an_exclusion_only(review, page):
    reason = factories.make_reason(review)
    one, two = (factories.make_record(review) for _ in range(2))
    for record, verdict in ((one, "include"), (two, "exclude")):
        data = {"verdict": verdict, "reason": reason.pk, "seconds_spent": "4"}
        page.post(at("decide", review, record_id=record.pk), data)
    kept = dict(Decision.objects.values_list("record", "reason"))
    assert kept == {one.pk: None, two.pk: reason.pk}


def test_what_is_wrong_is_said_and_the_record_stays(review, page):
    record = factories.make_record(review)
    answer = page.post(at("decide", review, record_id=record.pk), {}, **HTMX)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "Choose include, maybe or exclude." in text
    assert record.title in text


def test_a_record_that_needs_nobody_more_makes_room(review, page, other_screener):
    record, following = (factories.make_record(review) for _ in range(2))
    factories.make_decision(record, other_screener)
    factories.make_decision(record, factories.make_member(review, "screener"))
    answer = page.post(at("decide", review, record_id=record.pk), {"verdict": "include"}, **HTMX)
    assert answer.status_code == 409
    assert "already has the verdicts" in answer.content.decode()
    assert following.title in answer.content.decode()


def test_undo_shows_the_record_again(review, page):
    record = factories.make_record(review)
    page.post(at("decide", review, record_id=record.pk), {"verdict": "include"})
    assert "Nothing is left for you" in page.get(at("screen", review)).content.decode()
    answer = page.post(at("undo", review), follow=True)
    assert record.title in answer.content.decode()
    assert not Decision.objects.current().exists()
    again = page.post(at("undo", review), **HTMX)
    assert "no verdict of yours" in again.content.decode()


def test_the_neighbours_are_reached_without_deciding(review, page):
    records = [factories.make_record(review, random_key=key) for key in (1, 2, 3)]
    near = {"near": records[0].pk}
    assert records[1].title in page.get(at("screen", review), near).content.decode()
    back = page.get(at("screen", review), {"near": records[1].pk, "back": "1"})
    assert records[0].title in back.content.decode()


def test_a_decided_record_can_be_opened_and_changed(review, page, screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener, "maybe")
    listed = page.get(at("decided", review), {"verdict": "maybe", "words": record.title})
    assert record.title in listed.content.decode()
    opened = page.get(at("screen", review), {"record": record.pk}).content.decode()
    assert "You: Maybe" in opened
    page.post(at("decide", review, record_id=record.pk), {"verdict": "exclude"})
    assert Decision.objects.current().get().verdict == "exclude"


def test_at_full_text_a_number_excludes_with_its_reason(review, page, screener):
    site = factories.make_source(review, kind="website")
    record = factories.make_record(review, source=site)
    factories.make_report(record).attempts.create(how="Library", outcome="retrieved")
    reason = factories.make_reason(review)
    assert f'name="exclude_with" value="{reason.pk}"' in (
        page.get(at("screen", review, "full-text")).content.decode()
    )
    page.post(at("decide", review, "full-text", record_id=record.pk), {"exclude_with": reason.pk})
    decision = Decision.objects.get(stage=Stage.FULL_TEXT)
    assert (decision.verdict, decision.reason) == ("exclude", reason)


def test_an_unknown_stage_is_not_found(review, page):
    assert page.get(f"/r/{review.slug}/screening/abstracts/").status_code == 404


@pytest.mark.parametrize("role", ["lead", "adjudicator", "observer", "extractor"])
def test_who_does_not_screen_sees_how_far_the_team_is(review, role, client_of, screener):
    factories.make_decision(factories.make_record(review), screener, "exclude")
    member = factories.make_member(review, role)
    text = client_of(member).get(at("screen", review)).content.decode()
    assert "You do not screen in this review." in text
    assert ("Sam Screener" in text) == (role == "lead")


def test_no_page_tells_what_another_said_before_it_may(review, screener, other_screener, client_of):
    reason = factories.make_reason(review, "Wrong population")
    record = factories.make_record(review)
    factories.make_decision(record, other_screener, "exclude", reason=reason, comment="psst")
    record.notes.create(author=other_screener, body="look at page four")
    tag = review.tags.create(label="animal study")
    record.record_tags.create(tag=tag, member=other_screener)
    addresses = [
        at("screen", review),
        at("conflicts", review),
        at("decided", review),
        reverse("screening:records", args=[review.slug]),
        reverse("screening:records", args=[review.slug]) + "?status=excluded",
        reverse("screening:record", args=[review.slug, record.pk]),
    ]
    for person in (screener, factories.make_member(review, "lead", "screener")):
        for address in addresses:
            text = client_of(person).get(address).content.decode()
            assert "Olga Other" not in text, address
            assert "psst" not in text, address
            assert "look at page four" not in text, address
    text = client_of(screener).get(addresses[-1]).content.decode()
    assert "Wrong population" not in text
    assert "Excluded" not in text


def test_a_conflict_is_listed_for_those_it_concerns_only(
    review, screener, other_screener, adjudicator, client_of
):
    record = factories.make_record(review)
    factories.make_decision(record, screener, "include")
    factories.make_decision(record, other_screener, "exclude")
    third = factories.make_member(review, "screener")
    listing = reverse("screening:records", args=[review.slug]) + "?status=conflict"
    for person, sees in ((screener, True), (adjudicator, True), (third, False)):
        browser = client_of(person)
        assert (record.title in browser.get(at("conflicts", review)).content.decode()) == sees
        assert (record.title in browser.get(listing).content.decode()) == sees
    opened = client_of(third).get(at("conflicts", review), {"record": record.pk})
    assert opened.status_code == 404


def test_without_blinding_a_reviewer_sees_who_said_what(
    review, screener, other_screener, client_of
):
    StageSettings.objects.update(is_blinded=False)
    record = factories.make_record(review)
    factories.make_decision(record, other_screener, "exclude")
    assert "Olga Other" in client_of(screener).get(at("screen", review)).content.decode()


def test_a_large_review_counts_after_the_page(review, page, monkeypatch):
    monkeypatch.setattr("screening.selectors.resting.LARGE", 1)
    factories.make_record(review)
    factories.make_record(review)
    text = page.get(at("screen", review)).content.decode()
    assert "data-late-now" in text
    assert "counting" in text
    told = page.get(at("counts", review), {"here": "screen"}, **HTMX).content.decode()
    assert "<b>0</b> of 2 decided" in told


def test_one_decision_costs_a_known_number_of_queries(review, page, django_assert_num_queries):
    record, _ = (factories.make_record(review, random_key=key) for key in (1, 2))
    answer = {"verdict": "include", "client_key": "k1"}
    address = at("decide", review, record_id=record.pk)
    # 1-3 session, person, membership; 4 begin; 5-6 the locks; 7 verdicts on the record; 8 the key;
    # 9 where the record stands; 10 the stage; 11 insert; 12 its lease goes; 13 commit;
    # 14 the stage; 15 the next record; 16 begin; 17-18 it is still free; 19 leases go; 20 lease;
    # 21 commit; 22 what lies beside it; 23 highlighted words; 24 reasons.
    with django_assert_num_queries(24):
        page.post(address, answer, **HTMX)


def test_loading_ahead_costs_a_known_number_of_queries(review, page, django_assert_num_queries):
    record, _ = (factories.make_record(review, random_key=key) for key in (1, 2))
    page.get(at("screen", review))
    asked = {"near": record.pk, "ahead": "1"}
    # 1-3 session, person, membership; 4 the record before; 5 the stage; 6 the next record;
    # 7 begin; 8-9 it is still free; 10 lease; 11 commit; 12 what lies beside it; 13 words;
    # 14 reasons.
    with django_assert_num_queries(14):
        page.get(at("screen", review), asked, **HTMX)
