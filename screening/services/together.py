"""One verdict for several ticked records at once, where a lead allows it at title and abstract."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import Decision, Membership, PilotDecision, StageSettings
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.stages import settings_of
from screening.services.decisions import Answer, checked_reason, record_decision
from screening.services.locks import lock_member

MOST = 200


@dataclass(frozen=True, slots=True)
class Together:
    """What was decided, and which records were left out with the reason why."""

    decisions: Sequence[Decision | PilotDecision]
    refused: Sequence[tuple[int, str]]


@transaction.atomic
def decide_together(
    *, membership: Membership, stage: Stage, record_ids: Sequence[int], answer: Answer
) -> Together:
    """Record the same verdict on each record, as if given one by one; all or none on an error.

    A record that needs the person no more, or is not the review's, is left out and told.

    Raises:
        PermissionDenied: The member does not screen.
        ValidationError: It is not allowed here, nothing or too much is ticked, or the answer does
            not fit; nothing is changed.
    """
    member = lock_member(membership, Capability.SCREEN)
    settings = settings_of(member.review, stage)
    ids = checked_ticks(settings, record_ids)
    checked_reason(settings, answer.verdict, answer.reason_id)
    decisions, refused = [], []
    for record_id in ids:
        key = f"{answer.client_key}-{record_id}" if answer.client_key else ""
        try:
            with transaction.atomic():
                one = record_decision(
                    membership=member,
                    record_id=record_id,
                    stage=stage,
                    answer=replace(answer, client_key=key),
                )
        except ValidationError as error:
            refused.append((record_id, " ".join(error.messages)))
        else:
            decisions.append(one)
    return Together(decisions, refused)


def checked_ticks(settings: StageSettings, record_ids: Sequence[int]) -> list[int]:
    """The ticked records once each, in the order in which they are locked.

    Raises:
        ValidationError: The stage decides one by one, or nothing or too much is ticked.
    """
    if settings.stage != Stage.TITLE_ABSTRACT or not settings.is_together_allowed:
        raise ValidationError("Records of this stage are decided one by one.", code="one_by_one")
    ids = sorted(set(record_ids))
    if not ids:
        raise ValidationError("Tick at least one record first.", code="nothing")
    if len(ids) > MOST:
        raise ValidationError(f"{len(ids)} records are ticked; {MOST} at once are the most.")
    return ids
