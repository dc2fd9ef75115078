"""One careful client: named hosts only, https only, paced, patient, silent about keys."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Protocol, TypeVar

from screening.online.access import Access
from screening.online.errors import BrokenAnswerError, BusyError, NoAnswerError, OnlineError
from screening.online.pace import Pacer

T = TypeVar("T")

#: The only hosts that are ever asked; no address comes from a person or from an answer.
HOSTS = frozenset(
    {"eutils.ncbi.nlm.nih.gov", "export.arxiv.org", "api.crossref.org", "api.openalex.org"}
)
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
    """Status and body of what came back: a success, or a refusal with its reason in the body.

    `target` is where to ask instead, on the same host.
    """

    status: int
    body: bytes = field(repr=False)
    target: str = field(default="", repr=False)

    @property
    def is_ok(self) -> bool:
        """Whether the service did what it was asked."""
        return self.status // 100 == HTTPStatus.OK // 100


@dataclass(frozen=True, slots=True)
class Request:
    """What goes over the wire."""

    method: str
    url: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] | None = field(repr=False)
    agent: str = field(repr=False)


class Wire(Protocol):
    """What carries a request to a host and brings the answer back."""

    def send(self, request: Request, host: str) -> Answer:
        """Send one request.

        Args:
            request: An https address of that host.
            host: The host; a redirect to another one is refused.

        Returns:
            The answer, whole; with `target` when it only says where to ask instead.

        Raises:
            OnlineError: Nothing came back, or nothing that can be used.
        """
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a question is asked, how long one wait and one silence may last in seconds."""

    tries: int = 5
    longest_wait: float = 60.0
    silence: float = 60.0


WORKER = Patience()
#: A person waits in front of the page.
PAGE = Patience(tries=2, longest_wait=4.0, silence=10.0)


class Client:
    """Asks questions; every failure becomes an `OnlineError` with a sentence for people."""

    def __init__(
        self,
        wire: Wire,
        *,
        pacer: Pacer,
        access: Access | None = None,
        patience: Patience = WORKER,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Ask over a wire; `wire.HttpxWire` is the network."""
        self._wire = wire
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
        request = Request(
            method,
            f"https://{question.host}{question.path}",
            params=question.params,
            form=question.form,
            agent=self.access.agent,
        )
        for _ in range(_MOST_REDIRECTS):
            wait = self._pacer.reserve(question.host, question.interval)
            if wait > 0:
                self._sleep(wait)
            answer = self._wire.send(request, question.host)
            if not answer.target:
                return answer
            request = replace(request, url=answer.target, params={})
        raise NoAnswerError(f"{question.host} sends from one address to the next; try again later.")
