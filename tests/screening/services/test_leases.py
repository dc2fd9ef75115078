"""A lease keeps more people than needed from being handed the same record."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from screening.models import Membership, ScreeningLease, StageSettings
from screening.rules.consensus import Stage
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


def hand(member, **more):
    return hand_out(membership=member, stage=TITLE, **more)


def test_the_same_record_comes_again_until_it_is_decided(review, screener):
    for _ in range(5):
        factories.make_record(review)
    assert hand(screener) == hand(screener)


def test_no_more_people_than_needed_get_a_record(review, screener, other_screener):
    factories.make_record(review)
    assert hand(screener) is not None
    assert hand(other_screener) is not None
    assert hand(factories.make_member(review, "screener")) is None


def test_a_verdict_and_a_lease_together_use_up_the_places(review, screener, other_screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener)
    assert hand(other_screener) == record
    assert hand(factories.make_member(review, "screener")) is None


def test_an_expired_lease_blocks_nobody(review, screener, other_screener):
    record = factories.make_record(review)
    hand(screener)
    hand(other_screener)
    ScreeningLease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert hand(factories.make_member(review, "screener")) == record


@pytest.mark.parametrize(
    "change",
    [
        {"deactivated_at": timezone.now()},
        {"is_screener": False, "is_observer": True},
    ],
)
def test_who_left_blocks_nobody(review, screener, other_screener, change):
    record = factories.make_record(review)
    hand(screener)
    hand(other_screener)
    Membership.objects.filter(pk=screener.pk).update(**change)
    assert hand(factories.make_member(review, "screener")) == record


def test_moving_on_lets_go_of_what_was_held(review, screener):
    factories.make_record(review)
    factories.make_record(review)
    first = hand(screener)
    second = hand(screener, near=first)
    assert second != first
    assert [lease.record for lease in ScreeningLease.objects.all()] == [second]
    assert hand(screener) == second


def test_going_back_shows_the_one_before(review, screener):
    for _ in range(4):
        factories.make_record(review)
    first = hand(screener)
    second = hand(screener, near=first)
    assert hand(screener, near=second, backwards=True) == first


def test_loading_ahead_keeps_what_is_held(review, screener):
    factories.make_record(review)
    factories.make_record(review)
    first = hand(screener)
    ahead = hand(screener, near=first, is_ahead=True)
    assert ahead != first
    assert hand(screener) == first
    record_decision(membership=screener, record_id=first.pk, stage=TITLE, answer=Answer("include"))
    assert hand(screener) == ahead


def test_skipping_goes_round_through_everything(review, screener):
    records = {factories.make_record(review) for _ in range(5)}
    seen, record = set(), None
    for _ in records:
        record = hand(screener, near=record)
        seen.add(record)
    assert seen == records


def test_nothing_left_is_none(review, screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener)
    assert hand(screener) is None


def test_who_does_not_screen_is_handed_nothing(review, lead):
    with pytest.raises(PermissionDenied):
        hand(lead)


def test_newest_first_is_by_year_with_unknown_years_last(review, screener):
    StageSettings.objects.filter(review=review).update(order="newest")
    years = [2019, None, 2023, 2021, 2023]
    for year in years:
        factories.make_record(review, year=year)
    order, record = [], None
    for _ in years:
        record = hand(screener, near=record)
        order.append(record.year)
    assert order == [2023, 2023, 2021, 2019, None]


def test_each_person_starts_at_a_place_of_their_own(review):
    for key in range(0, 100, 10):
        factories.make_record(review, random_key=key)
    early = factories.make_member(review, "screener", order_seed=15)
    late = factories.make_member(review, "screener", order_seed=95)
    assert hand(early).random_key == 20
    assert hand(late).random_key == 0
