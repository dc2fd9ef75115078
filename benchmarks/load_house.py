"""A Postgres and a broker of one's own, which may be killed; never the machine's."""

import os
import pwd
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from faults_broker import OwnBroker, OwnServer, answers, free_port
from intake_app import children_of

START_SECONDS = 120.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
}


class OwnPostgres(OwnServer):
    """A cluster in a folder, with what a commit means left as it comes: on the disk."""

    def __init__(self, folder: Path, programs: Path) -> None:
        """Make the cluster; the `with` block is its life."""
        self._folder, self._programs, self._port = folder / "cluster", programs, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        self._folder.mkdir()
        if self._user:
            known = pwd.getpwnam(self._user)
            os.chown(self._folder, known.pw_uid, known.pw_gid)
            folder.chmod(0o755)
        made = [str(programs / "initdb"), "-U", "review", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*made, "--locale=C.UTF-8", "-D", str(self._folder)],
            user=self._user,
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
        )

    @property
    def url(self) -> str:
        """A database that is to be made there."""
        return f"postgres://review@127.0.0.1:{self._port}/load"

    def start(self) -> None:
        """Start, after a kill by way of its own recovery, and wait until it takes connections."""
        options = [word for one in SETTINGS.items() for word in ("-c", "=".join(one))]
        server = str(self._programs / "postgres")
        place = ["-D", str(self._folder), "-p", str(self._port)]
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with self._folder.with_suffix(".log").open("ab") as log:
                self._process = subprocess.Popen(
                    [server, *place, *options],
                    user=self._user,
                    cwd="/",
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            while self._process.poll() is None and time.monotonic() < until:
                if answers(self._port):
                    return
                time.sleep(0.1)
            time.sleep(0.5)  # what the killed one left in memory is not yet gone
        sys.exit(f"Postgres did not start; see {self._folder.with_suffix('.log')}")

    def kill(self) -> None:
        """Kill -9 of the server and of every process that serves a connection."""
        if self._process is None:
            return
        for pid in [*children_of(self._process.pid), self._process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


class House:
    """What the app stands on, and when it was last struck."""

    GRACE_SECONDS = 30.0  # after it is back: connections that were waited for have ended

    def __init__(self, postgres: OwnPostgres | None, broker: OwnBroker | None) -> None:
        """Remember both."""
        self._struck = {"database": postgres, "broker": broker}
        self._back_at = float("-inf")

    @property
    def names(self) -> list[str]:
        """What may be struck here."""
        return [name for name, one in self._struck.items() if one is not None]

    def is_away(self) -> bool:
        """Whether something was struck and is not back for long."""
        return time.monotonic() < self._back_at + self.GRACE_SECONDS

    def strike(self, name: str) -> None:
        """Kill -9; it comes back on the same data after two seconds."""
        struck = self._struck[name]
        if struck is None:
            raise ValueError(f"there is no {name} of our own")
        self._back_at = float("inf")
        struck.kill()
        time.sleep(2)
        struck.start()
        self._back_at = time.monotonic()
