"""A verdict in a pilot round: kept apart from decisions, so that nothing counts it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from screening.models import ExclusionReason, Membership, Pilot, PilotDecision, Record
from screening.rules.consensus import Stage
from screening.selectors.pilots import is_complete
from screening.selectors.stages import Standing
from screening.services.answers import Answer, stored_key
from screening.services.pilots import finish

NOT_IN_PILOT = (
    "A pilot round is on: only its records are decided now. This record comes in the main round."
)
HELD = "The pilot round has ended, and the lead has not opened the main round yet."
OVER = "The pilot round has just ended; its verdicts stay as they are."


def record_in_pilot(
    member: Membership,
    record: Record,
    standing: Standing,
    given: tuple[int, Answer, ExclusionReason | None],
) -> PilotDecision:
    """Record a verdict in the stage's pilot; called by `record_decision` under its locks.

    With the last verdict of the last person the pilot ends.

    Args:
        member: The reviewer, locked.
        record: The record, locked.
        standing: How it stands in the stage.
        given: The pilot's id, the answer, and its reason.

    Raises:
        ValidationError: The record is not of the pilot, or the pilot has ended.
    """
    pilot_id, answer, reason = given
    pilot = Pilot.objects.select_for_update().get(pk=pilot_id)
    mine = _earlier(pilot, record, member, answer)
    if mine is not None and _is_same(mine, answer):
        return mine
    if not pilot.is_running:
        is_in = pilot.pilot_records.filter(record=record).exists()
        raise ValidationError(OVER if is_in else HELD, code="settled")
    if not pilot.pilot_records.filter(record=record).exists():
        raise ValidationError(NOT_IN_PILOT, code="settled")
    if pilot.stage == Stage.FULL_TEXT and not standing.is_retrieved:
        raise ValidationError(
            "The report is not retrieved yet: upload its PDF or log that you have it.",
            code="not_retrieved",
        )
    now = timezone.now()
    if mine is not None:
        PilotDecision.objects.filter(pk=mine.pk).update(superseded_at=now)
    decision = PilotDecision.objects.create(
        pilot=pilot,
        record=record,
        stage=pilot.stage,
        reviewer=member,
        verdict=answer.verdict,
        reason=reason,
        comment=answer.comment.strip(),
        seconds_spent=answer.seconds,
        origin=answer.origin,
        criteria_version=answer.version_for(member),
        client_key=_free_key(member, answer),
        created_at=now,
    )
    if is_complete(pilot):
        finish(pilot, by=None)
    return decision


def _earlier(
    pilot: Pilot, record: Record, member: Membership, answer: Answer
) -> PilotDecision | None:
    """What stands, or what was stored under the answer's key."""
    rows = PilotDecision.objects.filter(pilot=pilot, record=record, reviewer=member)
    key = stored_key(member, answer.client_key)
    same_key = rows.filter(client_key=key).first() if key else None
    if same_key is not None and _is_same(same_key, answer):
        return same_key
    return rows.filter(superseded_at__isnull=True).first()


def _free_key(member: Membership, answer: Answer) -> str | None:
    """The key to store; a page that was gone back to and answered anew sends a used one."""
    key = stored_key(member, answer.client_key)
    return None if PilotDecision.objects.filter(client_key=key).exists() else key


def _is_same(earlier: PilotDecision, answer: Answer) -> bool:
    given = (earlier.verdict, earlier.reason_id, earlier.comment)
    return given == (answer.verdict, answer.reason_id, answer.comment.strip())


def take_back_in_pilot(last: PilotDecision) -> PilotDecision:
    """Take back a person's last verdict in a running pilot; what it had replaced stands again.

    The restored row is as old as the one it restores, so that undo goes on behind it.

    Raises:
        ValidationError: The pilot has ended.
    """
    pilot = Pilot.objects.select_for_update().get(pk=last.pilot_id)
    if not pilot.is_running:
        raise ValidationError(OVER, code="settled")
    now: datetime = timezone.now()
    PilotDecision.objects.filter(pk=last.pk).update(superseded_at=now, undone_at=now)
    last.superseded_at = last.undone_at = now
    rows = PilotDecision.objects.filter(
        pilot=pilot, record=last.record_id, reviewer=last.reviewer_id, undone_at__isnull=True
    )
    before = rows.filter(superseded_at=last.created_at).order_by("-pk").first()
    if before is not None:
        before.pk = None
        before.client_key = None
        before.superseded_at = None
        before.origin = "undo"
        before.save(force_insert=True)
    return last
