"""One careful client: named hosts only, https only, paced, patient, bounded, silent about keys."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from screening.online.access import Access
from screening.online.errors import (
    BrokenAnswerError,
    BusyError,
    NoAccessError,
    NoAnswerError,
    OnlineError,
    RefusedQuestionError,
)
from screening.online.pace import Pacer

T = TypeVar("T")

#: The only hosts that are ever asked; no address comes from a person or from an answer.
HOSTS = frozenset(
    {"eutils.ncbi.nlm.nih.gov", "export.arxiv.org", "api.crossref.org", "api.openalex.org"}
)
MAX_ANSWER = 64 * 1024 * 1024
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_ACCESS = frozenset({401, 403})
_MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One request. With `form` it is posted, so that long searches fit; `interval` is its pace."""

    host: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    interval: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of what came back: a success, or a refusal with its reason in the body."""

    status: int
    body: bytes

    @property
    def is_ok(self) -> bool:
        """Whether the service did what it was asked."""
        return httpx.codes.is_success(self.status)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a question is asked, and how many seconds one wait may last."""

    tries: int = 5
    longest_wait: float = 60.0


WORKER = Patience()
#: A person waits in front of the page.
PAGE = Patience(tries=2, longest_wait=4.0)


class Client:
    """Asks questions; every failure becomes an `OnlineError` with a sentence for people."""

    def __init__(
        self,
        http: httpx.Client,
        *,
        pacer: Pacer,
        access: Access | None = None,
        patience: Patience = WORKER,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wrap an httpx client; it must not follow redirects by itself."""
        self._http = http
        self._pacer = pacer
        self.access = access or Access()
        self._patience = patience
        self._sleep = sleep

    def ask(self, question: Question, read: Callable[[Answer], T]) -> T:
        """Ask until there is an answer that can be read.

        Args:
            question: What to ask.
            read: Makes the value out of an answer; raises `BrokenAnswerError` for one that may
                be whole the next time, and other `OnlineError`s for good.

        Returns:
            What `read` made of the answer.

        Raises:
            OnlineError: With the reason of the last try.
            ValueError: The host is none of those that may be asked.
        """
        if question.host not in HOSTS:
            raise ValueError(f"host {question.host!r} is none of {sorted(HOSTS)}")
        last: OnlineError = NoAnswerError(f"No answer from {question.host}.")
        for number in range(self._patience.tries):
            if number:
                self._wait(last, number)
            try:
                return read(self._once(question))
            except (NoAnswerError, BusyError, BrokenAnswerError) as error:
                last = error
            except OnlineError as error:
                raise self._told(error) from None
        raise self._told(last) from None

    def _told(self, error: OnlineError) -> OnlineError:
        return type(error)(self.access.redacted(str(error)))

    def _wait(self, last: OnlineError, number: int) -> None:
        asked = last.retry_after if isinstance(last, BusyError) else None
        seconds = 2.0 ** (number - 1) if asked is None else asked
        if seconds > self._patience.longest_wait and asked is not None:
            raise self._told(last) from None
        self._sleep(min(seconds, self._patience.longest_wait))

    def _once(self, question: Question) -> Answer:
        method = "GET" if question.form is None else "POST"
        url = f"https://{question.host}{question.path}"
        params: Mapping[str, str] | None = question.params
        for _ in range(_MOST_REDIRECTS):
            wait = self._pacer.reserve(question.host, question.interval)
            if wait > 0:
                self._sleep(wait)
            request = self._http.build_request(
                method,
                url,
                params=params or None,
                data=question.form,
                headers={"User-Agent": self.access.agent},
            )
            with _in_words(question.host):
                answer, target = self._send(request, question.host)
            if not target:
                return answer
            url, params = target, None
        raise NoAnswerError(f"{question.host} sends from one address to the next; try again later.")

    def _send(self, request: httpx.Request, host: str) -> tuple[Answer, str]:
        response = self._http.send(request, stream=True, follow_redirects=False)
        try:
            if response.status_code in _REDIRECTS:
                return Answer(response.status_code, b""), _target(response, host)
            if response.status_code in _BUSY:
                raise _busy(response, host)
            if response.status_code in _NO_ACCESS:
                raise NoAccessError(
                    f"{host} refused access (HTTP {response.status_code}). Check the key that is "
                    "set for it, or ask again later."
                )
            return Answer(response.status_code, _body(response, host)), ""
        finally:
            response.close()


@contextmanager
def _in_words(host: str) -> Iterator[None]:
    """Turn what the network does wrong into a sentence; httpx's own text may hold an address."""
    try:
        yield
    except httpx.TimeoutException:
        raise NoAnswerError(
            f"No answer from {host} in time. It may be slow today, or the network is; try again."
        ) from None
    except httpx.ConnectError:
        raise NoAnswerError(
            f"No answer from {host}: the name was not found or the connection was refused. "
            "Is this machine online, and may it reach that host?"
        ) from None
    except httpx.DecodingError:
        raise BrokenAnswerError(f"The answer of {host} is damaged; try again.") from None
    except httpx.TransportError:
        raise NoAnswerError(f"The connection to {host} broke off; try again.") from None


def _target(response: httpx.Response, host: str) -> str:
    url = urljoin(str(response.request.url), str(response.headers.get("Location", "")))
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc != host:
        raise NoAnswerError(
            f"{host} sent us on to another address, which is not followed. A log-in page of the "
            "network may be in between."
        )
    return url


def _busy(response: httpx.Response, host: str) -> BusyError:
    after = _retry_after(response.headers.get("Retry-After", ""))
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        when = "later" if after is None else f"in {_duration(after)}"
        error = BusyError(f"{host} says that it was asked too often (HTTP 429); try again {when}.")
    else:
        error = BusyError(f"{host} is out of order (HTTP {response.status_code}); try again later.")
    error.retry_after = after
    return error


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date; None when there is none."""
    if value.strip().isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"


def _body(response: httpx.Response, host: str) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise RefusedQuestionError(
                f"The answer of {host} is larger than {MAX_ANSWER // 1024**2} MB and was not taken."
            )
        parts.append(part)
    return b"".join(parts)
