"""Workers are warm, limited and replaced: what one file does to its worker hurts no other."""

import signal
import sys
import threading
import time

import pytest

from screening.pdfs import Asked, PdfTrouble, Pool
from tests import hostile_pdf
from tests.pdf import make_pdf

GOOD = make_pdf(["Fine"])


@pytest.fixture
def pool():
    pool = Pool(workers=1)
    yield pool
    pool.close()


def words(pool, content=GOOD, key="good", number=1, seconds=20.0):
    head, _ = pool.ask(Asked("words", key, {"number": number}, seconds), lambda: content)
    return [word["text"] for word in head["words"]]


def test_a_worker_is_used_again_and_keeps_the_file(pool):
    sent = []

    def content():
        sent.append(1)
        return GOOD

    for _ in range(3):
        pool.ask(Asked("words", "good", {"number": 1}), content)
    assert sent == [1]
    assert len(pool._idle) == 1
    assert pool._idle[0].requests == 3


def test_a_worker_is_replaced_after_its_share_of_requests(pool, monkeypatch):
    monkeypatch.setattr("screening.pdfs.pool.REQUESTS", 2)
    words(pool)
    first = pool._idle[0].process.pid
    words(pool)
    assert not pool._idle
    assert words(pool) == ["Fine"]
    assert pool._idle[0].process.pid != first


def test_a_page_that_takes_too_long_is_given_up_and_not_tried_again(pool):
    slow = hostile_pdf.slow_second_page(300_000)
    words(pool)
    asked = Asked("words", "slow", {"number": 2}, seconds=0.3)
    with pytest.raises(PdfTrouble, match="takes too long"):
        pool.ask(asked, lambda: slow)
    begun = time.monotonic()
    with pytest.raises(PdfTrouble, match="takes too long"):
        pool.ask(asked, lambda: slow)
    assert time.monotonic() - begun < 0.1
    assert words(pool, slow, "slow", number=3) == ["Third", "page"]
    assert words(pool) == ["Fine"]


def test_a_worker_that_the_machine_does_not_let_run_says_nothing_of_the_page(pool):
    words(pool)
    pool._idle[0].process.send_signal(signal.SIGSTOP)
    with pytest.raises(PdfTrouble, match="machine is too busy"):
        words(pool, seconds=0.3)
    assert words(pool) == ["Fine"]  # asked again at once, by a worker of its own


SLOW_START = """
import runpy, time
time.sleep(1.5)
runpy.run_module("screening.pdfs.worker", run_name="__main__")
"""


def test_the_start_of_a_worker_takes_nothing_from_the_time_of_the_page():
    slow = Pool(workers=1, command=(sys.executable, "-c", SLOW_START))
    assert words(slow, seconds=1.0) == ["Fine"]
    slow.close()


def test_a_page_that_takes_all_memory_ends_its_worker_only(pool):
    bomb = hostile_pdf.bomb()
    with pytest.raises(PdfTrouble, match=r"breaks the program|more memory|too long"):
        words(pool, bomb, "bomb", number=2)
    assert words(pool, bomb, "bomb") == ["First", "page"]


def test_a_killed_worker_is_noticed(pool):
    words(pool)
    pool._idle[0].process.kill()
    pool._idle[0].process.wait()
    assert words(pool) == ["Fine"]


def test_a_file_that_cannot_be_fetched_is_the_callers_error_and_frees_the_worker(pool):
    def gone():
        raise FileNotFoundError("no such file")

    with pytest.raises(FileNotFoundError):
        pool.ask(Asked("words", "gone", {"number": 1}), gone)
    assert words(pool) == ["Fine"]


def test_who_waits_too_long_for_a_worker_is_told(pool, monkeypatch):
    monkeypatch.setattr("screening.pdfs.pool.WAIT_SECONDS", 0.1)
    slow = hostile_pdf.slow_second_page()
    pool.warm()
    inside = threading.Event()

    def content():
        inside.set()
        return slow

    def ask():
        with pytest.raises(PdfTrouble, match="too long"):
            pool.ask(Asked("words", "slow", {"number": 2}, seconds=1.0), content)

    other = threading.Thread(target=ask)
    other.start()
    assert inside.wait(10)
    with pytest.raises(PdfTrouble, match="Other pages are being drawn"):
        words(pool)
    other.join()


@pytest.mark.parametrize("said", ["'x'", "'\\xff' * 8", "'\\0\\0\\0\\2\\0\\0\\0\\0{{'"])
def test_what_no_worker_would_say_is_a_broken_worker(said):
    code = f"import sys; sys.stdout.buffer.write({said}.encode('latin-1'))"
    pool = Pool(workers=1, command=(sys.executable, "-c", code))
    with pytest.raises(PdfTrouble, match="breaks the program"):
        words(pool)
    pool.close()
