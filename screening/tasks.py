"""Handlers of long work, by kind of job; each calls one service and works in chunks."""

from collections.abc import Callable, Mapping

from screening.models import JobContext

HANDLERS: Mapping[str, Callable[[JobContext], None]] = {}
