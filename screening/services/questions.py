"""Writes about the question path of a stage: questions added, changed, moved, taken out."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, ExclusionReason, Membership, PathQuestion
from screening.rules.consensus import Stage
from screening.services.in_order import (
    found_in,
    free_words,
    last_position,
    lock_lists,
    number,
    swapped,
)

NOT_HERE = "This question is not part of the path."


@transaction.atomic
def add_question(*, lead: Membership, stage: Stage, text: str, reason_id: int) -> PathQuestion:
    """Add a question at the end of the path.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The text is empty, too long or asked already, or the reason is not one in
            use.
    """
    in_order = _locked(lead, stage)
    position = last_position(in_order) + 1
    question = PathQuestion(review=lead.review, stage=stage, position=position)
    question.text = _free_text(in_order, question, text)
    question.reason = _reason_in_use(lead, reason_id)
    question.full_clean()
    question.save()
    after = {"stage": stage.value, "text": question.text, "reason": question.reason_id}
    AuditEvent.objects.append_by(lead, "question.added", question, after=after)
    return question


@transaction.atomic
def change_question(
    *, lead: Membership, question: PathQuestion, text: str, reason_id: int
) -> PathQuestion:
    """Reword a question or give it another reason.

    One that was answered retires with its answers, and the new wording takes its place.

    Returns:
        The question that stands now.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: As for `add_question`, or the question is taken out.
    """
    in_order = _locked(lead, Stage(question.stage))
    found = found_in(in_order, question, NOT_HERE)
    text = _free_text(in_order, found, text)
    reason = _reason_in_use(lead, reason_id)
    if (found.text, found.reason_id) == (text, reason.pk):
        return found
    before = {"text": found.text, "reason": found.reason_id}
    changed = found
    if found.given_answers.exists():
        found.retired_at = timezone.now()
        found.save(update_fields=["retired_at"])
        changed = PathQuestion(review=lead.review, stage=found.stage, position=found.position)
    changed.text, changed.reason = text, reason
    changed.full_clean()
    changed.save()
    after = {"text": text, "reason": reason.pk, "instead_of": found.pk}
    AuditEvent.objects.append_by(lead, "question.changed", changed, before=before, after=after)
    return changed


@transaction.atomic
def move_question(*, lead: Membership, question: PathQuestion, is_up: bool) -> None:
    """Move a question one place up or down; at the end it stays.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The question is taken out, or of another review.
    """
    used = _locked(lead, Stage(question.stage))
    moved = swapped(used, found_in(used, question, NOT_HERE), is_up=is_up)
    if moved is None:
        return
    number(moved)
    PathQuestion.objects.bulk_update(moved, ["position"])
    AuditEvent.objects.append_by(
        lead,
        "question.moved",
        question,
        before={"order": [one.pk for one in used]},
        after={"order": [one.pk for one in moved]},
    )


@transaction.atomic
def retire_question(*, lead: Membership, question: PathQuestion) -> None:
    """Take a question out of the path; what was answered to it stays with the decisions.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The question is taken out already, or of another review.
    """
    found = found_in(_locked(lead, Stage(question.stage)), question, NOT_HERE)
    found.retired_at = timezone.now()
    found.save(update_fields=["retired_at"])
    AuditEvent.objects.append_by(lead, "question.retired", found, after={"text": found.text})


def _locked(lead: Membership, stage: Stage) -> list[PathQuestion]:
    """The questions in use in their order; one change of them at a time."""
    lock_lists(lead)
    questions = PathQuestion.objects.filter(review=lead.review_id, stage=stage)
    return list(questions.filter(retired_at__isnull=True))


def _free_text(in_order: list[PathQuestion], question: PathQuestion, text: str) -> str:
    words, same = free_words(text, in_order, question, empty="Write the question.")
    if same is not None:
        raise ValidationError("This question is asked already.", code="taken")
    return words


def _reason_in_use(lead: Membership, reason_id: int) -> ExclusionReason:
    reasons = ExclusionReason.objects.filter(review=lead.review_id, retired_at__isnull=True)
    found = reasons.filter(pk=reason_id).first()
    if found is None:
        raise ValidationError("Choose the reason that a “no” leads to.")
    return found
