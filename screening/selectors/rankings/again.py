"""Giving an order again from what was noted of it, for the methods section or a doubt."""

import json
from datetime import timedelta
from itertools import combinations

from screening.models import Ranking
from screening.ranking.examples import Example, training_set
from screening.rules.consensus import Stage
from screening.selectors.rankings.examples import examples_of
from screening.selectors.rankings.marks import Scope
from screening.selectors.rankings.memory import vectors_of
from screening.selectors.rankings.standing import Order, Question, order_of

#: A verdict stored within this time before a training may have been committed after its reading.
OVERLAP = timedelta(seconds=2)
MOST_LATE = 6


def order_again(ranking: Ranking) -> Order:
    """Make a noted order once more.

    Args:
        ranking: The row.

    Returns:
        The order; its digest is the one that was noted.

    Raises:
        ValueError: The verdicts of then are not to be found any more, or the order came out
            otherwise.
    """
    scope = Scope(ranking.review_id, Stage(ranking.stage), ranking.member_id)
    vectors = vectors_of(ranking.vectors_id)
    if ranking.method == Ranking.Method.QUESTION:
        first, *known = json.loads(ranking.question)
        order = order_of(vectors, [], Question(first, tuple(known)))
    else:
        order = order_of(vectors, _examples(ranking, scope), Question("", ()))
    if order.order_digest != ranking.order_digest:
        raise ValueError(f"Ranking {ranking.pk} came out in another order than was noted.")
    return order


def _examples(ranking: Ranking, scope: Scope) -> list[Example]:
    """The verdicts of then: those that stood, without any that came in while it was reading."""
    known = set(vectors_of(ranking.vectors_id).ids.tolist())

    def usable(examples: list[Example]) -> list[Example]:
        return [one for one in examples if one.record_id in known]

    stood = usable(examples_of(scope, ranking.prior, as_of=ranking.as_of))
    before = set(usable(examples_of(scope, ranking.prior, as_of=ranking.as_of - OVERLAP)))
    late = [one for one in stood if one not in before][:MOST_LATE]
    for size in range(len(late) + 1):
        for left_out in combinations(late, size):
            rest = [one for one in stood if one not in left_out]
            has_both = len({one.is_relevant for one in rest}) > 1
            if has_both and training_set(rest).digest == ranking.training_digest:
                return rest
    raise ValueError(f"The verdicts that ranking {ranking.pk} learnt from are not found again.")
