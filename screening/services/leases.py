"""Handing records out: a lease keeps more people than needed from getting the same one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import connection
from django.utils import timezone

from screening.models import Membership, Pilot, Record, ScreeningLease, StageSettings
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.decisions import last_place
from screening.selectors.pilots import next_pilot_record
from screening.selectors.queue import Asker, asker_of, is_free_for, is_open_to, next_record_id
from screening.selectors.stages import settings_of
from screening.services.durability import unflushed

LEASE = timedelta(minutes=15)
MAX_TRIES = 20


def hand_out(
    *,
    membership: Membership,
    stage: Stage,
    near: Record | None = None,
    backwards: bool = False,
    is_ahead: bool = False,
    settings: StageSettings | None = None,
) -> Record | None:
    """Hand the member a record and lease it for a while.

    While a pilot round of the stage is on, its records are handed to everybody, without leases.
    Without `near` the record that the member already holds comes first, so that loading the page
    again shows the same one; then the one behind their last verdict.

    Args:
        membership: The reviewer.
        stage: The stage.
        near: Walk on from this record; the member lets go of what they held.
        backwards: Walk the other way.
        is_ahead: Only loads the following record ahead: what is held stays held.
        settings: How the stage is set, when it was just read.

    Returns:
        The record with its source, or None when nothing is left at the moment.

    Raises:
        PermissionDenied: The member does not screen.
    """
    require(membership, Capability.SCREEN)
    settings = settings or settings_of(membership.review, stage)
    if settings.pilot_id is not None:
        pilot = Pilot.objects.get(pk=settings.pilot_id)
        return next_pilot_record(membership=membership, pilot=pilot, near=near, backwards=backwards)
    way = Way(near, backwards=backwards, is_ahead=is_ahead)
    by_relevance = _relevance(membership, settings, way)  # no lock is held while it waits
    walk = Walk(asker_of(membership, settings), near, backwards=backwards)
    if near is not None and by_relevance is None:
        walk.look_ahead()
    with unflushed():
        record = None if near else held_record(walk.asker)
        if record is None:
            record = by_relevance() if by_relevance else None
        if record is None:
            walk.place = near or last_place(membership, stage)
            record = walk.free_record()
        if near is not None and not is_ahead:
            release(membership=membership, stage=stage)
        if record is not None:
            _lease(membership, record, stage)
    return record


@dataclass(frozen=True, slots=True)
class Way:
    """Where the person comes from, and which way they go."""

    near: Record | None
    backwards: bool
    is_ahead: bool


def _relevance(
    membership: Membership, settings: StageSettings, way: Way
) -> Callable[[], Record | None] | None:
    """What finds the next record by relevance; None in other orders and before there is one."""
    if settings.order != StageSettings.Order.RELEVANCE:
        return None
    # here, since numpy and SciPy are wanted by this order only
    from screening.services.rankings.freshness import fresh_ranking  # noqa: PLC0415
    from screening.services.rankings.walking import ranked_record  # noqa: PLC0415

    ranked = fresh_ranking(membership=membership, settings=settings, is_ahead=way.is_ahead)
    if ranked is None:
        return None
    return partial(
        ranked_record,
        membership=membership,
        settings=settings,
        ranked=ranked,
        near=way.near,
        backwards=way.backwards,
        is_ahead=way.is_ahead,
    )


def keep_fresh(*, membership: Membership, stage: Stage) -> None:
    """After a verdict or an undo: let the order by relevance learn it, if it is used."""
    settings = settings_of(membership.review, stage)
    if settings.order == StageSettings.Order.RELEVANCE:
        from screening.services.rankings.freshness import freshen  # noqa: PLC0415  # as above

        freshen(membership=membership, stage=stage)


def held_record(asker: Asker) -> Record | None:
    """The record that the member was handed first and has neither decided nor let go."""
    leases = ScreeningLease.objects.filter(
        reviewer=asker.membership, stage=asker.stage, expires_at__gt=timezone.now()
    )
    for lease in leases.select_related("record__source").order_by("pk"):
        if is_open_to(asker, lease.record_id):
            return lease.record
    return None


def release(*, membership: Membership, stage: Stage) -> None:
    """Let go of everything the member holds at the stage."""
    ScreeningLease.objects.filter(reviewer=membership, stage=stage).delete()


@dataclass(slots=True)
class Walk:
    """The way through the queue from a place to the next record that nobody else needs.

    `likely` is what came next when no lock was held; under the lock it is only looked at again.
    """

    asker: Asker
    place: Record | None
    backwards: bool
    likely: int | None = None

    def look_ahead(self) -> None:
        """Look before anything is locked, so that others wait for the writing alone."""
        self.likely = self._next()

    def free_record(self) -> Record | None:
        """Walk until a record is still free after its row is locked: no two share a place."""
        for _ in range(MAX_TRIES):
            record_id = self.likely or self._next()
            if record_id is None:
                return None
            records = Record.objects.select_for_update(of=("self",), no_key=True)
            found = records.select_related("source").get(pk=record_id)
            if self._is_still_free(record_id):
                return found
            self.place, self.likely = found, None
        return None

    def _next(self) -> int | None:
        return next_record_id(self.asker, near=self.place, backwards=self.backwards)

    def _is_still_free(self, record_id: int) -> bool:
        """Look again under the lock; where one writer locks all, what it saw has not changed."""
        if self.likely is None and not connection.features.has_select_for_update:
            return True
        return is_free_for(self.asker, record_id)


def _lease(membership: Membership, record: Record, stage: Stage) -> None:
    until = timezone.now() + LEASE
    ScreeningLease.objects.bulk_create(
        [ScreeningLease(record=record, stage=stage, reviewer=membership, expires_at=until)],
        update_conflicts=True,
        unique_fields=["record", "stage", "reviewer"],
        update_fields=["expires_at"],
    )


@unflushed()
def hold(*, membership: Membership, record: Record, stage: Stage) -> None:
    """Lease a record that the member opened or took back, if it is still theirs to decide."""
    require(membership, Capability.SCREEN)
    settings = settings_of(membership.review, stage)
    if settings.pilot_id is None and is_open_to(asker_of(membership, settings), record.pk):
        _lease(membership, record, stage)
