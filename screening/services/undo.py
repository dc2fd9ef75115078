"""Taking back one's own last verdict, at any depth; nobody else's is ever touched."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import Decision, Membership, Record, ScreeningLease
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.decisions import act_of, last_decision
from screening.services.decisions import after_verdict
from screening.services.locks import lock_member


@transaction.atomic
def undo_decision(
    *, membership: Membership, stage: Stage, expected_id: int | None = None
) -> Decision:
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
    if expected_id is not None:
        meant = Decision.objects.filter(pk=expected_id, reviewer=member, stage=stage).first()
        if meant is not None and meant.undone_at is not None:
            return meant
    last = last_decision(member, stage)
    if last is None:
        raise ValidationError("There is no verdict of yours to take back here.", code="nothing")
    if expected_id is not None and last.pk != expected_id:
        raise ValidationError(
            "Only your last verdict can be taken back; this one is older. Open the record to "
            "change it.",
            code="not_last",
        )
    record = Record.objects.select_for_update(of=("self",), no_key=True).get(pk=last.record_id)
    _take_back(last, record)
    ScreeningLease.objects.filter(record=record, stage=stage, reviewer=member).delete()
    after_verdict(record, stage)
    return last


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
        origin=Decision.Origin.UNDO,
        replaces=last,
        created_at=now,
    )
