"""The way out: a client with this installation's contact, keys and pace."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from screening.models import HostPace
from screening.online.access import Access
from screening.online.client import Client, Patience
from screening.online.errors import NoAnswerError

OFF = "Outside databases are switched off in this installation (ONLINE_SERVICES)."
_FARTHEST = timedelta(minutes=2)


class DatabasePacer:
    """Gives out moments from one row per host: all web and worker processes share the pace."""

    def reserve(self, host: str, interval: float) -> float:
        """Take the next free moment of a host; see `screening.online.pace.Pacer`."""
        with transaction.atomic():
            now = timezone.now()
            HostPace.objects.get_or_create(host=host, defaults={"free_at": now})
            row = HostPace.objects.select_for_update().get(host=host)
            free_at = row.free_at if row.free_at <= now + _FARTHEST else now  # the clock was set
            at = max(now, free_at)
            row.free_at = at + timedelta(seconds=interval)
            row.save(update_fields=["free_at"])
        return (at - now).total_seconds()


def access() -> Access:
    """The contact and the keys of this installation."""
    keys: dict[str, str] = settings.ONLINE_API_KEYS
    return Access(settings.ONLINE_EMAIL, {name: key for name, key in keys.items() if key})


@contextmanager
def open_client(patience: Patience) -> Iterator[Client]:
    """Open a client for one piece of work.

    Args:
        patience: How long it may try: a worker's, or that of a person in front of a page.

    Raises:
        NoAnswerError: This installation does not talk to outside databases.
    """
    if not settings.ONLINE_SERVICES:
        raise NoAnswerError(OFF)
    from screening.online.wire import open_wire  # noqa: PLC0415 - httpx takes half a second to load

    with open_wire(settings.ONLINE_TRANSPORT, patience) as wire:
        yield Client(wire, pacer=DatabasePacer(), access=access(), patience=patience, sleep=_sleep)


def _sleep(seconds: float) -> None:
    time.sleep(seconds)
