"""Handing records out: a lease keeps more people than needed from getting the same one."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from screening.models import Membership, Record, ScreeningLease
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.queue import next_record, open_to, without_handed_out
from screening.selectors.stages import settings_of

LEASE = timedelta(minutes=15)
MAX_TRIES = 20


@transaction.atomic
def hand_out(
    *,
    membership: Membership,
    stage: Stage,
    near: Record | None = None,
    backwards: bool = False,
    is_ahead: bool = False,
) -> Record | None:
    """Hand the member a record and lease it for a while.

    Without `near` the record that the member already holds comes first, so that loading the page
    again shows the same one.

    Args:
        membership: The reviewer.
        stage: The stage.
        near: Walk on from this record; the member lets go of what they held.
        backwards: Walk the other way.
        is_ahead: Only loads the following record ahead: what is held stays held.

    Returns:
        The record, or None when nothing is left at the moment.

    Raises:
        PermissionDenied: The member does not screen.
    """
    require(membership, Capability.SCREEN)
    held = None if near else held_record(membership, stage)
    record = held or _free_record(membership, stage, near, backwards=backwards)
    if near is not None and not is_ahead:
        release(membership=membership, stage=stage)
    if record is not None:
        _lease(membership, record, stage)
    return record


def held_record(membership: Membership, stage: Stage) -> Record | None:
    """The record that the member was handed first and has neither decided nor let go."""
    needed = settings_of(membership.review, stage).verdicts_needed
    leases = ScreeningLease.objects.filter(
        reviewer=membership, stage=stage, expires_at__gt=timezone.now()
    )
    for record_id in leases.order_by("pk").values_list("record", flat=True):
        found: Record | None = (
            open_to(membership, stage, needed=needed).filter(pk=record_id).first()
        )
        if found is not None:
            return found
    return None


def release(*, membership: Membership, stage: Stage) -> None:
    """Let go of everything the member holds at the stage."""
    ScreeningLease.objects.filter(reviewer=membership, stage=stage).delete()


def _free_record(
    membership: Membership, stage: Stage, near: Record | None, *, backwards: bool
) -> Record | None:
    """Walk until a record is still free after its row is locked: no two share a place."""
    needed = settings_of(membership.review, stage).verdicts_needed
    for _ in range(MAX_TRIES):
        found = next_record(membership=membership, stage=stage, near=near, backwards=backwards)
        if found is None:
            return None
        Record.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
        records = open_to(membership, stage, needed=needed).filter(pk=found.pk)
        if without_handed_out(records, membership, stage, needed=needed).exists():
            return found
        near = found
    return None


def _lease(membership: Membership, record: Record, stage: Stage) -> datetime:
    until = timezone.now() + LEASE
    ScreeningLease.objects.update_or_create(
        record=record, stage=stage, reviewer=membership, defaults={"expires_at": until}
    )
    return until


@transaction.atomic
def hold(*, membership: Membership, record: Record, stage: Stage) -> None:
    """Lease a record that the member opened or took back, if it is still theirs to decide."""
    require(membership, Capability.SCREEN)
    needed = settings_of(membership.review, stage).verdicts_needed
    if open_to(membership, stage, needed=needed).filter(pk=record.pk).exists():
        _lease(membership, record, stage)
