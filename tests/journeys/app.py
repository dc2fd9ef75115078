"""The app as a newcomer starts it: `manage.py up --demo` in a process of its own."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180
STOP_SECONDS = 30
ACCOUNT = re.compile(r"e-mail: (?P<email>\S+)\s+password: (?P<password>\S+)")
OPEN = re.compile(r"Open\s+(?P<address>http://\S+)")
ADMIN, ALICE, BRUNO, CHIARA = range(4)


@dataclass(slots=True)
class App:
    """Where the page is, and who may sign in: the admin first, then the demo's members."""

    address: str = ""
    accounts: list[tuple[str, str]] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        self.printed.append(line)
        if account := ACCOUNT.search(line):
            self.accounts.append((account["email"], account["password"]))
        if place := OPEN.search(line):
            self.address = place["address"].rstrip("/")


@contextmanager
def running_app(data_dir: Path) -> Iterator[App]:
    """Start the app with the demo on a free port; stop it at the end."""
    process = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "up",
            "--demo",
            "--port",
            str(_free_port()),
            "--data-dir",
            str(data_dir),
        ],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    app, is_open = App(), threading.Event()
    reader = threading.Thread(target=_follow, args=(process, app, is_open), daemon=True)
    reader.start()
    try:
        if not is_open.wait(START_SECONDS) or not app.address:
            raise AssertionError("The app did not start:\n" + "".join(app.printed))
        yield app
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


def _follow(process: "subprocess.Popen[str]", app: App, is_open: threading.Event) -> None:
    if process.stdout is None:
        return
    for line in process.stdout:
        app.read(line)
        if app.address:
            is_open.set()
    is_open.set()


def _environment() -> dict[str, str]:
    """The surroundings of a newcomer: nothing of the test suite's own settings."""
    ours = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CELERY_BROKER_URL", "DEBUG", "TLS"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
