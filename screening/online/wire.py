"""The network, by httpx: failures in words, redirects within the host, answers within bounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import httpx

from screening.online.client import Answer, Patience, Request
from screening.online.errors import (
    BrokenAnswerError,
    BusyError,
    NoAccessError,
    NoAnswerError,
    RefusedQuestionError,
)

MAX_ANSWER = 64 * 1024 * 1024
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_ACCESS = frozenset({401, 403})


class HttpxWire:
    """Sends requests by an httpx client."""

    def __init__(self, http: httpx.Client) -> None:
        """Wrap a client."""
        self._http = http

    def send(self, request: Request, host: str) -> Answer:
        """Send one request; see `screening.online.client.Wire`."""
        built = self._http.build_request(
            request.method,
            request.url,
            params=dict(request.params) or None,
            data=dict(request.form) if request.form is not None else None,
            headers={"User-Agent": request.agent},
        )
        with _in_words(host):
            response = self._http.send(built, stream=True, follow_redirects=False)
            try:
                return _answer(response, host)
            finally:
                response.close()


@contextmanager
def open_wire(transport: httpx.BaseTransport | None, patience: Patience) -> Iterator[HttpxWire]:
    """Open a wire; a transport of None is the real network."""
    timeout = httpx.Timeout(patience.silence, connect=10.0)
    with httpx.Client(transport=transport, timeout=timeout) as http:
        yield HttpxWire(http)


def _answer(response: httpx.Response, host: str) -> Answer:
    status = response.status_code
    if status in _REDIRECTS:
        return Answer(status, b"", _target(response, host))
    if status in _BUSY:
        raise _busy(response, host)
    if status in _NO_ACCESS:
        raise NoAccessError(
            f"{host} refused access (HTTP {status}). Check the key that is set for it, or ask "
            "again later."
        )
    return Answer(status, _body(response, host))


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
