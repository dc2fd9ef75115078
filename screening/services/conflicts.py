"""Settling conflicts: a ruling or a consensus beside the reviewers' own rows."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import Adjudication, AuditEvent, Membership, Record, StageSettings
from screening.permissions import REFUSALS
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.roles import Capability
from screening.selectors.blinding import status_of
from screening.selectors.conflicts import is_settler, may_settle
from screening.selectors.stages import settings_of
from screening.services.decisions import after_verdict, checked_reason
from screening.services.locks import lock_member, lock_record


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a conflict is settled."""

    verdict: str
    kind: str = Adjudication.Kind.RULING
    reason_id: int | None = None
    rationale: str = ""


@transaction.atomic
def adjudicate(
    *, membership: Membership, record_id: int, stage: Stage, settlement: Settlement
) -> Adjudication:
    """Settle a record in conflict, or replace the ruling that settled it.

    A ruling needs an adjudicator who, by default, did not decide on the record. A consensus is
    recorded by an adjudicator or by one of those who decided, and needs its rationale.

    Returns:
        The standing ruling.

    Raises:
        PermissionDenied: The member may not settle this one.
        ValidationError: There is no conflict, or the settlement does not fit; nothing is changed.
    """
    member = lock_member(membership, Capability.VIEW)
    record = lock_record(record_id, member, stage)
    settings = settings_of(member.review, stage)
    _require_settler(member, record, settings, settlement.kind)
    if settlement.verdict == Verdict.MAYBE:
        raise ValidationError("A ruling includes or excludes; it cannot be a maybe.")
    reason = checked_reason(settings, settlement.verdict, settlement.reason_id)
    if settlement.kind == Adjudication.Kind.CONSENSUS and not settlement.rationale.strip():
        raise ValidationError("Write down what you agreed on and why.", code="rationale_missing")
    earlier = Adjudication.objects.current().filter(record=record, stage=stage).first()
    if earlier is None and status_of(record, stage) != Status.CONFLICT:
        raise ValidationError("This record is not in conflict.", code="no_conflict")
    if earlier is not None:
        Adjudication.objects.filter(pk=earlier.pk).update(superseded_at=timezone.now())
    ruling = Adjudication.objects.create(
        record=record,
        stage=stage,
        verdict=settlement.verdict,
        kind=settlement.kind,
        reason=reason,
        rationale=settlement.rationale.strip(),
        adjudicator=member,
    )
    after_verdict(record, stage)
    return ruling


@transaction.atomic
def withdraw_ruling(*, membership: Membership, record_id: int, stage: Stage) -> Adjudication:
    """Take one's own ruling back; the conflict is open again.

    Raises:
        PermissionDenied: The ruling is another's.
        ValidationError: There is no ruling.
    """
    member = lock_member(membership, Capability.VIEW)
    rulings = Adjudication.objects.current().filter(record__review=member.review_id)
    ruling = rulings.select_for_update(of=("self",)).filter(record=record_id, stage=stage).first()
    if ruling is None:
        raise ValidationError("There is no ruling to take back.", code="nothing")
    if ruling.adjudicator_id != member.pk:
        raise PermissionDenied("Only the person who settled it may take it back.")
    ruling.superseded_at = timezone.now()
    ruling.save(update_fields=["superseded_at"])
    AuditEvent.objects.append(
        review=member.review, actor=member.user, action="ruling.withdrawn", target=ruling
    )
    return ruling


def _require_settler(
    member: Membership, record: Record, settings: StageSettings, kind: str
) -> None:
    if kind not in {Adjudication.Kind.RULING, Adjudication.Kind.CONSENSUS}:
        raise ValidationError("A conflict is settled by a ruling or by talking.")
    if may_settle(member, record, settings, kind):
        return
    if member.can(Capability.ADJUDICATE) and not is_settler(member, settings):
        raise PermissionDenied("The lead has named others to settle the conflicts of this stage.")
    if member.can(Capability.ADJUDICATE):
        raise PermissionDenied("You decided on this record yourself: another adjudicator rules.")
    raise PermissionDenied(REFUSALS[Capability.ADJUDICATE])
