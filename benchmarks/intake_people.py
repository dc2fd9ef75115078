"""People at the app: one connection each, signed in, uploading or deciding as a browser does."""

import html
import http.client
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"
BLOCK = 1024 * 1024


@dataclass
class Answer:
    """What the server said."""

    status: int
    text: str
    location: str
    seconds: float


class Person:
    """A browser with its cookies and one kept connection."""

    def __init__(self, address: str, email: str, password: str) -> None:
        """Sign in."""
        self._place = urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(self._place, timeout=900)
        self._cookies: dict[str, str] = {}
        self.get("/login/")
        answer = self.post("/login/", {"username": email, "password": password})
        if answer.status != HTTPStatus.FOUND:
            raise RuntimeError(f"{email} could not sign in: {answer.status}")

    def get(self, path: str, *, part: bool = False) -> Answer:
        """Ask for a page, or for the part of it that the page itself asks for."""
        return self._send("GET", path, b"", {"HX-Request": "true"} if part else {})

    def post(self, path: str, fields: dict[str, str], *, part: bool = False) -> Answer:
        """Send a form."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self._token}).encode()
        headers = {"Content-Type": FORM} | ({"HX-Request": "true"} if part else {})
        return self._send("POST", path, body, headers)

    def upload(self, path: str, file: Path, fields: dict[str, str]) -> Answer:
        """Send a form with a file, piece by piece."""
        boundary = secrets.token_hex(16)
        fields = fields | {"csrfmiddlewaretoken": self._token}
        before = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        before += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"'
            "\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        after = f"\r\n--{boundary}--\r\n"
        size = len(before) + file.stat().st_size + len(after)
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {"Content-Type": kind, "Content-Length": str(size)}
        return self._send("POST", path, _pieces(before, file, after), headers)

    @property
    def _token(self) -> str:
        return self._cookies.get("csrftoken", "")

    def _send(self, method: str, path: str, body: object, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        started = time.perf_counter()
        self._connection.request(method, path, body=body, headers=headers | {"Cookie": cookies})
        response = self._connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        seconds = time.perf_counter() - started
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(response.status, text, response.headers.get("Location", ""), seconds)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _pieces(before: str, file: Path, after: str):  # noqa: ANN202 - a generator of bytes
    yield before.encode()
    with file.open("rb") as stream:
        while piece := stream.read(BLOCK):
            yield piece
    yield after.encode()


@dataclass
class Tally:
    """Seconds of every answer, by what was asked, and answers that were no success."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def note(self, what: str, answer: Answer) -> None:
        """Count an answer."""
        self.seconds.setdefault(what, []).append(answer.seconds)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self.failures.append(f"{what}: {answer.status}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that the given share of all lies at or below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Reviewer(threading.Thread):
    """Decides on one record after the other, thinking in between, until told to stop."""

    def __init__(self, person: Person, slug: str, think: float, tally: Tally) -> None:
        """Prepare; `start` begins."""
        super().__init__(daemon=True)
        self._person, self._think, self._tally = person, think, tally
        self._stage = f"/r/{slug}/screening/title-abstract/"
        self._ended = threading.Event()

    def run(self) -> None:
        """Think, decide, and let the page fetch what it fetches after a decision."""
        text = self._person.get(self._stage).text
        pause = re.search(r"recount from:body throttle:(\d+)s", text)
        counts_at, counts_pause = 0.0, float(pause[1]) if pause else 0.0
        wait = secrets.randbelow(1000) / 1000 * self._think
        while not self._ended.wait(wait):
            wait = self._think
            action = re.search(r'action="([^"]+/decide/)"', text)
            key = re.search(r'name="client_key" value="([^"]*)"', text)
            if not action or not key:
                self._tally.failures.append("nothing left to decide")
                return
            fields = {"client_key": key[1], "seconds_spent": "3", "verdict": "exclude"}
            answer = self._person.post(action[1], fields, part=True)
            self._tally.note("decide", answer)
            text = answer.text
            if time.monotonic() >= counts_at:  # as seldom as the page itself asks
                counts_at = time.monotonic() + counts_pause
                self._tally.note("counts", self._person.get(f"{self._stage}counts/", part=True))
            ahead = re.search(r'data-ahead="([^"]+)"', text)
            if ahead:
                address = html.unescape(ahead[1])
                self._tally.note("ahead", self._person.get(address, part=True))

    def stop(self) -> None:
        """Stop after the answer that is under way."""
        self._ended.set()
