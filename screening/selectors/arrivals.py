"""What came since one was last handed a record: the newest order hands it out first.

The newest order goes on behind the record at hand. Without this, newer records that come later
would be met only on the way round. At title and abstract records come by imports; at full text
they come when their report is retrieved.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import DateTimeField, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from screening.models import Decision, ImportBatch, Record, RetrievalAttempt, ScreeningLease
from screening.models.records import NewestKey
from screening.rules.consensus import Stage
from screening.selectors.order import NewestOrder
from screening.selectors.prepared import Prepared, Slot

ME, NEAR = Slot("me"), Slot("near")
_RETRIEVED = RetrievalAttempt.Outcome.RETRIEVED


def _since(stage: Stage) -> Coalesce:
    """From when on something counts as come since: the person's order was worked out before it.

    That is when they were handed the record at hand; or, once that is decided, their verdict
    before it; or, with no other verdict, when that record itself had come.
    """
    here = {"reviewer": ME, "stage": stage}
    handed = ScreeningLease.objects.filter(record=NEAR, **here)
    others = Decision.objects.filter(**here).exclude(record=NEAR).order_by("-created_at")
    return Coalesce(
        _first(handed, "handed_at"),
        _first(others, "created_at"),
        _had_come(stage),
        output_field=DateTimeField(),
    )


def _had_come(stage: Stage) -> Subquery:
    if stage == Stage.FULL_TEXT:
        logged = RetrievalAttempt.objects.filter(report__record=NEAR, outcome=_RETRIEVED)
        return _first(logged.order_by("-created_at"), "created_at")
    return _first(Record.objects.filter(pk=NEAR), "batch__finished_at")


def _first(rows: QuerySet[Any], name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])


@cache
def _first_arrival(stage: Stage) -> Prepared:
    """The first record of the imports that ended since; what came has no lower id."""

    def build() -> Any:
        batches = ImportBatch.objects.filter(review=Slot("review"), finished_at__gt=_since(stage))
        first = Record.objects.filter(batch=OuterRef("pk")).order_by("position").values("pk")[:1]
        return (
            batches.order_by("pk")
            .annotate(first=Subquery(first))
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


@cache
def _retrieved() -> Prepared:
    """Each key up to one's place among which reports were retrieved since, with the lowest id.

    The review is asked for in a way that no index serves, so that the few attempts since then are
    looked at, and not all records of the review.
    """

    def build() -> Any:
        since = _since(Stage.FULL_TEXT)
        attempts: Any = RetrievalAttempt.objects.filter(created_at__gt=since, outcome=_RETRIEVED)
        keyed = attempts.annotate(
            of_review=F("report__record__review") + 0, order_key=NewestKey("report__record__year")
        )
        return (
            keyed.filter(of_review=Slot("review"), order_key__lte=Slot("here"))
            .values("order_key")
            .annotate(first=Min("report__record"))
            .order_by("order_key")
            .values_list("order_key", "first")
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
    order = NewestOrder()
    asked = {"me": member_id, "review": review_id, "near": near.pk}
    key, here = order.first, order.key_of(near)
    if stage == Stage.FULL_TEXT:
        for key, first in _retrieved().rows(here=here, **asked):
            yield int(key), int(first) - 1
        return
    found = _first_arrival(stage).row(**asked)
    if found is None:
        return
    while (row := _next_key().row(review=review_id, key=key, here=here)) is not None:
        key = int(row[0])
        yield key, int(found[0]) - 1
