"""A verdict that the answers to the question path yield; the answers stay with the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import Decision, GivenAnswer, Membership, PathQuestion, PilotDecision
from screening.rules.consensus import Stage, Verdict
from screening.rules.path import PathAnswer, PathOutcome, path_outcome
from screening.rules.roles import Capability
from screening.selectors.path import path_of
from screening.selectors.stages import settings_of
from screening.services.decisions import Answer, record_decision
from screening.services.locks import lock_member

BY_ANSWERS = "answers"  # stands where a verdict stands, when the answers are to give it


def decide(
    *,
    membership: Membership,
    record_id: int,
    stage: Stage,
    answer: Answer,
    answers: Mapping[int, str],
) -> Decision | PilotDecision:
    """Record a verdict as it was sent: given, or left to the answers.

    Raises:
        PermissionDenied: The member does not screen.
        ValidationError: The record or the answer does not fit; nothing is changed.
    """
    if answer.verdict != BY_ANSWERS:
        return record_decision(
            membership=membership, record_id=record_id, stage=stage, answer=answer
        )
    return _decide_by_answers(membership, record_id, stage, answer, answers)


@transaction.atomic
def _decide_by_answers(
    membership: Membership, record_id: int, stage: Stage, answer: Answer, answers: Mapping[int, str]
) -> Decision | PilotDecision:
    member = lock_member(membership, Capability.SCREEN)
    settings = settings_of(member.review, stage)
    questions = path_of(settings)
    if not questions:
        raise ValidationError("This stage asks no questions: include or exclude.", code="no_path")
    given = [_read(answers.get(one.pk, "")) for one in questions]
    outcome = _outcome(questions, given, is_maybe_allowed=settings.is_maybe_allowed)
    decisive = None if outcome.decisive is None else questions[outcome.decisive]
    decision = record_decision(
        membership=member,
        record_id=record_id,
        stage=stage,
        answer=replace(
            answer,
            verdict=outcome.verdict.value,
            reason_id=decisive.reason_id if decisive else None,
        ),
    )
    used = zip(questions[: outcome.used], given[: outcome.used], strict=True)
    _keep(decision, {one.pk: told for one, told in used if told is not None})
    return decision


def _outcome(
    questions: Sequence[PathQuestion], given: Sequence[PathAnswer | None], *, is_maybe_allowed: bool
) -> PathOutcome:
    outcome = path_outcome(given)
    if outcome is None:
        missing = next(one for one, told in zip(questions, given, strict=True) if told is None)
        raise ValidationError(f"Answer this question first: {missing}", code="answer_missing")
    if outcome.verdict == Verdict.MAYBE and not is_maybe_allowed:
        unclear = questions[list(given).index(PathAnswer.UNCLEAR)]
        raise ValidationError(
            f"Maybe is switched off at this stage, so answer yes or no: {unclear}",
            code="maybe_off",
        )
    return outcome


def _read(text: str) -> PathAnswer | None:
    if text and text not in list(PathAnswer):
        raise ValidationError(f"{text!r} is no answer: choose yes, no or unclear.")
    return PathAnswer(text) if text else None


def _keep(decision: Decision | PilotDecision, answers: Mapping[int, PathAnswer]) -> None:
    """Store the answers with the decision; the same ones sent again add nothing."""
    of: dict[str, Any] = (
        {"decision": decision} if isinstance(decision, Decision) else {"pilot_decision": decision}
    )
    current = GivenAnswer.objects.filter(superseded_at__isnull=True, **of)
    before = dict(current.values_list("question", "answer"))
    if before == {pk: told.value for pk, told in answers.items()}:
        return
    current.update(superseded_at=timezone.now())
    GivenAnswer.objects.bulk_create(
        GivenAnswer(question_id=pk, answer=told.value, **of) for pk, told in answers.items()
    )
