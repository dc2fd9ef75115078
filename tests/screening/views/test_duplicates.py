"""The desk: what it shows to whom, and its buttons."""

import pytest
from django.urls import reverse

from screening.models import DuplicateLink, DuplicateSuggestion, Job, NotDuplicate
from screening.rules.consensus import Verdict
from screening.services import duplicates
from tests import factories


@pytest.fixture
def pair(review):
    return DuplicateSuggestion.objects.create(
        review=review,
        first=factories.make_record(review, title="MoCo-CXR: pretraining helps", abstract=""),
        second=factories.make_record(review, title="Pretraining helps"),
        score=0.94,
        reasons=[
            {"field": "title", "agrees": True, "text": "Titles 84% alike"},
            {"field": "year", "agrees": False, "text": "Year 2021, 2020"},
        ],
    )


def url(name, review, **arguments):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug, **arguments})


@pytest.fixture
def desk(review):
    return url("duplicates", review)


def test_a_stranger_finds_no_desk(client_of, stranger, desk):
    assert client_of(stranger).get(desk).status_code == 404


def test_every_stranger_finds_no_button(client_of, stranger, review, pair):
    client = client_of(stranger)
    assert client.post(url("link-pair", review, suggestion_id=pair.pk)).status_code == 404
    assert client.post(url("find-duplicates", review)).status_code == 404


def test_an_observer_sees_the_desk_without_buttons(client_of, observer, desk, pair):
    page = client_of(observer).get(desk).content.decode()
    assert "Titles 84% alike" in page
    assert 'data-key="d"' not in page


def test_an_observer_may_not_link(client_of, observer, review, pair):
    assert (
        client_of(observer).post(url("link-pair", review, suggestion_id=pair.pk)).status_code == 403
    )


def test_the_desk_marks_what_differs(client_of, screener, desk, pair):
    page = client_of(screener).get(desk).content.decode()
    assert 'role="status">Pair 1 of 1: ' in page
    assert '<span class="diff">MoCo-CXR:</span>' in page
    assert 'data-key="d"' in page
    assert "Year 2021, 2020" in page


def test_the_desk_shows_my_verdicts_and_nobody_elses(
    client_of, screener, other_screener, desk, pair
):
    factories.make_decision(pair.first, other_screener, Verdict.EXCLUDE)
    assert "#exclude" not in client_of(screener).get(desk).content.decode()
    assert "#exclude" in client_of(other_screener).get(desk).content.decode()


def test_an_empty_desk_says_what_to_do_next(client_of, screener, desk):
    client = client_of(screener)
    assert b"Import the results" in client.get(desk).content
    assert b"No record is linked" in client.get(desk + "?tab=linked").content
    assert b"never asked again" in client.get(desk + "?tab=rejected").content


def test_linking_keeps_the_fuller_record(client_of, screener, review, pair):
    response = client_of(screener).post(url("link-pair", review, suggestion_id=pair.pk))
    assert response.status_code == 302
    link = DuplicateLink.objects.standing().get()
    assert (link.kept, link.record) == (pair.second, pair.first)
    assert link.reasons == pair.reasons


def test_the_person_may_choose_the_kept_record(client_of, screener, review, pair):
    data = {"kept": pair.first_id}
    client_of(screener).post(url("link-pair", review, suggestion_id=pair.pk), data)
    assert DuplicateLink.objects.standing().get().kept == pair.first


def test_linking_twice_says_why_not(client_of, screener, review, pair):
    client = client_of(screener)
    address = url("link-pair", review, suggestion_id=pair.pk)
    client.post(address)
    page = client.post(address, follow=True).content.decode()
    assert "linked already" in page


def test_a_rejected_pair_moves_to_its_tab_and_back(client_of, screener, review, desk, pair):
    client = client_of(screener)
    client.post(url("reject-pair", review, suggestion_id=pair.pk))
    assert b"Titles 84% alike" not in client.get(desk).content
    assert b"MoCo-CXR" in client.get(desk + "?tab=rejected").content
    ruling = NotDuplicate.objects.get()
    client.post(url("undo-rejection", review, ruling_id=ruling.pk), {"tab": "rejected"})
    assert b"MoCo-CXR" in client.get(desk).content


def test_a_link_is_undone_and_swapped_on_its_tab(client_of, screener, review, desk, pair):
    client = client_of(screener)
    client.post(url("link-pair", review, suggestion_id=pair.pk))
    link = DuplicateLink.objects.get()
    assert b"Linked by a person" in client.get(desk + "?tab=linked").content
    client.post(url("swap-kept", review, link_id=link.pk), {"tab": "linked"})
    swapped = DuplicateLink.objects.standing().get()
    assert swapped.kept == pair.first
    answer = client.post(url("undo-link", review, link_id=swapped.pk), {"tab": "linked"})
    assert answer.url.endswith("?tab=linked")
    assert not DuplicateLink.objects.standing().exists()


def test_undo_takes_back_my_last_act(client_of, screener, review, desk, pair):
    client = client_of(screener)
    client.post(url("link-pair", review, suggestion_id=pair.pk))
    link = DuplicateLink.objects.get()
    page = client.get(desk).content.decode()
    assert url("undo-link", review, link_id=link.pk) in page
    assert 'data-key="z"' in page


def test_rows_of_another_review_are_not_found(client_of, screener, review, lead):
    other = factories.make_review()
    one, two = factories.make_record(other), factories.make_record(other)
    pair = DuplicateSuggestion.objects.create(review=other, first=one, second=two)
    assert (
        client_of(screener).post(url("link-pair", review, suggestion_id=pair.pk)).status_code == 404
    )


def test_detection_starts_a_job(client_of, screener, review, pair):
    response = client_of(screener).post(url("find-duplicates", review))
    assert response.status_code == 302
    assert Job.objects.get().kind == "find_duplicates"


def test_a_record_is_marked_as_duplicate_by_number(client_of, screener, review, pair):
    address = url("mark-duplicate", review, record_id=pair.first_id)
    client_of(screener).post(address, {"kept": pair.second_id})
    assert DuplicateLink.objects.standing().get().kept == pair.second


def test_a_number_that_is_none_is_refused_with_a_sentence(client_of, screener, review, pair):
    address = url("mark-duplicate", review, record_id=pair.first_id)
    page = client_of(screener).post(address, {"kept": "999999"}, follow=True).content.decode()
    assert "no record with that number" in page
    assert not DuplicateLink.objects.exists()


def test_the_record_page_offers_to_mark_a_duplicate_to_those_who_may(
    client_of, screener, observer, review, pair
):
    address = pair.first.get_absolute_url()
    assert b"Duplicate of" in client_of(screener).get(address).content
    assert b"Duplicate of" not in client_of(observer).get(address).content


def test_the_list_moves_by_links_with_keys(client_of, screener, review, desk, pair):
    third = factories.make_record(review)
    second = DuplicateSuggestion.objects.create(review=review, first=pair.first, second=third)
    client = client_of(screener)
    assert f"pair={second.pk}" in client.get(desk).content.decode()
    page = client.get(f"{desk}?pair={second.pk}").content.decode()
    assert 'data-key="k arrowup"' in page


def test_the_desk_asks_few_queries(
    client_of, screener, review, desk, pair, django_assert_max_num_queries
):
    for _ in range(20):
        factories.make_record(review)
    client = client_of(screener)
    # session, user, membership; rows and their count; decisions; four counts; job; two last
    # acts; whether each of the two has a report and decisions
    with django_assert_max_num_queries(23):  # with the group that questions connect
        client.get(desk)


def test_the_counts_in_the_head_follow(client_of, screener, review, desk, pair):
    assert b"1 pair to check" in client_of(screener).get(desk).content
    duplicates.reject_pair(membership=screener, one=pair.first, two=pair.second)
    assert b"0 pairs to check" in client_of(screener).get(desk).content


def test_undo_shows_the_pair_again_on_whatever_page_it_stands(
    client_of, screener, review, desk, monkeypatch
):
    monkeypatch.setattr("screening.views.duplicates.PAGE", 2)
    pairs = []
    for _ in range(5):
        first, second = factories.make_record(review), factories.make_record(review)
        pairs.append(DuplicateSuggestion.objects.create(review=review, first=first, second=second))
    client, third = client_of(screener), pairs[2]
    client.post(url("reject-pair", review, suggestion_id=third.pk))
    ruling = NotDuplicate.objects.get()
    answer = client.post(
        url("undo-rejection", review, ruling_id=ruling.pk), {"tab": "suggested"}, follow=True
    )
    assert answer.redirect_chain[0][0] == f"{desk}?pair={third.pk}"
    assert (answer.context["current"], answer.context["page"].number) == (third, 2)
    client.post(url("link-pair", review, suggestion_id=third.pk))
    link = DuplicateLink.objects.get()
    answer = client.post(
        url("undo-link", review, link_id=link.pk), {"tab": "suggested"}, follow=True
    )
    assert answer.context["current"] == third
    # the pair that follows on a later page is shown there, not the first pair of all
    answer = client.post(
        url("reject-pair", review, suggestion_id=third.pk), {"next": pairs[3].pk}, follow=True
    )
    assert answer.context["current"] == pairs[3]
