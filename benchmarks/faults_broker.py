"""A broker of one's own on a free port, which may be killed; never the machine's."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

START_SECONDS = 60.0


class OwnServer(ABC):
    """A server of one's own that runs while a `with` block does, and may be killed in it."""

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.kill()

    @abstractmethod
    def start(self) -> None:
        """Start and wait until it answers."""

    @abstractmethod
    def kill(self) -> None:
        """Kill -9."""


class OwnBroker(OwnServer):
    """Redis (writing each change to its disk) or RabbitMQ in a folder."""

    def __init__(self, kind: str, folder: Path) -> None:
        """Prepare; the `with` block is its life."""
        self._kind, self._folder = kind, folder
        self._port, self._other = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What CELERY_BROKER_URL says."""
        if self._kind == "redis":
            return f"redis://127.0.0.1:{self._port}/0"
        return f"amqp://guest:guest@127.0.0.1:{self._port}//"

    def start(self) -> None:
        """Start on the folder's data and wait until it answers."""
        starts = {"redis": self._redis, "rabbitmq": self._rabbitmq}
        command, more = starts[self._kind]()
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **more},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while not answers(self._port):
            if time.monotonic() > until or self._process.poll() is not None:
                sys.exit(f"{self._kind} did not start; see {self._folder / 'log'}")
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill -9 with everything it started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _redis(self) -> tuple[list[str], dict[str, str]]:
        options = ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]
        place = ["--port", str(self._port), "--dir", str(self._folder)]
        return ["redis-server", "--bind", "127.0.0.1", *place, *options], {}

    def _rabbitmq(self) -> tuple[list[str], dict[str, str]]:
        server = shutil.which("rabbitmq-server") or "rabbitmq-server"
        # the packaged wrapper changes to the machine's user; the script behind it does not
        behind = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        name = f"faults{self._port}@localhost"
        return [str(behind) if behind.exists() else server], {
            "RABBITMQ_NODENAME": name,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._other),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "none"),
            "HOME": str(self._folder),
        }


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
