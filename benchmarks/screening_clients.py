"""Screeners over HTTP: each with a cookie, doing what the page does for every decision.

One decision is the POST of the verdict, answered with the next record's page part; then, untimed,
the record after that is loaded ahead, and the counts are fetched as seldom as the page does.
"""

import http.client
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

STAGE = "/r/benchmark/screening/title-abstract/"
RECORD = re.compile(r'data-record="(\d+)"')
KEY = re.compile(r'name="client_key" value="(\w+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
RECOUNT_SECONDS = 15  # as the page of a large review


@dataclass(slots=True)
class Tally:
    """What one or all screeners saw."""

    seconds: list[float] = field(default_factory=list)
    ahead: list[float] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)
    acknowledged: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


class Screener(threading.Thread):
    """One person at the page until the end."""

    def __init__(self, port: int, session: str, *, think: float, seconds: float) -> None:
        """Prepare; `think` seconds lie between two decisions on average."""
        super().__init__(daemon=True)
        self.tally = Tally()
        self._port, self._session = port, session
        self._think, self._seconds = think, seconds
        self._dice = random.Random(session)  # noqa: S311  (how people dawdle)

    def run(self) -> None:
        """Open the page and decide until the time is over; the first fault ends it."""
        self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        time.sleep(self._dice.random() * self._think)
        try:
            self._screen()
        except (http.client.HTTPException, OSError, LookupError) as error:
            self.tally.errors.append(f"{type(error).__name__}: {error}")

    def _screen(self) -> None:
        page = self._ask("GET", STAGE)
        token = _found(TOKEN, page)
        end, recounted = time.monotonic() + self._seconds, 0.0
        while RECORD.search(page) and time.monotonic() < end:
            record = int(_found(RECORD, page))
            self._timed(self.tally.ahead, "GET", f"{STAGE}?near={record}&ahead=1")
            if time.monotonic() - recounted > RECOUNT_SECONDS:
                self._timed(self.tally.counts, "GET", f"{STAGE}counts/?here=screen")
                recounted = time.monotonic()
            time.sleep(self._think * (0.5 + self._dice.random()))
            verdict = "include" if self._dice.random() < 0.05 else "exclude"  # noqa: PLR2004
            answer = {
                "verdict": verdict,
                "client_key": _found(KEY, page),
                "seconds_spent": "3",
                "csrfmiddlewaretoken": token,
            }
            page = self._timed(
                self.tally.seconds, "POST", f"{STAGE}records/{record}/decide/", answer
            )
            self.tally.acknowledged[record] += 1

    def _timed(
        self, times: list[float], method: str, path: str, form: dict[str, str] | None = None
    ) -> str:
        started = time.perf_counter()
        page = self._ask(method, path, form)
        times.append(time.perf_counter() - started)
        return page

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        headers = {"Cookie": self._cookie(form), "HX-Request": "true"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, urlencode(form) if form else None, headers)
        answer = self._line.getresponse()
        body = answer.read().decode()
        if answer.status != HTTPStatus.OK:
            raise LookupError(f"{method} {path}: {answer.status} {body[:200]}")
        return body

    def _cookie(self, form: dict[str, str] | None) -> str:
        kept = f"sessionid={self._session}"
        return f"{kept}; csrftoken={form['csrfmiddlewaretoken']}" if form else kept


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise LookupError(f"{pattern.pattern} is not on the page: {page[:200]}")
    return found.group(1)


def screen_together(
    port: int, sessions: list[str], *, think: float, seconds: float
) -> tuple[Tally, float]:
    """Let everybody screen at once.

    Returns:
        All that was seen, and the seconds it took.
    """
    people = [Screener(port, one, think=think, seconds=seconds) for one in sessions]
    started = time.monotonic()
    for one in people:
        one.start()
    for one in people:
        one.join()
    took = time.monotonic() - started
    whole = Tally()
    for one in people:
        whole.seconds += one.tally.seconds
        whole.ahead += one.tally.ahead
        whole.counts += one.tally.counts
        whole.acknowledged.update(one.tally.acknowledged)
        whole.errors += one.tally.errors
    return whole, took


def percentile(times: list[float], share: float) -> float:
    """A percentile in milliseconds; 0 without times."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0
