"""A training: read the verdicts, train outside any transaction, note what the order came from."""

import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from screening.models import Membership, Ranking, RankingVectors, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.rankings.examples import closed_records, examples_of
from screening.selectors.rankings.marks import Marks, Scope, marks_of, scope_of
from screening.selectors.rankings.memory import remember, remembered, vectors_of
from screening.selectors.rankings.question import question_of
from screening.selectors.rankings.shared import shared_order
from screening.selectors.rankings.standing import RankedRecords, open_ids, order_of
from screening.selectors.rankings.texts import standing_prior, text_state
from screening.selectors.stages import settings_of
from screening.services.rankings.preparing import start_preparation
from screening.services.rankings.turns import give_back, publish, take_turn

#: Under which the memory keeps a scope's last order for whoever shares it.
ANYBODY = 0

At = tuple[Scope, Marks, datetime]  # whose verdicts, where they stand, since when


def refresh(member_id: int, stage: Stage) -> bool:
    """Bring one person's order up to every verdict that stands now.

    The app's own work; who asks for a record was asked for permission. No lock is held and no
    transaction is open while the model is trained. What another process has trained is taken up.

    Args:
        member_id: The person.
        stage: The stage.

    Returns:
        Whether that is settled: False while another process trains the same model, so ask again.
        Without vectors, which are asked for then, there is no order yet.
    """
    membership = Membership.objects.select_related("review", "user").get(pk=member_id)
    settings = settings_of(membership.review, stage)
    scope = scope_of(membership, settings)
    as_of = timezone.now()
    marks = marks_of(scope, settings)
    known = remembered(scope, member_id)
    if known is not None and known.marks == marks:
        return True
    if marks.vectors_id is None:
        start_preparation(review=membership.review, asked_by=None)
        return True
    _look_for_new_texts(membership, marks.vectors_id)
    shared = remembered(scope, ANYBODY)
    if shared is None or shared.marks != marks:
        at = (scope, marks, as_of)
        shared = shared_order(scope, marks) or _trained_in_turn(membership, settings, at)
        if shared is None:
            return False
        remember(scope, ANYBODY, shared)
    remember(scope, member_id, _walkable(shared, membership, settings, scope))
    return True


def _trained_in_turn(
    membership: Membership, settings: StageSettings, at: At
) -> RankedRecords | None:
    """Train if no other process trains this model."""
    scope, marks, _ = at
    trainer = take_turn(scope)
    if trainer is None:
        return None
    try:  # whoever had the turn just before may have trained the same
        return shared_order(scope, marks) or _trained(membership, settings, at, trainer)
    finally:
        give_back(scope, trainer)


def _trained(
    membership: Membership, settings: StageSettings, at: At, trainer: str
) -> RankedRecords:
    scope, marks, as_of = at
    vectors_id = marks.vectors_id
    if vectors_id is None:
        raise ValueError(f"Review {scope.review_id} has no vectors to train on.")
    prior = standing_prior(membership.review)
    examples = examples_of(scope, prior)
    question = question_of(membership.review, settings)
    order = order_of(vectors_of(vectors_id), examples, question)
    row = Ranking(
        review=membership.review,
        stage=scope.stage,
        member_id=scope.learner_id,
        vectors_id=vectors_id,
        prior=prior,
        method=Ranking.Method.MODEL if order.model else Ranking.Method.QUESTION,
        model_version=order.version,
        training_digest=order.digest,
        examples=order.examples,
        exploration_share=settings.exploration_percent / 100,
        seed=settings.exploration_seed,
        question="" if order.model else json.dumps([question.text, *question.known]),
        order_digest=order.order_digest,
        as_of=as_of,
    )
    learnt = order.model.to_bytes() if order.model else b""
    with transaction.atomic():
        noted = _noted(row).pk
        publish(scope, trainer, marks=marks.digest, ranking_id=noted, learnt=learnt)
    return RankedRecords(order, order.ids, marks, as_of, noted)


def _noted(row: Ranking) -> Ranking:
    """Store the row, unless the scope's last one says the same."""
    same = ("vectors_id", "method", "training_digest", "exploration_share", "seed", "order_digest")
    last = Ranking.objects.filter(review=row.review, stage=row.stage, member=row.member_id).last()
    if last is not None and all(getattr(last, name) == getattr(row, name) for name in same):
        return last
    row.save(force_insert=True)
    return row


def _walkable(
    shared: RankedRecords, membership: Membership, settings: StageSettings, scope: Scope
) -> RankedRecords:
    """The order without what is closed to the person."""
    closed = closed_records(scope, membership.pk, settings)
    mine = membership.decisions.filter(stage=scope.stage, superseded_at__isnull=True).count()
    left = open_ids(shared.order, closed, settings, place=mine)
    return RankedRecords(shared.order, left, shared.marks, shared.as_of, shared.ranking_id)


def _look_for_new_texts(membership: Membership, vectors_id: int) -> None:
    """Have the vectors made anew when records or their texts may have changed."""
    known = RankingVectors.objects.values_list("text_state", flat=True).get(pk=vectors_id)
    if known != text_state(membership.review):
        start_preparation(review=membership.review, asked_by=None)
