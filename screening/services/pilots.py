"""Starting, ending and closing pilot rounds."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import (
    AuditEvent,
    Decision,
    Membership,
    Pilot,
    PilotDecision,
    PilotRecord,
    Review,
    ScreeningLease,
    StageSettings,
)
from screening.models.people import random_seed
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.pilots import drawable, is_complete, records_of, screeners_of
from screening.services.reports import ensure_reports

MOST = 500
LEAST_PEOPLE = 2
PILOT_ROUND = 0


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """What a pilot is to be.

    Attributes:
        size: How many records are drawn, 1 to 500; not used when records are chosen.
        chosen: Ids of the records; drawn at random when empty.
        is_counted: Whether its verdicts go on into the main round.
        is_held: Whether the main round waits until the lead opens it.
        seed: Draws the same records again from the same ones; a new one without it.
    """

    size: int = 20
    chosen: Sequence[int] = ()
    is_counted: bool = False
    is_held: bool = True
    seed: int | None = None


@transaction.atomic
def start_pilot(*, lead: Membership, stage: Stage, plan: PilotPlan) -> Pilot:
    """Hand the same records to every screener of a stage, and only those, until all have decided.

    A pilot that has ended and still holds the main round is closed by it.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: Another pilot runs, fewer than two people screen, or the records do not
            fit; nothing is changed.
    """
    require(lead, Capability.MANAGE)
    settings = StageSettings.objects.select_for_update().get(review=lead.review_id, stage=stage)
    if settings.pilot_id is not None:
        current = Pilot.objects.select_for_update().get(pk=settings.pilot_id)
        if current.is_running:
            raise ValidationError("A pilot round is running: end it first.", code="running")
        _close(current, settings)
    earlier = Pilot.objects.filter(review=lead.review_id, stage=stage).count()
    seed = None if plan.chosen else (random_seed() if plan.seed is None else plan.seed)
    pilot = Pilot(
        review=lead.review,
        stage=stage,
        number=earlier + 1,
        is_counted=plan.is_counted,
        is_held=plan.is_held,
        seed=seed,
        started_by=lead,
    )
    if screeners_of(pilot).count() < LEAST_PEOPLE:
        raise ValidationError(
            "A pilot compares what people say: it needs two screeners at least. Give somebody the "
            "role on the members page."
        )
    records = _chosen(lead.review_id, stage, plan.chosen) if plan.chosen else None
    if records is None:
        records = _drawn(lead.review_id, stage, plan.size, seed or 0)
    pilot.save()
    PilotRecord.objects.bulk_create([PilotRecord(pilot=pilot, record_id=pk) for pk in records])
    ScreeningLease.objects.filter(record__review=lead.review_id, stage=stage).delete()
    settings.pilot = pilot
    settings.save(update_fields=["pilot"])
    AuditEvent.objects.append_by(
        lead,
        "pilot.started",
        pilot,
        after={
            "stage": stage,
            "records": records,
            "seed": seed,
            "is_counted": plan.is_counted,
            "is_held": plan.is_held,
        },
    )
    return pilot


def _drawn(review_id: int, stage: Stage, size: int, seed: int) -> list[int]:
    if not 1 <= size <= MOST:
        raise ValidationError(f"A pilot has 1 to {MOST} records; {size} are asked for.")
    ids = list(drawable(review_id, stage).order_by("pk").values_list("pk", flat=True))
    if len(ids) < size:
        raise ValidationError(
            f"{size} records are asked for, but only {len(ids)} are left that nobody has decided "
            "on and no pilot had. Ask for fewer."
        )
    return random.Random(seed).sample(ids, size)  # noqa: S311 - a draw that can be repeated


def _chosen(review_id: int, stage: Stage, wanted: Sequence[int]) -> list[int]:
    ids = list(dict.fromkeys(wanted))
    if len(ids) > MOST:
        raise ValidationError(f"A pilot has at most {MOST} records; {len(ids)} are chosen.")
    fit = set(drawable(review_id, stage).filter(pk__in=ids).values_list("pk", flat=True))
    unfit = [str(pk) for pk in ids if pk not in fit]
    if unfit:
        raise ValidationError(
            f"These records cannot be in the pilot: {', '.join(unfit)}. They are not in this "
            "stage, somebody has decided on them, or an earlier pilot had them."
        )
    return ids


@transaction.atomic
def end_pilot(*, lead: Membership, pilot: Pilot) -> Pilot:
    """End a running pilot before everybody has decided; ending it twice changes nothing.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The pilot is of another review.
    """
    require(lead, Capability.MANAGE)
    locked = _locked(lead, pilot)
    if locked.is_running:
        finish(locked, by=lead)
    return locked


@transaction.atomic
def open_main_round(*, lead: Membership, pilot: Pilot) -> Pilot:
    """Let the main round of the stage go on after a pilot that has ended.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The pilot still runs, or is of another review.
    """
    require(lead, Capability.MANAGE)
    locked = _locked(lead, pilot)
    if locked.is_running:
        raise ValidationError("The pilot round is running: end it first.", code="running")
    if locked.closed_at is None:
        _close(locked, _settings(locked))
        AuditEvent.objects.append_by(lead, "pilot.main_round_opened", locked)
    return locked


def finish(pilot: Pilot, *, by: Membership | None) -> None:
    """End a locked pilot: its verdicts are open from now on, and entered if they count.

    Args:
        pilot: The round, locked and running.
        by: The lead who ends it; nobody when everybody has decided.
    """
    pilot.ended_at, pilot.ended_by = timezone.now(), by
    pilot.save(update_fields=["ended_at", "ended_by"])
    entered = _entered(pilot) if pilot.is_counted else 0
    AuditEvent.objects.append(
        action="pilot.ended",
        target=pilot,
        review=pilot.review,
        actor=by.user if by else None,
        after={"is_complete": by is None, "entered": entered},
    )
    if not pilot.is_held:
        _close(pilot, _settings(pilot))


def end_pilots_without_more(review: Review) -> None:
    """End the pilots in which nobody who is left has to decide: call it after somebody leaves."""
    open_ones = Pilot.objects.select_for_update().filter(review=review, ended_at__isnull=True)
    for pilot in open_ones:
        if is_complete(pilot):
            finish(pilot, by=None)


def _entered(pilot: Pilot) -> int:
    """Enter the standing verdicts as decisions; how many."""
    stage = Stage(pilot.stage)
    records = set(records_of(pilot).values_list("pk", flat=True))
    known = set(
        Decision.objects.current()
        .filter(record__in=records, stage=stage)
        .values_list("record", "reviewer")
    )
    now = pilot.ended_at or timezone.now()
    made = Decision.objects.bulk_create(
        Decision(
            record_id=one.record_id,
            stage=stage,
            reviewer_id=one.reviewer_id,
            verdict=one.verdict,
            reason_id=one.reason_id,
            comment=one.comment,
            round=PILOT_ROUND,
            criteria_version=one.criteria_version,
            seconds_spent=one.seconds_spent,
            origin=Decision.Origin.PILOT,
            created_at=now,
        )
        for one in PilotDecision.objects.current().filter(pilot=pilot).order_by("pk")
        if one.record_id in records and (one.record_id, one.reviewer_id) not in known
    )
    if stage == Stage.TITLE_ABSTRACT:
        ensure_reports(pilot.review, sorted(records))
    return len(made)


def _close(pilot: Pilot, settings: StageSettings) -> None:
    pilot.closed_at = timezone.now()
    pilot.save(update_fields=["closed_at"])
    settings.pilot = None
    settings.save(update_fields=["pilot"])


def _settings(pilot: Pilot) -> StageSettings:
    return StageSettings.objects.select_for_update().get(review=pilot.review_id, stage=pilot.stage)


def _locked(lead: Membership, pilot: Pilot) -> Pilot:
    if pilot.review_id != lead.review_id:
        raise ValidationError("This pilot round is not part of this review.", code="not_here")
    return Pilot.objects.select_for_update().get(pk=pilot.pk)
