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


def test_what_was_made_is_not_looked_at_at_once_afterwards():
    with collection_paused():
        made = [[] for _ in range(10_000)]
    assert gc.get_count()[0] < len(made)
    assert not any(one is made for one in gc.get_objects(generation=0))
    assert any(one is made for one in gc.get_objects(generation=2))


def test_what_somebody_froze_stays_frozen():
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with collection_paused():
            pass
        assert gc.get_freeze_count() >= frozen - 100  # a few may have been let go meanwhile
    finally:
        gc.unfreeze()
