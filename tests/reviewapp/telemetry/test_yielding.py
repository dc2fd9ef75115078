"""Files that are made while they are read give way to people."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from reviewapp.telemetry import yielding
from reviewapp.telemetry.middleware import TelemetryMiddleware, open_requests
from reviewapp.telemetry.yielding import OpenRequests, giving_way


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every look at who waits; time passes only by working and looking."""
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    class Clock:
        perf_counter = staticmethod(lambda: now[0])

    Clock.sleep = staticmethod(sleep)  # type: ignore[attr-defined]
    Clock.work = staticmethod(lambda seconds: now.__setitem__(0, now[0] + seconds))  # type: ignore[attr-defined]
    monkeypatch.setattr(yielding, "time", Clock)
    return slept


def made(count: int, seconds: float) -> Iterator[bytes]:
    for number in range(count):
        yielding.time.work(seconds)  # type: ignore[attr-defined]
        yield str(number).encode()


def test_nobody_waits_so_nothing_rests(rests: list[float]) -> None:
    assert list(giving_way(made(5, 0.05), OpenRequests())) == [b"0", b"1", b"2", b"3", b"4"]
    assert rests == []


def test_it_rests_while_somebody_waits_but_not_for_ever(rests: list[float]) -> None:
    others = OpenRequests()
    with others.counted():
        assert list(giving_way(made(3, 0.05), others)) == [b"0", b"1", b"2"]
    looks = 0.05 * yielding.MOST_TIMES / yielding.LOOK_SECONDS
    assert 3 * looks <= len(rests) <= 3 * (looks + 1)


def test_small_pieces_are_passed_on_until_some_work_is_done(rests: list[float]) -> None:
    others = OpenRequests()
    with others.counted():
        pieces = giving_way(made(3, yielding.WORK_SECONDS / 2.5), others)
        assert next(pieces) == b"0"
        assert next(pieces) == b"1"
        assert rests == []
        assert next(pieces) == b"2"
    assert rests


def test_time_that_the_reader_takes_is_no_work(rests: list[float]) -> None:
    others = OpenRequests()
    with others.counted():
        for _ in giving_way(made(3, 0.001), others):
            yielding.time.work(1.0)  # type: ignore[attr-defined]
    assert rests == []


def test_a_request_counts_until_its_answer_begins_and_a_stream_gives_way() -> None:
    seen: list[bool] = []

    def answer(_request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        seen.append(open_requests.are_any)
        return StreamingHttpResponse(iter([b"a", b"b"]))

    response = TelemetryMiddleware(answer)(RequestFactory().get("/"))  # type: ignore[arg-type]
    assert seen == [True]
    assert not open_requests.are_any
    assert b"".join(response.streaming_content) == b"ab"  # type: ignore[attr-defined]
