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
    Record,
    ScreeningLease,
    StageSettings,
)
from screening.rules.consensus import Opinion, Stage, Status, Verdict, team_status
from screening.rules.roles import Capability
from screening.selectors.blinding import status_of
from screening.selectors.stages import Standing, settings_of
from screening.services.locks import lock_member, lock_row, standing_in
from screening.services.reports import ensure_report

MAX_SECONDS = 24 * 3600
MAX_KEY = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer says of a record, as it came through a page or the API."""

    verdict: str
    reason_id: int | None = None
    comment: str = ""
    seconds_spent: int | None = None
    client_key: str = ""
    origin: str = Decision.Origin.PAGE


@transaction.atomic
def record_decision(
    *, membership: Membership, record_id: int, stage: Stage, answer: Answer
) -> Decision:
    """Record what the member says of a record; an earlier verdict of theirs is superseded.

    Sending the same answer again (a double click, a re-sent request with its `client_key`) gives
    the stored decision back and adds nothing.

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
    if said.known is not None and _is_same(said.known, answer):
        return said.known
    standing = standing_in(record, stage)
    settings = settings_of(member.review, stage)
    reason = checked_reason(settings, answer.verdict, answer.reason_id)
    if said.mine is not None and _is_same(said.mine, answer):
        return said.mine
    _refuse_unneeded(standing, settings, said)
    if said.known is not None:  # the page was gone back to and answered anew
        answer = replace(answer, client_key="")
    decision = _store(member, record, stage, answer, (reason, said.mine))
    ScreeningLease.objects.filter(record=record, stage=stage, reviewer=member).delete()
    others = [one for one in said.current if one != said.mine]
    if stage == Stage.TITLE_ABSTRACT and _status([*others, decision], settings) == Status.INCLUDED:
        ensure_report(record)
    return decision


def checked_reason(
    settings: StageSettings, verdict: str, reason_id: int | None
) -> ExclusionReason | None:
    """The reason that goes with a verdict at a stage.

    Raises:
        ValidationError: The verdict is unknown or not allowed, a reason is missing, is not one of
            the review's, or stands beside a verdict that is no exclusion.
    """
    if verdict not in list(Verdict):
        raise ValidationError(f"{verdict!r} is no verdict: choose include, maybe or exclude.")
    if verdict == Verdict.MAYBE and not settings.is_maybe_allowed:
        raise ValidationError("Maybe is switched off at this stage: include or exclude.")
    if verdict != Verdict.EXCLUDE:
        if reason_id is not None:
            raise ValidationError("A reason goes with an exclusion only.")
        return None
    is_needed = settings.is_reason_required or settings.stage == Stage.FULL_TEXT
    if reason_id is None:
        if is_needed:
            raise ValidationError("Choose the reason for the exclusion.", code="reason_missing")
        return None
    reasons = ExclusionReason.objects.filter(review=settings.review_id, retired_at__isnull=True)
    reason = reasons.filter(pk=reason_id).first()
    if reason is None:
        raise ValidationError("This reason is not one of this review's reasons to exclude.")
    return reason


def after_verdict(record: Record, stage: Stage) -> None:
    """A record that has just passed title and abstract gets its report."""
    if stage == Stage.TITLE_ABSTRACT and status_of(record, stage) == Status.INCLUDED:
        ensure_report(record)


def stored_key(member: Membership, client_key: str) -> str | None:
    """The key as stored: prefixed, so that nobody can use up another person's key."""
    if len(client_key) > MAX_KEY:
        raise ValidationError(f"The key of the request is longer than {MAX_KEY} characters.")
    return f"{member.pk}:{client_key}" if client_key else None


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


def _is_same(earlier: Decision, answer: Answer) -> bool:
    given = (earlier.verdict, earlier.reason_id, earlier.comment)
    return given == (answer.verdict, answer.reason_id, answer.comment.strip())


def _refuse_unneeded(standing: Standing, settings: StageSettings, said: _Said) -> None:
    """Refuse a verdict that the team no longer needs, or that was not formed alone."""
    if settings.stage == Stage.FULL_TEXT and not standing.is_retrieved:
        raise ValidationError(
            "The report is not retrieved yet: upload its PDF or log that you have it.",
            code="not_retrieved",
        )
    if standing.is_ruled:
        raise ValidationError("This record is settled by a ruling.", code="settled")
    if said.mine is None and len(said.current) >= settings.verdicts_needed:
        raise ValidationError(
            "This record already has the verdicts it needs; the next one waits for you.",
            code="settled",
        )
    is_conflict = _status(said.current, settings) == Status.CONFLICT
    has_others = len(said.current) > 1  # a lone maybe may be in conflict with nobody
    if said.mine is not None and settings.is_blinded and is_conflict and has_others:
        raise ValidationError(
            "This record is in conflict and you can see the other verdict: settle it by talking "
            "or leave it to the adjudicator. Both verdicts stay as they were given.",
            code="in_conflict",
        )


def _status(decisions: Sequence[Decision], settings: StageSettings) -> Status:
    """The status of a record without a ruling."""
    said = [Opinion(Verdict(one.verdict), one.reason_id) for one in decisions]
    return team_status(said, settings.rule)


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
    seconds = answer.seconds_spent
    decision = Decision(
        record=record,
        stage=stage,
        reviewer=member,
        verdict=answer.verdict,
        reason=reason,
        comment=answer.comment.strip(),
        seconds_spent=min(seconds, MAX_SECONDS) if seconds is not None and seconds >= 0 else None,
        origin=answer.origin,
        replaces=earlier,
        client_key=stored_key(member, answer.client_key),
        created_at=now,
    )
    decision.save(force_insert=True)
    return decision
