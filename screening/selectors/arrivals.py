"""What an import brought since one's last verdict: the newest order hands it out first.

The newest order goes on behind the last verdict. Without this, newer records that come later
would be met only on the way round.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import OuterRef, Subquery

from screening.models import Decision, ImportBatch, Record
from screening.rules.consensus import Stage
from screening.selectors.order import NewestOrder
from screening.selectors.prepared import Prepared, Slot


@cache
def _first_arrival(stage: Stage) -> Prepared:
    """The first record of the imports that ended after the person's last verdict but this one."""

    def build() -> Any:
        others = Decision.objects.filter(reviewer=Slot("me"), stage=stage).exclude(
            record=Slot("near")
        )
        said = others.order_by("-created_at").values("created_at")[:1]
        batches = ImportBatch.objects.filter(
            review=Slot("review"), finished_at__gt=Subquery(said)
        ).order_by("pk")
        first = Record.objects.filter(batch=OuterRef("pk")).order_by("position").values("pk")[:1]
        return (
            batches.annotate(first=Subquery(first))
            .filter(first__isnull=False)
            .values_list("first")[:1]
        )

    return Prepared(build)


@cache
def _next_key() -> Prepared:
    """The first key behind one, off the index of the newest order."""

    def build() -> Any:
        keyed: Any = NewestOrder().keyed(Record.objects.filter(review=Slot("review")))
        return (
            keyed.filter(order_key__gt=Slot("key"), order_key__lt=Slot("here"))
            .order_by("order_key")
            .values_list("order_key")[:1]
        )

    return Prepared(build)


def newer_arrivals(
    *, member_id: int, review_id: int, stage: Stage, near: Record
) -> Iterator[tuple[int, int]]:
    """The places from which newer records that came since are looked for, the newest year first.

    Args:
        member_id: The reviewer's membership.
        review_id: The review.
        stage: The stage.
        near: The record that the person just decided on, or comes from.

    Yields:
        A key of the newest order and an id: what came since lies behind it among that key.
    """
    found = _first_arrival(stage).row(me=member_id, review=review_id, near=near.pk)
    if found is None:
        return
    order = NewestOrder()
    key, here = order.first, order.key_of(near)
    while (row := _next_key().row(review=review_id, key=key, here=here)) is not None:
        key = int(row[0])
        yield key, int(found[0]) - 1
