"""The client: named hosts, pace, patience, limits, and silence about keys."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from screening.online import wire as module
from screening.online.access import Access
from screening.online.client import PAGE, Answer, Client, Question
from screening.online.errors import (
    BrokenAnswerError,
    BusyError,
    NoAccessError,
    NoAnswerError,
    OnlineError,
    RefusedQuestionError,
)
from screening.online.pace import MemoryPacer
from screening.online.wire import HttpxWire
from tests.screening.online.answers import ACCESS, EMAIL, KEY, Service, client_for

HOST = "api.crossref.org"
QUESTION = Question(HOST, "/works", params={"query": "x", "secret": KEY})


def text(answer: Answer) -> str:
    return answer.body.decode()


def failing(error: type[httpx.TransportError]) -> Service:
    return Service(error(f"https://{HOST}/works?api_key={KEY}"))


def test_an_answer_is_read_and_the_question_says_who_asks() -> None:
    service = Service("fine")
    assert client_for(service).ask(QUESTION, text) == "fine"
    (request,) = service.requests
    assert (request.method, request.url.scheme, request.url.host) == ("GET", "https", HOST)
    assert request.headers["User-Agent"] == f"reviewapp/0.1 (mailto:{EMAIL})"
    client_for(service, access=Access()).ask(QUESTION, text)
    assert service.requests[-1].headers["User-Agent"] == "reviewapp/0.1"


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1", "169.254.169.254", "api.crossref.org.evil"]
)
def test_no_other_host_is_asked(host: str) -> None:
    service = Service("fine")
    with pytest.raises(ValueError, match="host"):
        client_for(service).ask(Question(host, "/"), text)
    assert service.requests == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectError, "the name was not found"),
        (httpx.ConnectTimeout, "in time"),
        (httpx.ReadTimeout, "in time"),
        (httpx.RemoteProtocolError, "broke off"),
        (httpx.ReadError, "broke off"),
        (httpx.ProxyError, "broke off"),
    ],
)
def test_a_network_that_fails_is_said_in_words_without_the_address(
    error: type[httpx.TransportError], words: str
) -> None:
    service, slept = failing(error), []
    with pytest.raises(NoAnswerError, match=words) as caught:
        client_for(service, slept=slept).ask(QUESTION, text)
    assert HOST in str(caught.value)
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__
    assert len(service.requests) == 5
    assert slept == [1, 2, 4, 8]


def test_a_person_is_not_kept_waiting() -> None:
    service, slept = failing(httpx.ConnectError), []
    with pytest.raises(NoAnswerError):
        client_for(service, slept=slept, patience=PAGE).ask(QUESTION, text)
    assert (len(service.requests), slept) == (2, [1])


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    slept: list[float] = []
    service = Service(
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(429, headers={"Retry-After": at}),
        httpx.Response(503),
        "fine",
    )
    assert client_for(service, slept=slept).ask(QUESTION, text) == "fine"
    assert slept[0] == 7
    assert 25 < slept[1] <= 30
    assert slept[2] == 4


@pytest.mark.parametrize(
    ("after", "words"),
    [("7200", "in 120 minutes"), ("65", "in a minute"), ("soon", "later"), ("", "later")],
)
def test_who_asks_for_too_much_patience_is_given_up(after: str, words: str) -> None:
    service = Service(httpx.Response(429, headers={"Retry-After": after}))
    with pytest.raises(BusyError, match=f"asked too often.*{words}"):
        client_for(service).ask(QUESTION, text)
    assert len(service.requests) == (1 if after.isdigit() else 5)


def test_a_service_out_of_order_is_named() -> None:
    with pytest.raises(BusyError, match=r"api\.crossref\.org is out of order \(HTTP 500\)"):
        client_for(Service(httpx.Response(500))).ask(QUESTION, text)


def test_a_broken_answer_is_asked_for_again() -> None:
    def read(answer: Answer) -> str:
        if answer.body == b"half":
            raise BrokenAnswerError("cut off")
        return text(answer)

    assert client_for(Service("half", "half", "whole")).ask(QUESTION, read) == "whole"
    with pytest.raises(BrokenAnswerError, match="cut off"):
        client_for(Service("half")).ask(QUESTION, read)


def test_a_refusal_is_final_and_never_tells_a_key() -> None:
    def read(answer: Answer) -> str:
        raise RefusedQuestionError(f"said: {text(answer)}")

    service = Service(f'{{"error":"API key invalid","api-key":"{KEY}"}} {EMAIL}')
    with pytest.raises(RefusedQuestionError) as caught:
        client_for(service).ask(QUESTION, read)
    assert KEY not in str(caught.value)
    assert EMAIL not in str(caught.value)
    assert "***" in str(caught.value)
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_said(status: int) -> None:
    with pytest.raises(NoAccessError, match="Check the key"):
        client_for(Service(httpx.Response(status))).ask(QUESTION, text)


def test_redirects_stay_on_the_host() -> None:
    service = Service(httpx.Response(301, headers={"Location": "/v1/works"}), "fine")
    assert client_for(service).ask(QUESTION, text) == "fine"
    assert str(service.requests[-1].url) == f"https://{HOST}/v1/works"
    for target in ("https://evil.example/x", f"http://{HOST}/x", "//evil.example/x", "ftp://x"):
        service = Service(httpx.Response(302, headers={"Location": target}))
        with pytest.raises(NoAnswerError, match="not followed"):
            client_for(service, patience=PAGE).ask(QUESTION, text)
        assert {request.url.host for request in service.requests} == {HOST}
    circle = Service(httpx.Response(302, headers={"Location": "/works"}))
    with pytest.raises(NoAnswerError, match="from one address to the next"):
        client_for(circle, patience=PAGE).ask(QUESTION, text)


def test_an_endless_answer_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER", 1024**2)
    given = []

    def endless() -> Iterator[bytes]:
        while True:
            given.append(1)
            yield b"x" * 65536

    with pytest.raises(RefusedQuestionError, match="larger than 1 MB"):
        client_for(Service(httpx.Response(200, content=endless()))).ask(QUESTION, text)
    assert len(given) < 20


def test_a_damaged_packed_answer_is_said() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(b"no gzip")
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)

    with pytest.raises(BrokenAnswerError, match="damaged"):
        client_for(Service(broken)).ask(QUESTION, text)


def test_each_host_is_asked_at_its_pace() -> None:
    now, slept = [0.0], []
    pacer = MemoryPacer(lambda: now[0])
    http = httpx.Client(transport=httpx.MockTransport(Service("fine")))
    client = Client(HttpxWire(http), pacer=pacer, access=ACCESS, sleep=slept.append)
    arxiv = Question("export.arxiv.org", "/api/query", interval=3.0)
    for _ in range(3):
        client.ask(arxiv, text)
    client.ask(QUESTION, text)
    assert slept == [3, 6]
    now[0] = 100.0
    client.ask(arxiv, text)
    assert slept == [3, 6]


def test_neither_log_nor_repr_holds_a_key(caplog: pytest.LogCaptureFixture) -> None:
    question = Question(HOST, "/works", params={"api_key": KEY}, form={"api_key": KEY})
    with caplog.at_level(logging.WARNING):
        client_for(Service("fine")).ask(question, text)
    assert KEY not in caplog.text
    assert KEY not in f"{question!r} {ACCESS!r}"
    assert EMAIL not in repr(ACCESS)
    assert issubclass(NoAccessError, OnlineError)
