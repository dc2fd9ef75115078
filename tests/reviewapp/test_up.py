"""The real `up` in a process of its own, on a data folder of its own."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from itertools import repeat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from redis import Redis

from reviewapp.supervisor.datafolder import SECRET_NAME

ROOT = Path(__file__).resolve().parent.parent.parent
ANSWER_SECONDS = 120  # a process that was killed is loaded anew first, on a crowded machine too
pytestmark = pytest.mark.timeout(400)


class House:
    """One installation: its folder, its variables, its running `up`."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "ALLOWED_HOSTS"}}
        kept.pop("CELERY_BROKER_URL", None)
        settings = {"DJANGO_SETTINGS_MODULE": "reviewapp.settings", "PYTHONUNBUFFERED": "1"}
        self.variables = {**kept, **settings, "REVIEWAPP_DATA_DIR": str(folder), **variables}
        self.process: subprocess.Popen[str] | None = None
        self.said = ""

    def command(self, *arguments: str, timeout: float = 200) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables,
            text=True,
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    def up(self) -> None:
        log = self.folder.with_suffix(".log")
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", "0"],
                cwd=ROOT,
                env=self.variables,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )

        def is_ready() -> bool:
            self.said = log.read_text()
            assert self.process is not None
            assert self.process.poll() is None, self.said
            return "Ctrl-C stops the app" in self.said

        wait_until(is_ready, 120)

    @property
    def address(self) -> str:
        found = re.search(r"Open +(http://\S+)", self.said)
        assert found, self.said
        return found[1]

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(self.address + path, timeout=ANSWER_SECONDS) as answer:
            return answer.status, answer.read().decode()

    def child(self, name: str) -> int:
        """The process of a child by what it runs; waits while it is started again."""
        found: list[int] = []

        def is_there() -> bool:
            assert self.process is not None
            own = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
            pids = map(int, own.read_text().split())
            found.extend(pid for pid in pids if f"supervisor.{name}" in command_of(pid))
            return bool(found)

        wait_until(is_there)
        return found[-1]

    def job(self) -> dict[str, Any]:
        query = (
            "SELECT state, done, attempts FROM screening_job WHERE queue = 'long' "
            "ORDER BY id DESC LIMIT 1"
        )
        url = self.variables.get("DATABASE_URL")
        if url:
            with psycopg.connect(url) as connection:
                row = connection.execute(query).fetchone()
        else:
            with closing(sqlite3.connect(self.folder / "reviewapp.sqlite3")) as connection:
                row = connection.execute(query).fetchone()
        return dict(zip(("state", "done", "attempts"), row or ("", 0, 0), strict=True))

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Seconds that stopping took."""
        if self.process is None:
            return 0.0
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        self.process = None
        return time.monotonic() - started


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z"
    except FileNotFoundError:
        return True


# In one process: loading a second one takes longer than the long work on a crowded machine.
LONG_AND_SHORT = """
import threading, time
from django.core.management import call_command
from screening.models import Job
count = {"queue": "long", "steps": 150, "pause": 0.2, "timeout": 180}
long = threading.Thread(target=call_command, args=["check_worker"], kwargs=count)
long.start()
while not Job.objects.filter(queue="long", done__gte=5).exists():
    time.sleep(0.05)
call_command("check_worker", queue="short")
print("short work is done", flush=True)
long.join()
"""


def kill_the_worker_in_the_middle_of_a_job(house: House) -> None:
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", LONG_AND_SHORT],
        cwd=ROOT,
        env=house.variables,
        stdout=subprocess.PIPE,
        text=True,
    ) as asking:
        assert asking.stdout is not None
        assert "3 steps, attempts: 1." in asking.stdout.readline()
        assert asking.stdout.readline() == "short work is done\n"
        assert house.job()["state"] == "running"  # short work did not wait for it
        os.kill(house.child("worker long"), signal.SIGKILL)
        said, _ = asking.communicate(timeout=200)
    assert "150 steps, attempts: 2." in said
    assert house.job() == {"state": "done", "done": 150, "attempts": 2}


def a_large_upload_gets_a_clear_answer(house: House) -> None:
    place = urlsplit(house.address)
    megabyte = b"x" * 1024 * 1024
    with closing(HTTPConnection(place.netloc, timeout=ANSWER_SECONDS)) as connection:
        kind = "multipart/form-data; boundary=x"
        headers = {"Content-Type": kind, "Content-Length": str(200 * len(megabyte))}
        connection.request("POST", "/login/", body=repeat(megabyte, 200), headers=headers)
        answer = connection.getresponse()
        assert answer.status == 413
        assert "larger than the limit of 100 MB" in answer.read().decode()


def a_second_start_is_refused(house: House) -> None:
    second = house.command("up", "--port", "0")
    assert second.returncode == 1
    assert f"already runs on the data in {house.folder}" in second.stderr
    assert house.address in second.stderr


def a_busy_port_is_named(house: House, elsewhere: Path) -> None:
    port = house.address.rstrip("/").rsplit(":", 1)[1]
    other = House(elsewhere).command("up", "--port", port)
    assert other.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use" in other.stderr
    assert "Traceback" not in other.stderr


def test_a_house_starts_serves_recovers_and_stops(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    house.up()
    try:
        assert re.search(r"e-mail: \S+@\S+ +password: \S{16}", house.said)
        assert (house.folder / SECRET_NAME).stat().st_mode & 0o777 == 0o600
        assert house.folder.stat().st_mode & 0o077 == 0
        assert json.loads(house.get("readyz")[1])["ready"] is True
        a_large_upload_gets_a_clear_answer(house)
        a_second_start_is_refused(house)
        a_busy_port_is_named(house, tmp_path / "other")
        os.kill(house.child("web"), signal.SIGKILL)
        assert house.get("healthz") == (200, "ok\n")
        kill_the_worker_in_the_middle_of_a_job(house)
        web, worker = house.child("web"), house.child("worker long")
    finally:
        seconds = house.stop()
    assert seconds < 10
    assert is_gone(web)
    assert is_gone(worker)


def test_the_second_start_keeps_everything_and_a_killed_one_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    house = House(tmp_path / "data")
    house.up()
    web, worker = house.child("web"), house.child("worker short")
    house.stop(signal.SIGKILL)
    wait_until(lambda: is_gone(web) and is_gone(worker))
    house.up()
    try:
        assert "password:" not in house.said
        assert house.get("healthz")[0] == 200
    finally:
        house.stop()


def test_data_inside_the_source_tree_is_refused() -> None:
    refused = House(ROOT / "data").command("up", "--port", "0")
    assert refused.returncode == 1
    assert "inside the source tree" in refused.stderr
    assert not (ROOT / "data").exists()


@pytest.fixture
def team_database() -> Iterator[str]:
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    name = f"up_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def acl_of_the_guide(broker: str, name: str) -> list[str]:
    """The command that docs/deploy.md gives, for this name and this database number."""
    guide = (ROOT / "docs" / "deploy.md").read_text()
    found = re.search(r"^ACL SETUSER .+$", guide, re.M)
    assert found
    number = urlsplit(broker).path.strip("/") or "0"
    return found[0].replace("cardiology", name).replace("/0.", f"/{number}.").split()


@pytest.fixture
def part_of_a_redis() -> Iterator[dict[str, str]]:
    """The variables of an installation that may touch its own keys and channels alone."""
    broker, name = os.environ["CELERY_BROKER_URL"], f"up-{os.getpid()}"
    with Redis.from_url(broker) as server:
        server.execute_command(*acl_of_the_guide(broker, name))
        own = broker.replace("redis://", f"redis://{name}:SECRET@")
        yield {"CELERY_BROKER_URL": own, "REDIS_PREFIX": name}
        for key in server.scan_iter(f"{name}:*"):
            server.delete(key)
        server.execute_command("ACL", "DELUSER", name)


@pytest.mark.postgres
@pytest.mark.broker
def test_a_team_house_on_postgres_and_redis_recovers_a_job_too(
    tmp_path: Path, team_database: str, part_of_a_redis: dict[str, str]
) -> None:
    house = House(tmp_path / "data", DATABASE_URL=team_database, **part_of_a_redis)
    house.up()
    try:
        assert json.loads(house.get("readyz")[1])["ready"] is True
        kill_the_worker_in_the_middle_of_a_job(house)
    finally:
        house.stop()
