"""Whose turn it is to train a model: of all web processes one at a time, and nobody waits."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from screening.models import SharedTraining
from screening.selectors.rankings.marks import Scope
from screening.selectors.rankings.shared import of_scope

#: Far longer than a training takes; a killed process keeps others from training no longer.
TURN = timedelta(seconds=20)


def take_turn(scope: Scope) -> str | None:
    """Take the turn to train a model if nobody has it.

    Args:
        scope: Whose verdicts it learns from.

    Returns:
        The trainer's mark, to publish with or to give the turn back; None when another process
        trains this model.
    """
    now = timezone.now()
    taken = ~Q(trainer="") & Q(turn_ends_at__gt=now)
    if of_scope(scope).filter(taken).exists():
        return None  # a look needs no place among the writers
    trainer, ends = uuid4().hex, now + TURN
    with transaction.atomic():
        rows = of_scope(scope)
        if rows.exclude(taken).update(trainer=trainer, turn_ends_at=ends):
            return trainer
        first = SharedTraining(
            review_id=scope.review_id,
            stage=scope.stage,
            member_id=scope.learner_id,
            trainer=trainer,
            turn_ends_at=ends,
        )
        SharedTraining.objects.bulk_create([first], ignore_conflicts=True)
        return trainer if rows.filter(trainer=trainer).exists() else None


def give_back(scope: Scope, trainer: str) -> None:
    """End a turn that led to nothing; one that has ended stays as it is."""
    mine = of_scope(scope).filter(trainer=trainer)
    if mine.exists():
        mine.update(trainer="", turn_ends_at=None)


def publish(scope: Scope, trainer: str, *, marks: str, ranking_id: int, learnt: bytes) -> None:
    """End a turn with what it led to, for the other processes.

    Args:
        scope: Whose verdicts.
        trainer: The mark of `take_turn`; when the turn has run out and another process has it
            now, nothing is published.
        marks: Names what the training knew.
        ranking_id: The stored row.
        learnt: What was learnt; empty for a cold start.
    """
    of_scope(scope).filter(trainer=trainer).update(
        trainer="", turn_ends_at=None, marks=marks, ranking=ranking_id, learnt=learnt
    )
