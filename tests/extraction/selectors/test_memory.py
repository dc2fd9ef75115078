"""The garbage collection is switched for all threads: pauses that overlap end with the last one."""

import gc
from contextlib import suppress
from threading import Event, Thread

from extraction.selectors.memory import collection_paused


def test_it_is_paused_within_and_on_afterwards_whatever_happens():
    with suppress(ValueError), collection_paused():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off():
    gc.disable()
    try:
        with collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_thread_that_is_done_first_does_not_end_anothers_pause():
    inside, may_go = Event(), Event()

    def other():
        with collection_paused():
            inside.set()
            may_go.wait(10)

    thread = Thread(target=other)
    with collection_paused():
        thread.start()
        inside.wait(10)
    assert not gc.isenabled()
    may_go.set()
    thread.join()
    assert gc.isenabled()
