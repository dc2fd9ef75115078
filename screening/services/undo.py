"""Taking back one's own last verdict, at any depth; nobody else's is ever touched."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import Decision, Membership, PilotDecision, Record, ScreeningLease
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.decisions import act_of, last_decision
from screening.selectors.pilots import last_pilot_decision
from screening.selectors.stages import settings_of
from screening.services.decisions import after_verdict
from screening.services.locks import lock_member
from screening.services.pilot_decisions import take_back_in_pilot

NOT_LAST = (
    "Only your last verdict can be taken back; this one is older. Open the record to change it."
)


@transaction.atomic
def undo_decision(
    *, membership: Membership, stage: Stage, expected_id: int | None = None
) -> Decision | PilotDecision:
    """Take back the member's own last verdict at a stage; what it had replaced stands again.

    Args:
        membership: The reviewer.
        stage: The stage.
        expected_id: The decision that is meant. When it is already undone (a double click),
            nothing happens and it is given back.

    Returns:
        The decision that is undone.

    Raises:
        PermissionDenied: The member does not screen.
        ValidationError: There is nothing to undo, or the expected one is not the last.
    """
    member = lock_member(membership, Capability.SCREEN)
    in_pilot = _last_in_pilot(member, stage)
    if in_pilot is not None:
        if expected_id not in {None, in_pilot.pk}:
            raise ValidationError(NOT_LAST, code="not_last")
        return take_back_in_pilot(in_pilot)
    if expected_id is not None:
        meant = Decision.objects.filter(pk=expected_id, reviewer=member, stage=stage).first()
        if meant is not None and meant.undone_at is not None:
            return meant
    last = last_decision(member, stage)
    if last is None:
        raise ValidationError("There is no verdict of yours to take back here.", code="nothing")
    if expected_id is not None and last.pk != expected_id:
        raise ValidationError(NOT_LAST, code="not_last")
    record = Record.objects.select_for_update(of=("self",), no_key=True).get(pk=last.record_id)
    _take_back(last, record)
    ScreeningLease.objects.filter(record=record, stage=stage, reviewer=member).delete()
    after_verdict(record, stage)
    return last


def _last_in_pilot(member: Membership, stage: Stage) -> PilotDecision | None:
    pilot_id = settings_of(member.review, stage).pilot_id
    return None if pilot_id is None else last_pilot_decision(member, pilot_id)


def _take_back(last: Decision, record: Record) -> None:
    now = timezone.now()
    Decision.objects.filter(pk=last.pk).update(superseded_at=now, undone_at=now)
    last.superseded_at = last.undone_at = now
    before = act_of(last).replaces
    if before is None:
        return
    Decision.objects.create(
        record=record,
        stage=last.stage,
        reviewer_id=last.reviewer_id,
        verdict=before.verdict,
        reason_id=before.reason_id,
        comment=before.comment,
        round=before.round,
        criteria_version=before.criteria_version,
        origin=Decision.Origin.UNDO,
        replaces=last,
        created_at=now,
    )
