"""What a reviewer is handed next.

Nothing here depends on what others said, only on how many have decided, so that the order gives no
verdict away.
"""

from functools import cache
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from screening.models import (
    Adjudication,
    Decision,
    Membership,
    Record,
    ScreeningLease,
    StageSettings,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage
from screening.selectors.order import ORDERS
from screening.selectors.prepared import Prepared, Slot, moment
from screening.selectors.stages import in_stage, retrieved

ME, REVIEW, NEEDED = Slot("me"), Slot("review"), Slot("needed")


def assessable(review_id: int | Slot, stage: Stage) -> RecordQuerySet:
    """Records of the stage that can be judged now: at full text only retrieved reports."""
    records = Record.objects.filter(review=review_id)
    if stage == Stage.FULL_TEXT:
        records = retrieved(records.filter(report__isnull=False))
    return in_stage(records, stage)


def _open(stage: Stage) -> RecordQuerySet:
    """Records that still need the person: not ruled, not decided by them, not by enough others.

    `given` is how many have decided; one's own verdict takes all places at once.
    """
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    places = Sum(Case(When(reviewer=ME, then=NEEDED), default=Value(1)))
    taken = Decision.objects.filter(**here).order_by().values("record").annotate(n=places)
    return (
        assessable(REVIEW, stage)
        .annotate(given=Coalesce(Subquery(taken.values("n")[:1], IntegerField()), 0))
        .filter(Q(given__lt=NEEDED))
        .filter(~Exists(Adjudication.objects.filter(**here)))
    )


def free_records(stage: Stage) -> RecordQuerySet:
    """Open records without those that enough others hold right now; who left holds nothing."""
    has_decided = Decision.objects.filter(
        record=OuterRef("record"),
        stage=stage,
        reviewer=OuterRef("reviewer"),
        superseded_at__isnull=True,
    )
    leases = (
        ScreeningLease.objects.filter(
            record=OuterRef("pk"),
            stage=stage,
            expires_at__gt=moment("now"),
            reviewer__deactivated_at__isnull=True,
            reviewer__is_screener=True,
            reviewer__user__is_active=True,
        )
        .exclude(reviewer=ME)
        .filter(~Exists(has_decided))
    )
    counted = leases.order_by().values("record").annotate(n=Count("pk")).values("n")
    held = Coalesce(Subquery(counted[:1], output_field=IntegerField()), 0)
    return _open(stage).annotate(held=held).filter(Q(given__lt=NEEDED - F("held")))


@cache
def _walk(stage: Stage, order: str, *, backwards: bool, is_second_half: bool) -> Prepared:
    """The first free record behind a place, or on the way round from the other end up to it."""
    key, pk = Slot("key"), Slot("pk")
    onwards = Q(order_key__gte=key) & (Q(order_key__gt=key) | Q(pk__gt=pk))
    to_here = Q(order_key__lte=key) & (Q(order_key__lt=key) | Q(pk__lte=pk))
    before = Q(order_key__lte=key) & (Q(order_key__lt=key) | Q(pk__lt=pk))
    from_here = Q(order_key__gte=key) & (Q(order_key__gt=key) | Q(pk__gte=pk))
    halves = (before, from_here) if backwards else (onwards, to_here)
    keys = [F("order_key"), F("pk")]
    sort = [one.desc() if backwards else one.asc() for one in keys]

    def build() -> Any:
        records = ORDERS[order].keyed(free_records(stage)).filter(halves[is_second_half])
        return records.order_by(*sort).values_list("pk")[:1]

    return Prepared(build)


@cache
def _among(stage: Stage, *, is_free: bool) -> Prepared:
    """Whether one record is open to the person, and free of others."""
    records = free_records if is_free else _open
    return Prepared(lambda: records(stage).filter(pk=Slot("record")).values_list("pk"))


def is_open_to(membership: Membership, stage: Stage, record_id: int, *, needed: int) -> bool:
    """Whether the record still needs this person."""
    found = _among(stage, is_free=False).row(record=record_id, **_of(membership, needed))
    return found is not None


def is_free_for(membership: Membership, stage: Stage, record_id: int, *, needed: int) -> bool:
    """Whether the record needs this person and no more others than needed hold it."""
    found = _among(stage, is_free=True).row(
        record=record_id, now=timezone.now(), **_of(membership, needed)
    )
    return found is not None


def _of(membership: Membership, needed: int) -> dict[str, int]:
    return {"me": membership.pk, "review": membership.review_id, "needed": needed}


def next_record_id(
    *, membership: Membership, settings: StageSettings, near: Record | None, backwards: bool = False
) -> int | None:
    """The record to hand out, going round from `near` or from the person's own starting point.

    Args:
        membership: The reviewer.
        settings: The stage, with its order and how many verdicts it needs.
        near: Walk on from this record; it comes last itself.
        backwards: Walk the other way.

    Returns:
        Its id, or None when nothing is left for this person at the moment.
    """
    order = ORDERS[settings.order]
    key = order.key_of(near) if near else order.start(membership)
    values = _of(membership, settings.verdicts_needed) | {
        "now": timezone.now(),
        "key": key,
        "pk": near.pk if near else 0,
    }
    for is_second_half in (False, True):
        walk = _walk(
            Stage(settings.stage),
            settings.order,
            backwards=backwards,
            is_second_half=is_second_half,
        )
        found = walk.row(**values)
        if found is not None:
            return int(found[0])
    return None
