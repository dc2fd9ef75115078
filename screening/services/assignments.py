"""Assigning records of a stage to members: by batch or by share; withdrawing and reassigning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from screening.models import (
    AssignedRecord,
    AuditEvent,
    Decision,
    Membership,
    Record,
    RecordTag,
    ScreeningAssignment,
    ScreeningLease,
    Source,
    StageSettings,
    Tag,
)
from screening.models.people import random_seed
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.rules.shares import shared_out
from screening.selectors.assignments import unassigned, unfinished, untouched

MOST = 300_000
CHUNK = 2000
Assigning = StageSettings.Assigning


@dataclass(frozen=True, slots=True)
class Batch:
    """Which records are assigned.

    Attributes:
        name: What the assignment is called.
        source: Only records of this source.
        tag: Only records that the lead has tagged with it.
        size: At most so many, drawn by the records' random key; all of them without it.
        is_rest: Only records that are assigned to nobody.
    """

    name: str
    source: Source | None = None
    tag: Tag | None = None
    size: int | None = None
    is_rest: bool = True


@transaction.atomic
def assign_batch(
    *, lead: Membership, stage: Stage, members: Sequence[Membership], batch: Batch
) -> list[ScreeningAssignment]:
    """Assign a set of records to each of some members; what one has decided on is left out.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: Nobody is named, somebody does not screen, or no record fits.
    """
    settings = _opened(lead, stage)
    _check_people(lead, members)
    records = unfinished(settings)
    if batch.source is not None:
        records = records.filter(source=batch.source)
    if batch.tag is not None:
        placed = RecordTag.objects.filter(record=OuterRef("pk"), tag=batch.tag, member=lead)
        records = records.filter(Exists(placed))
    if batch.is_rest:
        records = unassigned(records, stage)
    if batch.size is not None and batch.size < 1:
        raise ValidationError(f"{batch.size} records are asked for; ask for one at least.")
    found = list(records.order_by("random_key", "pk").values_list("pk", flat=True)[: batch.size])
    if not found:
        raise ValidationError("No record fits: nothing is assigned.", code="nothing")
    made = [_assign(lead, stage, member, batch.name, found) for member in members]
    if not any(made):
        raise ValidationError(
            "Everything that fits is assigned to them or decided by them already.", code="nothing"
        )
    _begin(settings)
    return [one for one in made if one is not None]


@transaction.atomic
def assign_shares(
    *,
    lead: Membership,
    stage: Stage,
    shares: Mapping[Membership, int],
    name: str,
    seed: int | None = None,
) -> list[ScreeningAssignment]:
    """Share out the records that are assigned to nobody and decided by nobody.

    Each record comes to as many people as it needs verdicts.

    Args:
        lead: Who shares out.
        stage: The stage.
        shares: Whole percents of the verdicts by person, 100 together.
        name: What the assignments are called.
        seed: Shares the same records in the same way again; a new one without it.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The percents do not fit, somebody does not screen, or nothing is left.
    """
    settings = _opened(lead, stage)
    _check_people(lead, list(shares))
    ids = list(untouched(settings).order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise ValidationError("Every record is assigned or begun already.", code="nothing")
    drawn = random_seed() if seed is None else seed
    by_id = {member.pk: member for member in shares}
    try:
        out = shared_out(
            ids,
            {member.pk: share for member, share in shares.items()},
            needed=settings.verdicts_needed,
            seed=drawn,
        )
    except ValueError as error:
        raise ValidationError(str(error)) from error
    made = [_assign(lead, stage, by_id[pk], name, records) for pk, records in out.items()]
    _begin(settings)
    return [one for one in made if one is not None]


@transaction.atomic
def withdraw_assignment(*, lead: Membership, assignment: ScreeningAssignment) -> list[int]:
    """Take an assignment back; what its member has decided stays. Twice changes nothing.

    Returns:
        The records that its member had not decided on.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: It is of another review.
    """
    require(lead, Capability.MANAGE)
    if assignment.review_id != lead.review_id:
        raise ValidationError("There is no such assignment.", code="not_here")
    locked = ScreeningAssignment.objects.select_for_update().get(pk=assignment.pk)
    if locked.withdrawn_at is not None:
        return []
    now: datetime = timezone.now()
    said = Decision.objects.current().filter(
        record=OuterRef("record"), stage=locked.stage, reviewer=locked.member_id
    )
    rows = AssignedRecord.objects.filter(assignment=locked, withdrawn_at=None)
    left = sorted(rows.filter(~Exists(said)).values_list("record", flat=True))
    rows.update(withdrawn_at=now)
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    AuditEvent.objects.append_by(
        lead, "assignment.withdrawn", locked, after={"undecided": len(left)}
    )
    return left


@transaction.atomic
def reassign(
    *, lead: Membership, assignment: ScreeningAssignment, to: Membership
) -> ScreeningAssignment | None:
    """Hand what is left of an assignment to somebody else.

    Returns:
        The new assignment; None when nothing was left for the new person.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The new person does not screen, or is the old one.
    """
    require(lead, Capability.MANAGE)
    _check_people(lead, [to])
    if to.pk == assignment.member_id:
        raise ValidationError(f"It is assigned to {to} already.")
    left = withdraw_assignment(lead=lead, assignment=assignment)
    return _assign(lead, Stage(assignment.stage), to, assignment.name, left)


@transaction.atomic
def set_assigning(*, lead: Membership, stage: Stage, mode: str) -> None:
    """Say whether the queue heeds assignments: not at all, first, or only.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: There is no such way.
    """
    settings = _opened(lead, stage)
    if mode not in Assigning.values:
        raise ValidationError("Choose how records are handed out.")
    before = settings.assigning
    if before == mode:
        return
    settings.assigning = mode
    settings.save(update_fields=["assigning"])
    _release(settings)
    AuditEvent.objects.append_by(
        lead,
        "stage.assigning_changed",
        settings,
        before={"assigning": before},
        after={"assigning": mode},
    )


def _opened(lead: Membership, stage: Stage) -> StageSettings:
    require(lead, Capability.MANAGE)
    return StageSettings.objects.select_for_update().get(review=lead.review_id, stage=stage)


def _check_people(lead: Membership, members: Sequence[Membership]) -> None:
    if not members:
        raise ValidationError("Choose at least one person.")
    for member in members:
        if member.review_id != lead.review_id or not member.can(Capability.SCREEN):
            raise ValidationError(f"{member} does not screen in this review.", code="no_screener")


def _assign(
    lead: Membership, stage: Stage, member: Membership, name: str, ids: Sequence[int]
) -> ScreeningAssignment | None:
    """Assign what of the records is not the member's already, and not decided by them."""
    said = Decision.objects.current().filter(stage=stage, reviewer=member)
    has = AssignedRecord.objects.filter(stage=stage, member=member, withdrawn_at=None)
    gone = set(said.values_list("record", flat=True)) | set(has.values_list("record", flat=True))
    wanted = [pk for pk in ids if pk not in gone]
    if not wanted:
        return None
    if len(wanted) > MOST:
        raise ValidationError(f"At most {MOST} records can be assigned at once.")
    name = name.strip()
    if not name:
        raise ValidationError("Give the assignment a name.")
    made = ScreeningAssignment.objects.create(
        review=lead.review, stage=stage, member=member, name=name[:120], created_by=lead
    )
    for start in range(0, len(wanted), CHUNK):
        rows = Record.objects.filter(Q(pk__in=wanted[start : start + CHUNK]))
        AssignedRecord.objects.bulk_create(
            AssignedRecord(
                assignment=made,
                record_id=pk,
                stage=stage,
                member=member,
                random_key=key,
                newest_key=-(year or 0),
            )
            for pk, key, year in rows.values_list("pk", "random_key", "year")
        )
    AuditEvent.objects.append_by(
        lead,
        "assignment.made",
        made,
        after={"stage": stage, "member": member.pk, "name": name, "records": len(wanted)},
    )
    return made


def _begin(settings: StageSettings) -> None:
    """Heed assignments from the first one on, and hand out anew."""
    if settings.assigning == Assigning.FREELY:
        settings.assigning = Assigning.FIRST
        settings.save(update_fields=["assigning"])
    _release(settings)


def _release(settings: StageSettings) -> None:
    leases = ScreeningLease.objects.filter(record__review=settings.review_id)
    leases.filter(stage=settings.stage).delete()
