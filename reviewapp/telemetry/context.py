"""Which request, and which job, a line of the log belongs to."""

import contextlib
import re
import uuid
from collections.abc import Iterator
from contextvars import ContextVar

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_job: ContextVar[str] = ContextVar("job", default="")


def current_request_id() -> str:
    """The id of the request that is worked for; empty outside of one."""
    return _request_id.get()


def current_job() -> str:
    """The number of the job that is worked on; empty outside of one."""
    return _job.get()


def accepted_id(given: str) -> str:
    """The id a proxy or a client gave, if it is harmless in a log; else a new one."""
    return given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex


@contextlib.contextmanager
def working_for(request_id: str, job: str = "") -> Iterator[None]:
    """Let the log lines of a block name the request, and the job if there is one."""
    tokens = _request_id.set(request_id), _job.set(job)
    try:
        yield
    finally:
        _request_id.reset(tokens[0])
        _job.reset(tokens[1])
