"""How far a stage is and how fast: my own, the team's, and per person for the lead only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from screening.models import Adjudication, Decision, Membership
from screening.permissions import admit
from screening.rules.consensus import Stage, Status
from screening.rules.pace import Pace, pace_of
from screening.rules.roles import Capability
from screening.selectors.blinding import hides_conflicts
from screening.selectors.counts import Place, own_tally, team_tally
from screening.selectors.decisions import OWN_DOORS
from screening.selectors.stages import settings_of

MOST = 5000  # verdicts that a pace is worked out of, the newest


@dataclass(frozen=True, slots=True)
class TeamProgress:
    """Records of a stage by status, as one person may know it."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All records of the stage."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Records that are included or excluded."""
        return self.counts[Status.INCLUDED] + self.counts[Status.EXCLUDED]


def team_progress(*, membership: Membership, stage: Stage) -> TeamProgress:
    """Count the stage's records by the status that the person may know."""
    place = Place(membership, stage)
    found = dict(team_tally(place))
    if hides_conflicts(membership, stage):
        own = own_tally(place)[Status.CONFLICT]
        found[Status.AWAITING] += found[Status.CONFLICT] - own
        found[Status.CONFLICT] = own
    return TeamProgress({status.value: found[status] for status in Status})


def own_pace(*, membership: Membership, stage: Stage, left: int) -> Pace:
    """How fast I decide; `left` is what is left for me."""
    mine = _given(membership, stage).filter(reviewer=membership)
    return pace_of([one for _, one in mine[:MOST]], left=left, now=timezone.now())


def team_pace(*, membership: Membership, stage: Stage, total: int) -> Pace:
    """How fast the team decides: numbers only. What is left are the verdicts that all need."""
    rows = list(_given(membership, stage)[:MOST])
    needed = settings_of(membership.review, stage).verdicts_needed
    place = Place(membership, stage)
    current = Decision.objects.current().filter(stage=stage, reviewer__review=membership.review_id)
    rulings = Adjudication.objects.current().filter(
        stage=stage, adjudicator__review=membership.review_id
    )
    ruled = place.narrowed(rulings).count()  # these need no verdict any more
    is_ruled = Exists(rulings.filter(record=OuterRef("record")))
    given = place.narrowed(current.filter(~is_ruled)).count()
    left = max(0, (total - ruled) * needed - given)
    alone: dict[int, list[datetime]] = {}
    for reviewer, at in rows:
        alone.setdefault(reviewer, []).append(at)
    now = timezone.now()
    whole = pace_of([at for _, at in rows], left=left, now=now)
    hourly = [pace_of(times, left=0, now=now).per_hour for times in alone.values()]
    known = [one for one in hourly if one is not None]
    return replace(whole, per_hour=sum(known) / len(known) if known else None)


def people_paces(*, membership: Membership, stage: Stage) -> dict[int, Pace]:
    """How fast each person decides, by membership; for the lead only, never what.

    Raises:
        PermissionDenied: The member does not lead.
    """
    admit(membership, Capability.MANAGE)
    alone: dict[int, list[datetime]] = {}
    for reviewer, at in _given(membership, stage)[:MOST]:
        alone.setdefault(reviewer, []).append(at)
    now = timezone.now()
    return {pk: pace_of(times, left=0, now=now) for pk, times in alone.items()}


def _given(membership: Membership, stage: Stage) -> Any:
    """Who gave a verdict when, the newest first; imported and restored ones are no work."""
    rows = Decision.objects.filter(
        reviewer__review=membership.review_id, stage=stage, origin__in=OWN_DOORS
    )
    return rows.order_by("-created_at").values_list("reviewer", "created_at")


def people_progress(*, membership: Membership, stage: Stage) -> Sequence[Membership]:
    """Each screener with `decided` and `last_at`, for the lead; how many, never what.

    Raises:
        PermissionDenied: The member does not lead.
    """
    admit(membership, Capability.MANAGE)
    current = Q(decisions__stage=stage, decisions__superseded_at__isnull=True)
    people = membership.review.memberships.filter(Q(is_screener=True) | current)
    counted = people.annotate(
        decided=Count("decisions", filter=current, distinct=True),
        last_at=Max("decisions__created_at", filter=current),
    )
    return list(counted.select_related("user").order_by("user__name").distinct())
