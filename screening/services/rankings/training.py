"""A training: read the verdicts, train outside any transaction, note what the order came from."""

import json
from datetime import datetime

from django.utils import timezone

from screening.models import Membership, Ranking, RankingVectors, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.rankings.examples import closed_records, examples_of
from screening.selectors.rankings.marks import Marks, Scope, marks_of, scope_of
from screening.selectors.rankings.memory import remember, remembered, vectors_of
from screening.selectors.rankings.question import question_of
from screening.selectors.rankings.standing import RankedRecords, open_ids, order_of
from screening.selectors.rankings.texts import standing_prior, text_state
from screening.selectors.stages import settings_of
from screening.services.rankings.preparing import start_preparation

#: Under which the memory keeps a scope's last order for whoever shares it.
ANYBODY = 0


def refresh(member_id: int, stage: Stage) -> RankedRecords | None:
    """Bring one person's order up to every verdict that stands now.

    The app's own work; who asks for a record was asked for permission. No lock is held and no
    transaction is open while the model is trained.

    Args:
        member_id: The person.
        stage: The stage.

    Returns:
        The order; None while the review has no vectors, which are asked for then.
    """
    membership = Membership.objects.select_related("review", "user").get(pk=member_id)
    settings = settings_of(membership.review, stage)
    scope = scope_of(membership, settings)
    as_of = timezone.now()
    marks = marks_of(scope, settings)
    known = remembered(scope, member_id)
    if known is not None and known.marks == marks:
        return known
    if marks.vectors_id is None:
        start_preparation(review=membership.review, asked_by=None)
        return None
    _look_for_new_texts(membership, marks.vectors_id)
    shared = remembered(scope, ANYBODY)
    if shared is None or shared.marks != marks:
        shared = _trained(membership, settings, (scope, marks, as_of))
        remember(scope, ANYBODY, shared)
    ranked = _walkable(shared, membership, settings, scope)
    remember(scope, member_id, ranked)
    return ranked


def _trained(
    membership: Membership, settings: StageSettings, at: tuple[Scope, Marks, datetime]
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
    return RankedRecords(order, order.ids, marks, as_of, _noted(row).pk)


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
