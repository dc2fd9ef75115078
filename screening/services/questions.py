"""Writes about the question path of a stage: questions added, changed, moved, taken out."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, ExclusionReason, Membership, PathQuestion, Review
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability


@transaction.atomic
def add_question(*, lead: Membership, stage: Stage, text: str, reason_id: int) -> PathQuestion:
    """Add a question at the end of the path.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The text is empty, too long or asked already, or the reason is not one in
            use.
    """
    in_order = _locked(lead, stage)
    last = max((one.position for one in in_order), default=0)
    question = PathQuestion(review=lead.review, stage=stage, position=last + 1)
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
    found = _among(in_order, question)
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
    place = used.index(_among(used, question))
    to = place - 1 if is_up else place + 1
    if not 0 <= to < len(used):
        return
    before = [one.pk for one in used]
    used[place], used[to] = used[to], used[place]
    for position, one in enumerate(used, start=1):
        one.position = position
    PathQuestion.objects.bulk_update(used, ["position"])
    AuditEvent.objects.append_by(
        lead,
        "question.moved",
        question,
        before={"order": before},
        after={"order": [one.pk for one in used]},
    )


@transaction.atomic
def retire_question(*, lead: Membership, question: PathQuestion) -> None:
    """Take a question out of the path; what was answered to it stays with the decisions.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The question is taken out already, or of another review.
    """
    found = _among(_locked(lead, Stage(question.stage)), question)
    found.retired_at = timezone.now()
    found.save(update_fields=["retired_at"])
    AuditEvent.objects.append_by(lead, "question.retired", found, after={"text": found.text})


def _locked(lead: Membership, stage: Stage) -> list[PathQuestion]:
    """The questions in use in their order; one change of them at a time."""
    require(lead, Capability.MANAGE)
    Review.objects.select_for_update().get(pk=lead.review_id)
    questions = PathQuestion.objects.filter(review=lead.review_id, stage=stage)
    return list(questions.filter(retired_at__isnull=True))


def _among(in_order: list[PathQuestion], question: PathQuestion) -> PathQuestion:
    found = next((one for one in in_order if one.pk == question.pk), None)
    if found is None:
        raise ValidationError("This question is not part of the path.", code="not_here")
    return found


def _free_text(in_order: list[PathQuestion], question: PathQuestion, text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ValidationError("Write the question.")
    for other in in_order:
        if other.pk != question.pk and other.text.casefold() == text.casefold():
            raise ValidationError("This question is asked already.", code="taken")
    return text


def _reason_in_use(lead: Membership, reason_id: int) -> ExclusionReason:
    reasons = ExclusionReason.objects.filter(review=lead.review_id, retired_at__isnull=True)
    found = reasons.filter(pk=reason_id).first()
    if found is None:
        raise ValidationError("Choose the reason that a “no” leads to.")
    return found
