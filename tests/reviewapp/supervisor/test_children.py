import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewapp.supervisor import children, lifeline
from reviewapp.supervisor.children import Child, ChildSpec
from reviewapp.supervisor.loop import Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"


def test_a_killed_child_is_started_again() -> None:
    child = Child(ChildSpec("web", SLEEPER))
    child.start()
    first = child.pid
    assert first is not None
    assert child.tend() == ""
    os.kill(first, signal.SIGKILL)
    said: list[str] = []
    wait_until(lambda: (said.append(child.tend()), child.pid not in {None, first})[1])
    assert "web ended (signal 9)" in " ".join(said)
    child.ask_to_stop()
    child.finish(time.monotonic() + 5)
    assert child.pid is not None
    assert not is_alive(child.pid)


def test_a_child_that_keeps_dying_is_started_ever_more_slowly() -> None:
    child = Child(ChildSpec("web", [sys.executable, "-c", "raise SystemExit(3)"]))
    child.start()
    said: list[str] = []
    wait_until(lambda: (said.append(child.tend()), child._pause > 0.5)[1])
    assert "web ended (exit code 3)" in " ".join(said)
    child.finish(time.monotonic())


def test_a_long_life_forgives_earlier_deaths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "QUICK_DEATH_SECONDS", 0.0)
    child = Child(ChildSpec("web", [sys.executable, "-c", ""]))
    child._pause = 5.0
    child.start()
    wait_until(child.tend)
    assert child._pause == children.FIRST_PAUSE_SECONDS


def test_what_a_child_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (
        "import subprocess, sys, time, pathlib\n"
        "grand = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(grand.pid))\n"
        "time.sleep(60)\n"
    )
    child = Child(ChildSpec("worker", [sys.executable, "-c", script]))
    child.start()
    wait_until(lambda: note.exists() and note.read_text())
    child.ask_to_stop()
    child.finish(time.monotonic() + 5)
    wait_until(lambda: not is_alive(int(note.read_text())))


def test_a_child_that_ignores_the_request_is_ended_at_the_deadline() -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)"
    child = Child(ChildSpec("worker", [sys.executable, "-c", stubborn]))
    child.start()
    child.ask_to_stop()
    child.finish(time.monotonic() + 0.3)
    assert child.pid is not None
    assert not is_alive(child.pid)


def test_the_supervisor_stops_its_children_when_asked() -> None:
    supervisor = Supervisor([ChildSpec("web", SLEEPER), ChildSpec("worker", SLEEPER)])
    pids: list[int] = []

    def note_and_ask() -> None:
        pids.extend(child.pid for child in supervisor.children if child.pid)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    supervisor.run(note_and_ask)
    assert len(pids) == 2
    assert not any(is_alive(pid) for pid in pids)


def test_children_end_when_the_supervisor_dies_without_a_word() -> None:
    script = (
        "import time\n"
        "from reviewapp.supervisor.lifeline import hold_lifeline\n"
        "hold_lifeline()\n"
        "time.sleep(60)\n"
    )
    supervisor = Supervisor([ChildSpec("web", [sys.executable, "-c", script])])
    child = supervisor.children[0]
    child.start()
    os.close(supervisor._write_end)  # what the system does when the supervisor is killed
    assert child._process is not None
    assert child._process.wait(timeout=10) == -signal.SIGTERM
    os.close(supervisor._read_end)


def test_without_a_supervisor_there_is_nothing_to_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(lifeline.VARIABLE, raising=False)
    before = threading.active_count()
    lifeline.hold_lifeline()
    assert threading.active_count() == before
