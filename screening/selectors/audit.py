"""The audit trail as one person may read it, and whether its chain is unbroken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from screening.models import AuditEvent, Membership, Review, StageSettings
from screening.models.audit import hash_of_event

# What these say of a record would tell that, and how, somebody else judged or read it.
BLINDED = ("record.", "note.", "discussion.", "ruling.")
# Who had put a merged tag where, told by the event of the merge: hidden from who merged, too.
TELLS_WHO_TAGGED = Q(action__startswith="tag.", before__has_key="placed")
REDACTED = "audit.redacted"


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which events: who did it, what was done (`member` or `member.joined`), between when."""

    actor: int | None = None
    action: str = ""
    since: datetime | None = None
    before: datetime | None = None

    def as_query(self) -> Q:
        """The filters as one condition."""
        query = Q()
        if self.actor is not None:
            query &= Q(actor=self.actor)
        if self.action:
            query &= Q(action=self.action) | Q(action__startswith=f"{self.action}.")
        if self.since is not None:
            query &= Q(created_at__gte=self.since)
        if self.before is not None:
            query &= Q(created_at__lt=self.before)
        return query


def audit_of(
    *, membership: Membership, filters: AuditFilters | None = None
) -> QuerySet[AuditEvent]:
    """The events of the member's review; while a stage is blinded, without others' on records.

    The one rule for the page of the trail, its files, the API and the overview.

    Args:
        membership: Who reads; the caller has asked whether they may at all.
        filters: Which of them; all when it is left out.

    Returns:
        The events with their actors, in no order.
    """
    events = AuditEvent.objects.filter(review=membership.review_id).select_related("actor")
    if is_trail_blinded(membership):
        hidden = Q()
        for prefix in BLINDED:
            hidden |= Q(action__startswith=prefix)
        events = events.exclude(hidden & ~Q(actor=membership.user_id)).exclude(TELLS_WHO_TAGGED)
    return events.filter(filters.as_query()) if filters else events


def is_trail_blinded(membership: Membership) -> bool:
    """Whether events of others on records are left out for now."""
    stages = StageSettings.objects.filter(review=membership.review_id)
    return stages.filter(is_blinded=True).exists()


@dataclass(frozen=True, slots=True)
class Chain:
    """What checking a chain of events found.

    `broken` are the numbers of the first events that do not fit, `redacted` how many had a person
    taken out since, which is named by a later event of the same chain.
    """

    events: int
    last: int | None
    redacted: int
    broken: Sequence[int]

    @property
    def is_whole(self) -> bool:
        """Whether every event is what it was when it was written, and none is missing."""
        return not self.broken


def check_chain(*, review: Review | None, most: int = 20) -> Chain:
    """Compute the hash of every event of a review's trail anew and follow it to the next.

    Args:
        review: The review, or None for the installation's own trail.
        most: How many broken places are named.
    """
    events = AuditEvent.objects.filter(review=review).order_by("pk")
    replaced = _replaced(events.filter(action=REDACTED).values_list("after", flat=True))
    names = (
        *("pk", "previous_hash", "review_id", "actor_id", "action", "target_type"),
        *("target_id", "before", "after", "created_at", "hash", "redacted_at"),
    )
    previous, count, redacted, last = "", 0, 0, None
    broken: list[int] = []
    for row in events.values_list(*names).iterator(chunk_size=2000):
        event = dict(zip(names, row, strict=True))
        told = replaced.get(event["hash"]) if event["redacted_at"] else None
        fits = (
            hash_of_event(event) == (told or event["hash"]) and event["previous_hash"] == previous
        )
        if not fits and len(broken) < most:
            broken.append(event["pk"])
        redacted += event["redacted_at"] is not None
        previous, last, count = event["hash"], event["pk"], count + 1
    return Chain(count, last, redacted, broken)


def _replaced(afters: "QuerySet[AuditEvent, Any]") -> dict[str, str]:
    """What a redacted event's hash is now, by what it was when the event was written."""
    found: dict[str, str] = {}
    for after in afters:
        found |= after.get("events", {})
    return found
