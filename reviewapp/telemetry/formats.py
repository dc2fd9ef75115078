"""Log lines, plain or as JSON, without what people typed.

An exception's message may quote a value (a database names the e-mail address that is there
already), and an address may hold a token. So a line tells an exception's type, place and error
code but not its message, and a request's pattern but not its address.
"""

import copy
import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.http import HttpRequest

from reviewapp.telemetry.context import current_job, current_request_id
from reviewapp.telemetry.routes import method_of, route_of

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Context(logging.Filter):
    """Puts the request and the job on each record, and a pattern in the place of an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record."""
        belongs = {"request_id": current_request_id(), "job": current_job()}
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            belongs["request_id"] = getattr(request, "request_id", "") or belongs["request_id"]
            record.msg = "%s %s was answered %s"
            status = getattr(record, "status_code", "with an error")
            record.args = (method_of(request), route_of(request), status)
        record.__dict__.update(belongs)
        return True


class Line(logging.Formatter):
    """One readable line, with the request's id at its end."""

    def format(self, record: logging.LogRecord) -> str:
        """A copy of the record, since another handler may have kept a text of the exception."""
        own = copy.copy(record)
        own.exc_text = None
        return super().format(own)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (the library's name)
        """Types, places and codes."""
        return told(ei[1]) if ei[1] else ""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the library's name)
        """The line, and what it belongs to."""
        given = (("request", record.__dict__["request_id"]), ("job", record.__dict__["job"]))
        belongs = " ".join(f"{name} {value}" for name, value in given if value)
        line = super().formatMessage(record)
        return f"{line} [{belongs}]" if belongs else line


class JsonLine(Line):
    """One JSON object a line, for a collector of logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The fields that are there."""
        values = record.__dict__
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            "request_id": values["request_id"],
            "job": values["job"],
        }
        fields |= values.get("fields", {})
        if record.exc_info and record.exc_info[1]:
            fields["error"] = name_of(record.exc_info[1])
            fields["trace"] = told(record.exc_info[1])
        return json.dumps({name: value for name, value in fields.items() if value != ""})


def told(error: BaseException) -> str:
    """An exception and what it came of, the first cause first."""
    parts, seen = [], set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(f"{frames}{name_of(current)}")
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return "\n\n".join(reversed(parts))


def name_of(error: BaseException) -> str:
    """The type, and the codes that say what happened without quoting anybody."""
    kind = type(error)
    said = [f"{kind.__module__}.{kind.__qualname__}"]
    if isinstance(error, OSError) and error.strerror:
        said.append(error.strerror)
    said += [
        str(code)
        for code in (getattr(error, "sqlite_errorname", ""), getattr(error, "sqlstate", ""))
        if code
    ]
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return ", ".join([*said, *([constraint] if constraint else [])])
