"""What a reviewer is handed next.

Nothing here depends on what others said, only on how many have decided, so that the order gives no
verdict away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
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
    AssignedRecord,
    Decision,
    Membership,
    Record,
    ScreeningLease,
    StageSettings,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage
from screening.selectors.arrivals import newer_arrivals
from screening.selectors.order import ORDERS, Piece, pieces_of
from screening.selectors.prepared import Prepared, Slot, moment
from screening.selectors.resting import is_large, rested
from screening.selectors.stages import in_stage, retrieved

ME, REVIEW, NEEDED = Slot("me"), Slot("review"), Slot("needed")
FEWER, GROUP = Slot("fewer"), Slot("group")  # one less than needed; the group that is needed
OWNER = Slot("owner")  # to whom records are assigned


class Side(StrEnum):
    """Where a person stands to the group of which the stage needs a verdict."""

    NO_GROUP = "no group is needed"
    MEMBER = "a member of it"
    OTHER = "no member of it"


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom the queue is asked, and how the stage is set."""

    membership: Membership
    settings: StageSettings
    side: Side

    @property
    def stage(self) -> Stage:
        """The stage."""
        return Stage(self.settings.stage)

    @property
    def values(self) -> dict[str, Any]:
        """What fills the slots of a prepared query."""
        return {
            "me": self.membership.pk,
            "review": self.membership.review_id,
            "needed": self.settings.verdicts_needed,
            "fewer": self.settings.verdicts_needed - 1,
            "group": self.settings.required_group_id,
            "now": timezone.now(),
        }


def asker_of(membership: Membership, settings: StageSettings) -> Asker:
    """Whom the queue is asked for; looks into the group only where one is needed."""
    if settings.required_group_id is None:
        return Asker(membership, settings, Side.NO_GROUP)
    is_member = membership.groups.filter(pk=settings.required_group_id).exists()
    return Asker(membership, settings, Side.MEMBER if is_member else Side.OTHER)


def assessable(review_id: int | Slot, stage: Stage) -> RecordQuerySet:
    """Records of the stage that can be judged now: at full text only retrieved reports."""
    records = Record.objects.filter(review=review_id)
    if stage == Stage.FULL_TEXT:
        records = retrieved(records.filter(report__isnull=False))
    return in_stage(records, stage)


def open_records(stage: Stage, side: Side) -> RecordQuerySet:
    """Records that still need the person: not ruled, not decided by them, a place left for them.

    `given` is how many have decided; one's own verdict takes all places at once. The last place
    is the group's while none of it has decided, as `rules.consensus.has_place` says.
    """
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    places = Sum(Case(When(reviewer=ME, then=NEEDED), default=Value(1)))
    said = Decision.objects.filter(**here)
    taken = said.order_by().values("record").annotate(n=places)
    records = assessable(REVIEW, stage).annotate(
        given=Coalesce(Subquery(taken.values("n")[:1], IntegerField()), 0)
    )
    has_place = Q(given__lt=NEEDED)
    if side != Side.NO_GROUP:
        records = records.annotate(of_group=Exists(said.filter(reviewer__groups=GROUP)))
        has_place = _with_group(side, Q(of_group=True), has_place, Q(given__lt=FEWER))
    return records.filter(has_place).filter(~Exists(Adjudication.objects.filter(**here)))


def _with_group(side: Side, has_group: Q, is_short: Q, is_shorter: Q) -> Q:
    """Whether a place is left for the person where a verdict of the group is needed.

    Args:
        side: Where the person stands.
        has_group: A member of the group has taken a place.
        is_short: Places are left.
        is_shorter: More than one place is left.
    """
    if side == Side.MEMBER:
        return is_short | ~has_group
    return (has_group & is_short) | is_shorter


def free_records(stage: Stage, side: Side) -> RecordQuerySet:
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
    records = open_records(stage, side).annotate(held=held)
    is_free = Q(given__lt=NEEDED - F("held"))
    if side != Side.NO_GROUP:
        records = records.annotate(group_holds=Exists(leases.filter(reviewer__groups=GROUP)))
        has_group = Q(of_group=True) | Q(group_holds=True)
        is_free = _with_group(side, has_group, is_free, Q(given__lt=FEWER - F("held")))
    return records.filter(is_free)


def owners_of(asker: Asker) -> Iterator[int | None]:
    """Whose assigned records are looked through one after the other; None means all records.

    Where only what is assigned is handed out, records of those who left come after one's own.
    """
    settings, me = asker.settings, asker.membership
    if settings.assigning == StageSettings.Assigning.FREELY:
        yield None
        return
    yield me.pk
    if settings.assigning == StageSettings.Assigning.FIRST:
        yield None
        return
    rows = AssignedRecord.objects.filter(
        member=OuterRef("pk"), stage=settings.stage, withdrawn_at__isnull=True
    )
    left = Membership.objects.filter(left_screening(), review=me.review_id)
    yield from left.filter(Exists(rows)).order_by("pk").values_list("pk", flat=True)


def left_screening(member: str = "") -> Q:
    """Members who screen no more, so that what is assigned to them waits for nobody.

    Args:
        member: The way to the membership, with its underscores.
    """
    return (
        Q(**{f"{member}deactivated_at__isnull": False})
        | Q(**{f"{member}is_screener": False})
        | Q(**{f"{member}user__is_active": False})
    )


def _keyed(stage: Stage, order: str, side: Side) -> Any:
    """All free records with their `order_key`."""
    return ORDERS[order].keyed(free_records(stage, side)).annotate(order_pk=F("pk"))


def _assigned(stage: Stage, order: str, side: Side) -> Any:
    """The free ones of those assigned to somebody, by the keys in their own rows."""
    rows: Any = AssignedRecord.objects.filter(member=OWNER, stage=stage, withdrawn_at__isnull=True)
    free = free_records(stage, side).filter(pk=OuterRef("record"))
    keyed = rows.annotate(order_key=F(ORDERS[order].assigned_key), order_pk=F("record_id"))
    return keyed.filter(Exists(free))


def assigned_only(records: RecordQuerySet, asker: Asker) -> RecordQuerySet:
    """Leave only what the queue would hand the person, where it hands out only what is assigned."""
    if asker.settings.assigning != StageSettings.Assigning.ONLY:
        return records
    rows = AssignedRecord.objects.filter(
        record=OuterRef("pk"), stage=asker.stage, withdrawn_at__isnull=True
    )
    return records.filter(Exists(rows.filter(Q(member=ME) | left_screening("member__"))))


@cache
def _walk(
    stage: Stage, order: str, side: Side, *, backwards: bool, is_assigned: bool = False
) -> tuple[Prepared, ...]:
    """The first free record behind a place, then on the way round from the other end up to it."""

    def prepared(piece: Piece) -> Prepared:
        def build() -> Any:
            found = (_assigned if is_assigned else _keyed)(stage, order, side)
            return found.filter(piece.within).order_by(*piece.sort).values_list("order_pk")[:1]

        return Prepared(build)

    return tuple(prepared(piece) for piece in pieces_of(ORDERS[order], backwards=backwards))


@cache
def _first(stage: Stage, order: str, side: Side) -> Prepared:
    def build() -> Any:
        records = ORDERS[order].keyed(open_records(stage, side))
        rows: Any = records.order_by(F("order_key"), F("pk"))
        return rows.values_list(F("order_key"), "pk")[:1]

    return Prepared(build)


def _start(asker: Asker) -> tuple[int, int]:
    """The place before which a person begins who has not decided anything.

    In an order that is the same for all, the records at its head are soon done. In a large review
    the place of the first that is not done rests, as counts do; one that is opened again before
    it comes on the way round.
    """
    order, stage = ORDERS[asker.settings.order], asker.stage
    nobody = asker.values | {"me": 0}
    side = Side.NO_GROUP if asker.side == Side.NO_GROUP else Side.MEMBER  # for whom most is open
    review_id = asker.membership.review_id
    if not order.has_ties or not is_large(review_id):
        return order.start(asker.membership), 0

    def look() -> tuple[int, int]:
        found = _first(stage, asker.settings.order, side).row(**nobody)
        return (found[0], found[1] - 1) if found else (order.start(asker.membership), 0)

    return rested(("first", review_id, stage, asker.settings.order), look)


@cache
def _among(stage: Stage, side: Side, *, is_free: bool) -> Prepared:
    """Whether one record is open to the person, and free of others."""
    records = free_records if is_free else open_records
    return Prepared(lambda: records(stage, side).filter(pk=Slot("record")).values_list("pk"))


def is_open_to(asker: Asker, record_id: int) -> bool:
    """Whether the record still needs this person."""
    found = _among(asker.stage, asker.side, is_free=False).row(record=record_id, **asker.values)
    return found is not None


def is_free_for(asker: Asker, record_id: int) -> bool:
    """Whether the record needs this person and no more others than needed hold it."""
    found = _among(asker.stage, asker.side, is_free=True).row(record=record_id, **asker.values)
    return found is not None


def open_count(asker: Asker) -> int:
    """How many records still need this person, each looked at by itself."""
    records = assigned_only(open_records(asker.stage, asker.side), asker)
    counted = Prepared(lambda: records.values("review").values_list(Count("pk")))
    found = counted.row(**asker.values)
    return int(found[0]) if found else 0


def next_record_id(asker: Asker, *, near: Record | None, backwards: bool = False) -> int | None:
    """The record to hand out, going round from `near` or from the person's own starting point.

    Args:
        asker: The reviewer, and the stage with its order and how many verdicts it needs.
        near: Walk on from this record; it comes last itself. In the newest order, newer records
            that came since it was handed out come before those behind it.
        backwards: Walk the other way.

    Returns:
        Its id, or None when nothing is left for this person at the moment.
    """
    order = ORDERS[asker.settings.order]
    here = (order.key_of(near), near.pk) if near else _start(asker)
    of = (asker.stage, asker.settings.order, asker.side)
    arrived = [] if near is None or backwards else _arrived(asker, near)
    for owner in owners_of(asker):
        walks = _walk(*of, backwards=backwards, is_assigned=owner is not None)
        values = asker.values | {"owner": owner}
        for key, pk in arrived:
            found = walks[0].row(**values, key=key, pk=pk)
            if found is not None and (key, found[0]) < here:  # what lies behind comes anyway
                return int(found[0])
        for walk in walks:
            found = walk.row(**values, key=here[0], pk=here[1])
            if found is not None:
                return int(found[0])
    return None


def _arrived(asker: Asker, near: Record) -> list[tuple[int, int]]:
    """Places before `near` behind which records came since; each is looked at by itself."""
    if asker.settings.order != StageSettings.Order.NEWEST:
        return []
    found = newer_arrivals(
        member_id=asker.membership.pk,
        review_id=asker.membership.review_id,
        stage=asker.stage,
        near=near,
    )
    return list(found)
