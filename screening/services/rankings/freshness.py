"""Keeping orders fresh: trainings run in a thread of the web process, one after the other.

A wish to train for a person and stage that waits already is not doubled; one that is made while
the same is being trained leads to one more training. A row of quick decisions costs one or two
trainings, not one each. While another process trains the same model (`turns.py`) the wish goes to
the end of the line, and what was trained there is taken up.
"""

import logging
import threading
import time
from collections import OrderedDict

from django.conf import settings as configuration
from django.db import DatabaseError, connection

from screening.models import Membership, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.rankings.marks import marks_of, scope_of
from screening.selectors.rankings.memory import remembered
from screening.selectors.rankings.standing import RankedRecords
from screening.services.rankings.training import refresh

logger = logging.getLogger(__name__)

Wish = tuple[int, Stage]
#: Seconds. A record loaded ahead may wait for the newest order, a person must not.
AHEAD_WAITS, FIRST_WAITS, LATE_WAITS = 1.0, 3.0, 0.5
#: A training that nobody waits for begins this much later, so that the answer goes out first.
ANSWER_FIRST = 0.06
#: Between two looks at a model that another process trains.
LOOK_AGAIN = 0.05


class Trainer:
    """Fulfils wishes to train, in their order, in one thread that ends when none is left."""

    def __init__(self) -> None:
        """Prepare; the thread starts with the first wish."""
        self._lock = threading.Lock()
        self._wishes: OrderedDict[Wish, list[threading.Event]] = OrderedDict()
        self._is_running = False
        self._hurry = threading.Event()

    def ask(self, wish: Wish, *, is_awaited: bool = False) -> threading.Event:
        """Have an order brought up to all verdicts that stand now; the event tells when."""
        if not configuration.RANKING_IN_BACKGROUND:
            refresh(*wish)
            done = threading.Event()
            done.set()
            return done
        with self._lock:
            done = self._wishes.setdefault(wish, [threading.Event()])[0]
            if is_awaited:
                self._hurry.set()
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, daemon=True, name="ranking").start()
        return done

    def _run(self) -> None:
        try:
            while True:
                self._hurry.wait(ANSWER_FIRST)
                with self._lock:
                    if not self._wishes:
                        self._hurry.clear()
                        self._is_running = False
                        return
                    wish, asked = self._wishes.popitem(last=False)
                if not _is_settled(wish):
                    with self._lock:
                        self._wishes.setdefault(wish, []).extend(asked)
                    time.sleep(LOOK_AGAIN)
                    continue
                for done in asked:
                    done.set()
        finally:
            connection.close()


def _is_settled(wish: Wish) -> bool:
    """Try to fulfil a wish; a failure is written to the log and not tried again."""
    try:
        return refresh(*wish)
    except (DatabaseError, OSError, ValueError, Membership.DoesNotExist):
        logger.exception("The order of member %s at %s was not renewed", *wish)
        return True


_trainer = Trainer()


def freshen(*, membership: Membership, stage: Stage) -> None:
    """Start a training when the person's order lacks a verdict, without waiting for it."""
    _trainer.ask((membership.pk, stage))


def fresh_ranking(
    *, membership: Membership, settings: StageSettings, is_ahead: bool = False
) -> RankedRecords | None:
    """The person's order, knowing all of their verdicts up to the last or the one before.

    Call it outside a transaction: nothing is locked while it waits.

    Args:
        membership: The reviewer.
        settings: The stage.
        is_ahead: The record is only loaded ahead, so there is time to wait for the newest order.

    Returns:
        The order; None while it is not made yet (the records come in random order then).
    """
    scope = scope_of(membership, settings)
    now = marks_of(scope, settings)
    known = remembered(scope, membership.pk)
    if known is not None and known.marks == now:
        return known
    is_late = known is not None and known.marks.is_behind_by_more(now, membership.pk)
    is_awaited = known is None or is_ahead or is_late
    done = _trainer.ask((membership.pk, Stage(settings.stage)), is_awaited=is_awaited)
    if is_awaited:
        done.wait(FIRST_WAITS if known is None else AHEAD_WAITS if is_ahead else LATE_WAITS)
    return remembered(scope, membership.pk) or known
