"""The pace of verdicts and its forecast."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from screening.rules.pace import pace_of

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def at(*minutes):
    return [NOW - timedelta(minutes=one) for one in minutes]


def test_pauses_are_no_work_and_days_without_work_count():
    two_sittings = at(*range(0, 12, 2), *range(2880, 2892, 2))  # every two minutes; two days ago
    pace = pace_of(two_sittings, left=60, now=NOW)
    assert pace.per_hour == 30
    assert pace.hours_left == 2
    assert round(pace.per_day or 0, 1) == 6.0
    assert pace.ends_on == date(2026, 3, 20)


def test_too_little_tells_nothing():
    pace = pace_of(at(1, 2), left=60, now=NOW)
    assert (pace.per_hour, pace.hours_left) == (None, None)
    assert pace_of([], left=60, now=NOW).ends_on is None
    assert pace_of(at(1, 2), left=0, now=NOW).ends_on is None


@given(st.lists(st.integers(0, 30_000), max_size=40), st.integers(0, 10_000))
def test_order_does_not_matter_and_nothing_is_negative(minutes, left):
    pace = pace_of(at(*minutes), left=left, now=NOW)
    assert pace == pace_of(at(*sorted(minutes)), left=left, now=NOW)
    assert all(one is None or one > 0 for one in (pace.per_hour, pace.per_day))
    assert pace.ends_on is None or pace.ends_on >= NOW.date()
