"""What a reviewer is handed next, and how much is left: towards me, and of the team.

Nothing here depends on what others said, only on how many have decided, so that neither the order
nor a count gives a verdict away.
"""

from dataclasses import dataclass

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
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
from screening.rules.consensus import Stage, Status, Verdict
from screening.selectors.stages import in_stage, retrieved, settings_of

BEFORE_ALL = -(10**6)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """One stage in the two vocabularies: towards me, and of the team."""

    to_decide: int
    decided: int
    maybes: int
    awaiting_other: int
    settled: int
    total: int

    @property
    def mine(self) -> int:
        """All that was or will be mine to decide."""
        return self.to_decide + self.decided


def assessable(membership: Membership, stage: Stage) -> RecordQuerySet:
    """Records of the stage that can be judged now: at full text only retrieved reports."""
    records = in_stage(Record.objects.filter(review=membership.review_id), stage)
    return retrieved(records) if stage == Stage.FULL_TEXT else records


def open_to(membership: Membership, stage: Stage, *, needed: int) -> RecordQuerySet:
    """Records that still need this person: not ruled, not decided by them, not by enough others."""
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    decided = Decision.objects.filter(**here)
    counted = decided.order_by().values("record").annotate(n=Count("pk")).values("n")
    return (
        assessable(membership, stage)
        .filter(~Exists(decided.filter(reviewer=membership)))
        .filter(~Exists(Adjudication.objects.filter(**here)))
        .annotate(given=Coalesce(Subquery(counted[:1], output_field=IntegerField()), 0))
        .filter(Q(given__lt=needed))
    )


def without_handed_out(
    records: RecordQuerySet, membership: Membership, stage: Stage, *, needed: int
) -> RecordQuerySet:
    """Leave out what enough others hold right now; members who left hold nothing."""
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
            expires_at__gt=timezone.now(),
            reviewer__deactivated_at__isnull=True,
            reviewer__is_screener=True,
            reviewer__user__is_active=True,
        )
        .exclude(reviewer=membership)
        .filter(~Exists(has_decided))
    )
    counted = leases.order_by().values("record").annotate(n=Count("pk")).values("n")
    held = Coalesce(Subquery(counted[:1], output_field=IntegerField()), 0)
    return records.annotate(held=held).filter(Q(given__lt=Value(needed) - F("held")))


def in_order(
    records: RecordQuerySet, settings: StageSettings, *, backwards: bool = False
) -> RecordQuerySet:
    """Sort by the stage's order; relevance has no ranking yet and is random until it has."""
    if settings.order == StageSettings.Order.NEWEST:
        year = Coalesce(F("year"), Value(0))
        records = records.annotate(
            order_key=ExpressionWrapper(Value(0) - year, output_field=BigIntegerField())
        )
    else:
        records = records.annotate(order_key=F("random_key"))
    keys = F("order_key"), F("pk")
    return records.order_by(*(key.desc() if backwards else key.asc() for key in keys))


def place_of(
    record: Record | None, membership: Membership, settings: StageSettings
) -> tuple[int, int]:
    """Where a walk starts: just behind the record, or at the person's own starting point."""
    is_by_year = settings.order == StageSettings.Order.NEWEST
    if record is None:
        return (BEFORE_ALL if is_by_year else membership.order_seed, 0)
    return (-(record.year or 0) if is_by_year else record.random_key, record.pk)


def next_record(
    *, membership: Membership, stage: Stage, near: Record | None = None, backwards: bool = False
) -> Record | None:
    """The record to hand out, going round from `near` or from the person's own starting point.

    Args:
        membership: The reviewer.
        stage: The stage.
        near: Walk on from this record; it comes last itself.
        backwards: Walk the other way.

    Returns:
        The record, or None when nothing is left for this person at the moment.
    """
    settings = settings_of(membership.review, stage)
    needed = settings.verdicts_needed
    records = open_to(membership, stage, needed=needed)
    records = without_handed_out(records, membership, stage, needed=needed)
    records = in_order(records, settings, backwards=backwards)
    key, pk = place_of(near, membership, settings)
    beyond = Q(order_key__gte=key) & (Q(order_key__gt=key) | Q(pk__gt=pk))
    before = Q(order_key__lte=key) & (Q(order_key__lt=key) | Q(pk__lt=pk))
    ways = (before, ~before) if backwards else (beyond, ~beyond)
    for way in ways:
        found: Record | None = records.filter(way).first()
        if found is not None:
            return found
    return None


def queue_counts(*, membership: Membership, stage: Stage) -> QueueCounts:
    """How much is left for me and for the team; numbers only, no verdict of others."""
    needed = settings_of(membership.review, stage).verdicts_needed
    held = assessable(membership, stage).with_status(stage)
    mine = Decision.objects.filter(
        record=OuterRef("pk"), stage=stage, reviewer=membership, superseded_at__isnull=True
    )
    awaits = Q(team_status=Status.AWAITING.value)
    counted = held.annotate(
        is_mine=Exists(mine), is_maybe=Exists(mine.filter(verdict=Verdict.MAYBE))
    )
    sums = counted.aggregate(
        total=Count("pk"),
        decided=Count("pk", filter=Q(is_mine=True)),
        maybes=Count("pk", filter=Q(is_maybe=True)),
        awaiting_other=Count("pk", filter=Q(is_mine=True) & awaits),
        unsettled=Count("pk", filter=awaits | Q(team_status=Status.CONFLICT.value)),
    )
    unsettled = sums.pop("unsettled")
    left = open_to(membership, stage, needed=needed).count()
    return QueueCounts(to_decide=left, settled=sums["total"] - unsettled, **sums)
