"""The embedded database's backend: writers wait for each other and look again often."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3 import base as django_base
from pytest_django import DjangoDbBlocker

from reviewapp.databases import sqlite_database
from reviewapp.sqlite.base import DatabaseWrapper

DEFAULTS = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_HEALTH_CHECKS": False}
TIMES = {"TIME_ZONE": None, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "TEST": {}}


@pytest.fixture(autouse=True)
def _connections_of_its_own(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def opened(path: Path, seconds: float) -> DatabaseWrapper:
    settings = sqlite_database(path) | DEFAULTS | TIMES
    settings["OPTIONS"] = settings["OPTIONS"] | {"timeout": seconds}
    wrapper = DatabaseWrapper(settings, "default")
    wrapper.inc_thread_sharing()
    wrapper.connect()
    return wrapper


def begin(wrapper: DatabaseWrapper) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(wrapper: DatabaseWrapper) -> None:
    wrapper.commit()
    wrapper.set_autocommit(True)


def test_a_writer_finds_a_short_gap_between_two_transactions(tmp_path: Path) -> None:
    busy, waiting = opened(tmp_path / "db", 20), opened(tmp_path / "db", 20)
    stop, began = threading.Event(), threading.Event()

    def import_much() -> None:
        while not stop.is_set():
            begin(busy)
            began.set()
            time.sleep(0.04)
            end(busy)
            time.sleep(0.015)

    thread = threading.Thread(target=import_much)
    thread.start()
    assert began.wait(5)
    try:
        for _ in range(5):
            begin(waiting)
            end(waiting)
    finally:
        stop.set()
        thread.join()
    assert waiting.get_autocommit()
    busy.close()
    waiting.close()


def test_waiting_ends_at_the_time_limit_and_says_so(tmp_path: Path) -> None:
    busy, waiting = opened(tmp_path / "db", 20), opened(tmp_path / "db", 0.2)
    begin(busy)
    started = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        begin(waiting)
    assert time.monotonic() - started >= 0.2
    end(busy)
    waiting.close()
    again = opened(tmp_path / "db", 0.2)
    begin(again)
    end(again)
    busy.close()
    again.close()


def test_other_statements_still_wait_as_long_as_the_limit_says(tmp_path: Path) -> None:
    wrapper = opened(tmp_path / "db", 7)
    begin(wrapper)
    end(wrapper)
    with wrapper.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (7000,)
    wrapper.close()


def test_an_error_that_is_not_a_wait_is_told_at_once(tmp_path: Path) -> None:
    wrapper = opened(tmp_path / "db", 20)
    begin(wrapper)
    with pytest.raises(OperationalError, match="within a transaction"):
        wrapper._start_transaction_under_autocommit()
    wrapper.rollback()
    assert isinstance(wrapper, django_base.DatabaseWrapper)
    wrapper.close()


def test_it_tells_whether_another_connection_writes(tmp_path: Path) -> None:
    busy, asking = opened(tmp_path / "db", 20), opened(tmp_path / "db", 20)
    assert not asking.is_being_written()
    begin(busy)
    assert asking.is_being_written()
    end(busy)
    assert not asking.is_being_written()
    begin(asking)  # the look has left nothing behind
    end(asking)
    busy.close()
    asking.close()


def test_threads_of_one_process_wait_in_line(tmp_path: Path) -> None:
    busy = opened(tmp_path / "db", 20)
    begin(busy)
    done: list[int] = []

    def write(number: int) -> None:
        waiting = opened(tmp_path / "db", 20)
        begin(waiting)
        done.append(number)
        end(waiting)
        waiting.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    assert done == []
    end(busy)
    for thread in threads:
        thread.join(10)
    assert sorted(done) == list(range(6))
    busy.close()
