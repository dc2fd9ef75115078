"""One verdict of one reviewer: recorded once, replaced by a new row, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import (
    Decision,
    ExclusionReason,
    Membership,
    PilotDecision,
    Record,
    ScreeningLease,
    StageSettings,
    WebhookDelivery,
)
from screening.models.webhooks import Event
from screening.rules.consensus import Stage, Status, has_place, lacks_group, team_status
from screening.rules.roles import Capability
from screening.selectors.blinding import status_of
from screening.selectors.groups import group_ids, opinions_of
from screening.selectors.stages import Standing, settings_of
from screening.services.answers import MAX_KEY, Answer, checked_reason, is_same, stored_key
from screening.services.locks import lock_member, lock_row, standing_in
from screening.services.pilot_decisions import record_in_pilot
from screening.services.reports import ensure_report

__all__ = ["MAX_KEY", "Answer", "after_verdict", "checked_reason", "record_decision", "stored_key"]

ENOUGH = "This record already has the verdicts it needs; the next one waits for you."
KEPT = "The last verdict on this record is kept for a group that you are not in."


@transaction.atomic
def record_decision(
    *, membership: Membership, record_id: int, stage: Stage, answer: Answer
) -> Decision | PilotDecision:
    """Record what the member says of a record; an earlier verdict of theirs is superseded.

    Sending the same answer again (a double click, a re-sent request with its `client_key`) gives
    the stored decision back and adds nothing. While a pilot round of the stage is on, the verdict
    is the pilot's and counts nowhere else.

    Args:
        membership: The reviewer.
        record_id: The record; it must be in the stage's set of the member's review.
        stage: The stage.
        answer: Verdict, reason and what came with them.

    Returns:
        The standing decision, or the one stored under the same key.

    Raises:
        PermissionDenied: The member does not screen.
        ValidationError: The record or the answer does not fit; nothing is changed.
    """
    member = lock_member(membership, Capability.SCREEN)
    record = lock_row(record_id, member)
    said = _said(member, record, stage, answer)
    if said.known is not None and is_same(said.known, answer):
        return said.known
    standing = standing_in(record, stage)
    settings = settings_of(member.review, stage)
    reason = checked_reason(settings, answer.verdict, answer.reason_id)
    if settings.pilot_id is not None:
        return record_in_pilot(member, record, standing, (settings.pilot_id, answer, reason))
    if said.mine is not None and is_same(said.mine, answer):
        return said.mine
    group = group_ids(settings)
    _refuse_unneeded(standing, settings, said, member.pk, group)
    if said.known is not None:  # the page was gone back to and answered anew
        answer = replace(answer, client_key="")
    decision = _store(member, record, stage, answer, (reason, said.mine))
    ScreeningLease.objects.filter(record=record, stage=stage, reviewer=member).delete()
    others = [one for one in said.current if one != said.mine]
    status = team_status(opinions_of([*others, decision], group), settings.rule)
    if stage == Stage.TITLE_ABSTRACT and status == Status.INCLUDED:
        ensure_report(record)
    before = team_status(opinions_of(said.current, group), settings.rule)
    if status == Status.CONFLICT != before:  # whoever asked for it is told, and told no verdict
        facts = {"record": record.pk, "stage": stage.value}
        WebhookDelivery.objects.announce(member.review, Event.CONFLICT, facts)
    return decision


def after_verdict(record: Record, stage: Stage) -> None:
    """A record that has just passed title and abstract gets its report."""
    if stage == Stage.TITLE_ABSTRACT and status_of(record, stage) == Status.INCLUDED:
        ensure_report(record)


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands on a record before an answer, and what was stored under the answer's key."""

    current: Sequence[Decision]
    mine: Decision | None
    known: Decision | None


def _said(member: Membership, record: Record, stage: Stage, answer: Answer) -> _Said:
    found = list(Decision.objects.filter(record=record, stage=stage))
    key = stored_key(member, answer.client_key)
    known = next((one for one in found if key and one.client_key == key), None)
    if key and known is None and Decision.objects.filter(client_key=key).exists():
        raise ValidationError("This key was used for another record.", code="key_reused")
    current = [one for one in found if one.superseded_at is None]
    mine = next((one for one in current if one.reviewer_id == member.pk), None)
    return _Said(current, mine, known)


def _refuse_unneeded(
    standing: Standing, settings: StageSettings, said: _Said, member: int, group: frozenset[int]
) -> None:
    """Refuse a verdict that the team no longer needs, or that was not formed alone."""
    if settings.stage == Stage.FULL_TEXT and not standing.is_retrieved:
        raise ValidationError(
            "The report is not retrieved yet: upload its PDF or log that you have it.",
            code="not_retrieved",
        )
    if standing.is_ruled:
        raise ValidationError("This record is settled by a ruling.", code="settled")
    opinions = opinions_of(said.current, group)
    if said.mine is None and not has_place(opinions, settings.rule, is_of_group=member in group):
        raise ValidationError(
            KEPT if lacks_group(opinions, settings.rule) else ENOUGH, code="settled"
        )
    is_conflict = team_status(opinions, settings.rule) == Status.CONFLICT
    has_others = len(said.current) > 1  # a lone maybe may be in conflict with nobody
    if said.mine is not None and settings.is_blinded and is_conflict and has_others:
        raise ValidationError(
            "This record is in conflict and you can see the other verdict: settle it by talking "
            "or leave it to the adjudicator. Both verdicts stay as they were given.",
            code="in_conflict",
        )


def _store(
    member: Membership,
    record: Record,
    stage: Stage,
    answer: Answer,
    beside: tuple[ExclusionReason | None, Decision | None],
) -> Decision:
    reason, earlier = beside
    now = timezone.now()
    if earlier is not None:
        Decision.objects.filter(pk=earlier.pk).update(superseded_at=now)
    decision = Decision(
        record=record,
        stage=stage,
        reviewer=member,
        verdict=answer.verdict,
        reason=reason,
        comment=answer.comment.strip(),
        seconds_spent=answer.seconds,
        criteria_version=answer.version_for(member),
        origin=answer.origin,
        replaces=earlier,
        client_key=stored_key(member, answer.client_key),
        created_at=now,
    )
    decision.save(force_insert=True)
    return decision
