"""Groups of tests that need something more than Python: found, run, or named as not run."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import laws

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
CHROMIUM_NAMES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@dataclass(frozen=True)
class Group:
    """A marker, what it needs, and how a person gets that."""

    name: str
    is_available: Callable[[], bool]
    enable: str


def chromium() -> str | None:
    """The browser to drive."""
    named = os.environ.get("CHROMIUM", "")
    return next((path for path in (named, *CHROMIUM_NAMES) if path and Path(path).exists()), None)


def has_postgres() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def has_broker() -> bool:
    parts = urlsplit(os.environ.get("CELERY_BROKER_URL", ""))
    if not parts.hostname:
        return False
    try:
        with socket.create_connection((parts.hostname, parts.port or 6379), timeout=2):
            return True
    except OSError:
        return False


GROUPS = (
    Group("browser", lambda: chromium() is not None, "install Chromium: apt-get install chromium"),
    Group("chromium", lambda: chromium() is not None, "install Chromium: apt-get install chromium"),
    Group(
        "postgres",
        has_postgres,
        "start Postgres and set DATABASE_URL=postgres://user@127.0.0.1:5432/name",
    ),
    Group("broker", has_broker, "start Redis and set CELERY_BROKER_URL=redis://127.0.0.1:6379/0"),
    Group("shared_data", SHARED_DATA.is_dir, "put the published data sets into ../shared/data"),
)


DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
SERVER_GROUPS = {"postgres", "broker"}
LONG = ("fuzz",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second run leave out what no database can change."""
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="leave out tests that ask no database; they ran on the embedded one",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let laws know, here and in worker processes, that they were held once already."""
    if config.getoption("--only-with-database"):
        os.environ[laws.AGAIN] = "1"


def asks_no_database(item: pytest.Item) -> bool:
    """Whether a test cannot reach the settings' database, nor names a group of servers.

    pytest-django refuses every question to the database of a test that asks for none. A test that
    starts an installation of its own on the embedded database is of this kind as well, and one
    that says so: it asks the same statements as another test that runs on both.
    """
    if item.get_closest_marker("one_database"):
        return True
    fixtures = set(getattr(item, "fixturenames", ()))
    return (
        item.get_closest_marker("django_db") is None
        and not fixtures & (DATABASE_FIXTURES | SERVER_GROUPS)
        and not any(item.get_closest_marker(group) for group in SERVER_GROUPS)
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, and deselect what the run was told to leave out.

    Several processes end at about the same time when none of them begins a long test last.
    """
    items.sort(key=lambda item: not any(item.get_closest_marker(mark) for mark in LONG))
    if not config.getoption("--only-with-database"):
        return
    left_out = [item for item in items if asks_no_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not asks_no_database(item)]


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def groups_of(item: pytest.Item) -> Iterator[Group]:
    fixtures = getattr(item, "fixturenames", ())
    for group in GROUPS:
        if item.get_closest_marker(group.name) or group.name in fixtures:
            yield group


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run here; where everything must run, fail instead."""
    for group in groups_of(item):
        if not group.is_available():
            reason = f"group {group.name}: {group.enable}"
            if is_ci():
                pytest.fail(f"In CI every group must run. {reason}", pytrace=False)
            pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly which groups did not run and how to enable them."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [str(report.longrepr) for report in skipped]
    for group in GROUPS:
        count = sum(f"group {group.name}: " in reason for reason in reasons)
        if count:
            terminalreporter.write_line(
                f"NOT RUN: {count} tests of the group `{group.name}`. To run them, {group.enable}.",
                yellow=True,
            )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the published data sets."""
    return SHARED_DATA


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium that the browser group drives."""
    path = chromium()
    assert path is not None
    return path
