"""What another web process has trained already: taken up, not trained again."""

import json

from django.db.models import QuerySet

from screening.models import Ranking, SharedTraining
from screening.ranking.model import model_from
from screening.selectors.rankings.marks import Marks, Scope
from screening.selectors.rankings.memory import vectors_of
from screening.selectors.rankings.standing import (
    Order,
    Question,
    RankedRecords,
    order_by,
    order_of,
)


def of_scope(scope: Scope) -> QuerySet[SharedTraining]:
    """The one row of a model, or none before its first training."""
    return SharedTraining.objects.filter(
        review=scope.review_id, stage=scope.stage, member=scope.learner_id
    )


def shared_order(scope: Scope, marks: Marks) -> RankedRecords | None:
    """The order of a training that some process has finished.

    Args:
        scope: Whose verdicts.
        marks: Where they stand; a training that knows less or more is not taken.

    Returns:
        The order; None when there is no such training, or when it comes out otherwise on this
        machine than where it was trained.
    """
    kept = of_scope(scope).filter(marks=marks.digest).select_related("ranking").first()
    if kept is None or kept.ranking is None:
        return None
    ranking = kept.ranking
    order = _order(ranking, bytes(kept.learnt))
    if order.order_digest != ranking.order_digest:
        return None
    return RankedRecords(order, order.ids, marks, ranking.as_of, ranking.pk)


def _order(ranking: Ranking, learnt: bytes) -> Order:
    vectors = vectors_of(ranking.vectors_id)
    if ranking.method == Ranking.Method.QUESTION:
        text, *known = json.loads(ranking.question)
        return order_of(vectors, [], Question(text, tuple(known)))
    model = model_from(vectors, learnt, ranking.training_digest)
    return order_by(vectors, model, ranking.examples)
