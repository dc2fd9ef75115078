"""How far a stage is: the team's statuses, and per person for the lead only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from screening.models import Membership
from screening.permissions import require
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.selectors.blinding import hides_conflicts
from screening.selectors.counts import Place, own_tally, team_tally


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


def people_progress(*, membership: Membership, stage: Stage) -> Sequence[Membership]:
    """Each screener with `decided` and `last_at`, for the lead; how many, never what.

    Raises:
        PermissionDenied: The member does not lead.
    """
    require(membership, Capability.MANAGE)
    current = Q(decisions__stage=stage, decisions__superseded_at__isnull=True)
    people = membership.review.memberships.filter(Q(is_screener=True) | current)
    counted = people.annotate(
        decided=Count("decisions", filter=current, distinct=True),
        last_at=Max("decisions__created_at", filter=current),
    )
    return list(counted.select_related("user").order_by("user__name").distinct())
