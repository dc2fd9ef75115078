"""Removing a screener: what they did is kept, withdrawn or handed over, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from screening.models import Adjudication, AuditEvent, Decision, Membership, PilotDecision, Record
from screening.models.decisions import AdjudicationQuerySet, CurrentQuerySet
from screening.permissions import require
from screening.rules.roles import Capability
from screening.services.people import keep_a_lead, same_review
from screening.services.pilots import end_pilots_without_more
from screening.services.reports import ensure_reports

CHUNK = 500


class Fate(StrEnum):
    """What becomes of what a removed screener did."""

    KEEP = "keep"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal did: ids of the verdicts and rulings it touched, and of those it left."""

    decisions: Sequence[int] = ()
    rulings: Sequence[int] = ()
    left: Sequence[int] = ()


@transaction.atomic
def remove_screener(
    *, lead: Membership, member: Membership, fate: Fate, successor: Membership | None = None
) -> Removed:
    """Close a member's way in and settle what becomes of their verdicts; no row is deleted.

    Kept verdicts go on counting. Withdrawn ones and the member's own rulings end, and their records
    are screened again. Handed over means that each standing verdict goes on in the successor's
    name, who may change it; where the successor has decided too, the verdict stays as it was.
    Agreement goes on counting every verdict for the person who gave it.

    Args:
        lead: Who removes.
        member: Who is removed; somebody deactivated earlier may be removed as well.
        fate: What becomes of their verdicts.
        successor: Who takes them over.

    Returns:
        The verdicts and rulings that were touched.

    Raises:
        PermissionDenied: The member may not manage the review.
        ValidationError: The review would be left without a lead, or nobody fit takes over.
    """
    require(lead, Capability.MANAGE)
    same_review(lead, member)
    keep_a_lead(member)
    chosen = _checked(member, fate, successor)
    members = [one.pk for one in (member, chosen) if one is not None]
    locked = Membership.objects.select_for_update(of=("self",), no_key=True)
    list(locked.filter(pk__in=members).order_by("pk"))
    removed = _settle(member, fate, chosen)
    member.leases.all().delete()
    if member.deactivated_at is None:
        member.deactivated_at = timezone.now()
        member.save(update_fields=["deactivated_at"])
    end_pilots_without_more(member.review)
    AuditEvent.objects.append(
        action="member.removed",
        target=member,
        review=lead.review,
        actor=lead.user,
        after={
            "fate": fate.value,
            "successor": chosen.pk if chosen else None,
            "decisions": {"count": len(removed.decisions), "ids": list(removed.decisions)},
            "rulings": {"count": len(removed.rulings), "ids": list(removed.rulings)},
            "left": {"count": len(removed.left), "ids": list(removed.left)},
        },
    )
    return removed


def _checked(member: Membership, fate: Fate, successor: Membership | None) -> Membership | None:
    """The successor, where one is needed."""
    if fate != Fate.HAND_OVER:
        return None
    if successor is None:
        raise ValidationError("Choose who takes the verdicts over.", code="no_successor")
    same_review(member, successor)
    if successor.pk == member.pk or not successor.can(Capability.SCREEN):
        raise ValidationError(
            f"{successor} cannot take the verdicts over: choose another active screener.",
            code="no_successor",
        )
    return successor


def _settle(member: Membership, fate: Fate, successor: Membership | None) -> Removed:
    if fate == Fate.KEEP:
        return Removed()
    given = Decision.objects.current().filter(reviewer=member)
    rows = Record.objects.select_for_update(of=("self",), no_key=True)
    rulings = Adjudication.objects.current().filter(
        adjudicator=member, kind=Adjudication.Kind.RULING
    )
    touched = Q(pk__in=given.values("record")) | Q(pk__in=rulings.values("record"))
    records = [one.pk for one in rows.filter(touched).order_by("pk").only("pk")]
    now = timezone.now()
    if successor is None:
        removed = Removed(_withdrawn(given, now), _ended(rulings, now))
        _withdrawn_from_pilots(member, now)
    else:
        removed = _handed_over(list(given), successor, now)
    ensure_reports(member.review, records)
    return removed


def _withdrawn(given: CurrentQuerySet, now: datetime) -> list[int]:
    ids = sorted(given.values_list("pk", flat=True))
    given.update(superseded_at=now, undone_at=now)
    return ids


def _withdrawn_from_pilots(member: Membership, now: datetime) -> None:
    """Verdicts in a pilot that still runs end too, so that none is entered when it ends."""
    running = PilotDecision.objects.current().filter(reviewer=member, pilot__ended_at__isnull=True)
    running.update(superseded_at=now, undone_at=now)


def _ended(rulings: AdjudicationQuerySet, now: datetime) -> list[int]:
    ids = sorted(rulings.values_list("pk", flat=True))
    rulings.update(superseded_at=now)
    return ids


def _handed_over(given: Sequence[Decision], successor: Membership, now: datetime) -> Removed:
    own = Decision.objects.current().filter(reviewer=successor)
    taken = set(own.values_list("record_id", "stage"))
    going = [one for one in given if (one.record_id, one.stage) not in taken]
    ids = sorted(one.pk for one in going)
    for start in range(0, len(ids), CHUNK):
        chunk = Decision.objects.filter(pk__in=ids[start : start + CHUNK])
        chunk.update(superseded_at=now)
    Decision.objects.bulk_create([_copy(one, successor, now) for one in going], batch_size=CHUNK)
    return Removed(decisions=ids, left=sorted({one.pk for one in given} - set(ids)))


def _copy(decision: Decision, successor: Membership, now: datetime) -> Decision:
    """The verdict in the successor's name; one that a link had carried still goes with it."""
    is_carried = decision.origin == Decision.Origin.MERGE
    return Decision(
        record_id=decision.record_id,
        stage=decision.stage,
        reviewer=successor,
        verdict=decision.verdict,
        reason_id=decision.reason_id,
        comment=decision.comment,
        round=decision.round,
        criteria_version=decision.criteria_version,
        origin=decision.origin if is_carried else Decision.Origin.HANDED,
        replaces=decision,
        client_key=f"{decision.client_key}-{successor.pk}" if is_carried else None,
        created_at=now,
    )
