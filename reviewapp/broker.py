"""The embedded broker: Celery's file-system transport, made safe for several writers and readers.

The stock transport creates a message's file and fills it afterwards, so that a reader may take it
empty; it names files by a clock that restarts with the machine; and it passes taken messages
through the system's temporary folder. Here a message appears whole under its final name, names
sort by wall-clock time, and a reader claims a message by renaming it inside the same folder.
"""

import contextlib
import fcntl
import logging
import os
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Queue
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.transport.virtual import BrokerState
from kombu.utils.json import dumps, loads

from reviewapp.redis_keys import is_redis

logger = logging.getLogger(__name__)

SUFFIX = ".msg"
TAKEN_SUFFIX = ".taken"
STALE_AFTER_SECONDS = 3600.0
COMMON_SETTINGS: dict[str, Any] = {
    "task_queues": [Queue(name, routing_key=name) for name in ("short", "long")],
    "task_default_queue": "long",
    "task_create_missing_queues": False,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_soft_time_limit": 3 * 3600,
    "task_time_limit": 3 * 3600 + 60,
    "task_publish_retry_policy": {"max_retries": 2, "interval_start": 0.1, "interval_max": 0.5},
    "broker_connection_timeout": 3,
    "broker_connection_retry_on_startup": True,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 100,
    # A job goes on while the broker is away: the row is the truth, and who gets the message a
    # second time finds the job taken or done.
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_hijack_root_logger": False,
    "worker_send_task_events": False,
    "event_queue_exclusive": False,
}
EXCHANGE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*|")


def put_message(folder: Path, queue: str, payload: Mapping[str, Any]) -> Path:
    """Write a message so that readers see all of it or nothing, even after a power cut.

    Args:
        folder: Where the queue's messages lie.
        queue: Name of the queue; part of the file's name.
        payload: The message as the transport hands it over.

    Returns:
        The file that holds the message.
    """
    name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}{SUFFIX}"
    hidden = folder / f".{name}.tmp"
    with hidden.open("wb") as file:
        file.write(dumps(payload).encode())
        file.flush()
        os.fsync(file.fileno())
    final = folder / name
    hidden.replace(final)
    return final


def take_message(folder: Path, queue: str) -> dict[str, Any]:
    """Take the oldest message of a queue; each message goes to one reader only.

    Raises:
        Empty: No message waits.
    """
    for name in waiting_messages(folder, queue):
        taken = folder / f".{name}{TAKEN_SUFFIX}"
        try:
            (folder / name).rename(taken)
        except FileNotFoundError:  # another reader was first
            continue
        try:
            payload: dict[str, Any] = loads(taken.read_bytes())
        except ValueError:
            logger.exception("Set aside a message that is no JSON: %s", taken)
            continue
        taken.unlink()
        return payload
    raise Empty


def waiting_messages(folder: Path, queue: str) -> list[str]:
    """Names of the queue's waiting messages, oldest first."""
    ending = f".{queue}{SUFFIX}"
    names = (file.name for file in folder.iterdir())
    return sorted(name for name in names if name.endswith(ending) and not name.startswith("."))


def remove_leftovers(folder: Path, *, now: float | None = None) -> int:
    """Delete half-written and half-taken files of processes killed long ago.

    Their jobs are not lost: a job's row is the truth, and the sweeper sends its id again.

    Returns:
        How many files were removed.
    """
    limit = (time.time() if now is None else now) - STALE_AFTER_SECONDS
    removed = 0
    for leftover in folder.glob(".*"):
        if leftover.stat().st_mtime < limit:
            leftover.unlink(missing_ok=True)
            removed += 1
    return removed


class Channel(filesystem.Channel):
    """Kombu's channel with the two operations above and routing tables that are always whole."""

    def get_table(  # type: ignore[override]  # the two bases disagree in the stubs
        self, exchange: str
    ) -> list[filesystem.exchange_queue_t]:
        """The routes of an exchange, as last written whole."""
        try:
            rows = loads(self._table_file(exchange).read_bytes())
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*row) for row in rows]

    def _queue_bind(
        self, exchange: str, routing_key: str | None, pattern: str | None, queue: str
    ) -> None:
        route = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        file = self._table_file(exchange)
        with self._table_lock():
            routes = self.get_table(exchange)
            if route not in routes:
                hidden = file.with_name(f".{file.name}.tmp")
                hidden.write_text(dumps([route, *routes]), encoding="utf-8")
                hidden.replace(file)

    def _table_file(self, exchange: str) -> Path:
        if not EXCHANGE_NAME.fullmatch(exchange):
            raise ChannelError(f"{exchange!r} is no name of an exchange.")
        return Path(self.control_folder) / f"{exchange}.exchange"

    @contextlib.contextmanager
    def _table_lock(self) -> Iterator[None]:
        with (Path(self.control_folder) / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _put(  # type: ignore[override]  # the two bases disagree in the stubs
        self, queue: str, payload: dict[str, Any], **_kwargs: Any
    ) -> None:
        put_message(Path(self.data_folder_out), queue, payload)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        del timeout  # the poller waits between its rounds
        return take_message(Path(self.data_folder_in), queue)


class Transport(filesystem.Transport):
    """What Celery loads by the name in the setting `broker_transport`."""

    Channel = Channel
    global_state = BrokerState()  # of its own: kombu's transports share theirs per class
    polling_interval = 0.1
    driver_type = "embedded"
    driver_name = "embedded"


def celery_settings(url: str, data_dir: Path, prefix: str = "") -> dict[str, Any]:
    """Celery's settings, for the named broker or for the embedded one when none is named.

    Args:
        url: `redis://...` or `amqp://...` for a team; empty for the embedded broker.
        data_dir: The data folder, in which the embedded broker keeps its messages.
        prefix: What the keys of this installation begin with in a Redis that others use as well.

    Returns:
        Settings under Celery's own names.
    """
    broker = _team_broker(url, prefix) if url else _embedded_broker(data_dir / "broker")
    return COMMON_SETTINGS | broker


def _team_broker(url: str, prefix: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if is_redis(url):
        # Longer than the longest task; claims are fenced, so a second delivery does no harm.
        options = {"visibility_timeout": 4 * 3600, "unacked_restore_throttle": 1}
        options["global_keyprefix"] = prefix
    return {"broker_url": url, "broker_transport_options": options}


def _embedded_broker(folder: Path) -> dict[str, Any]:
    return {
        "broker_url": "embedded://localhost",
        "broker_transport": "reviewapp.broker:Transport",
        "broker_transport_options": {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.1,
        },
        "worker_enable_remote_control": False,
    }


def make_broker_folders(data_dir: Path) -> None:
    """Create the embedded broker's folders, readable by their owner alone."""
    for part in ("messages", "control"):
        folder = data_dir / "broker" / part
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
