"""How far a stage is and how fast: my own, the team's, and per person for the lead only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from screening.models import Adjudication, Decision, Membership
from screening.permissions import admit
from screening.rules.consensus import Stage, Status
from screening.rules.one_look import one_look, seen
from screening.rules.pace import Pace, pace_of
from screening.rules.roles import Capability
from screening.selectors.blinding import hides_conflicts
from screening.selectors.conflicts import conflict_counts
from screening.selectors.counts import (
    Place,
    QueueCounts,
    own_tally,
    queue_counts,
    ruled_counts,
    team_tally,
)
from screening.selectors.decisions import OWN_DOORS
from screening.selectors.pilots import PilotState, pilot_state
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


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far and how fast a stage is, as one person may know it.

    Attributes:
        team: The team's records by status.
        own: What is mine.
        own_pace: How fast I decide.
        team_pace: How fast the team does.
        conflicts: Open conflicts that the person may see.
        people: Each screener with `decided` and `last_at`; only for a lead.
        paces: How fast each of them decides, by membership; only for a lead.
        pilot: The pilot round that is on; what is mine is first the pilot's, then the main round's.
    """

    team: TeamProgress
    own: QueueCounts
    own_pace: Pace
    team_pace: Pace
    conflicts: int
    people: Sequence[Membership] | None
    paces: Mapping[int, Pace]
    pilot: PilotState | None


def stage_progress(*, membership: Membership, stage: Stage) -> StageProgress:
    """All that the progress of a stage tells; what a blinded stage hides is not in it."""
    leads = membership.can(Capability.MANAGE)
    with one_look():
        team = team_progress(membership=membership, stage=stage)
        own = queue_counts(membership=membership, stage=stage)
        left = own.to_decide + own.after_pilot
        return StageProgress(
            team=team,
            own=own,
            own_pace=own_pace(membership=membership, stage=stage, left=left),
            team_pace=team_pace(membership=membership, stage=stage, total=team.total),
            conflicts=conflict_counts(membership=membership, stage=stage).open,
            people=people_progress(membership=membership, stage=stage) if leads else None,
            paces=people_paces(membership=membership, stage=stage) if leads else {},
            pilot=pilot_state(membership, settings_of(membership.review, stage)),
        )


def own_pace(*, membership: Membership, stage: Stage, left: int) -> Pace:
    """How fast I decide; `left` is what is left for me."""
    rows = _given(membership, stage)
    if len(rows) == MOST:  # mine may lie further back
        rows = _asked(membership, stage, Q(reviewer=membership))
    mine = [at for reviewer, at in rows if reviewer == membership.pk]
    return pace_of(mine, left=left, now=timezone.now())


def team_pace(*, membership: Membership, stage: Stage, total: int) -> Pace:
    """How fast the team decides: numbers only. What is left are the verdicts that all need."""
    rows = _given(membership, stage)
    needed = settings_of(membership.review, stage).verdicts_needed
    place = Place(membership, stage)
    current = Decision.objects.current().filter(stage=stage, reviewer__review=membership.review_id)
    rulings = Adjudication.objects.current().filter(
        stage=stage, adjudicator__review=membership.review_id
    )
    ruled = sum(ruled_counts(place).values())  # these need no verdict any more
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
    for reviewer, at in _given(membership, stage):
        alone.setdefault(reviewer, []).append(at)
    now = timezone.now()
    return {pk: pace_of(times, left=0, now=now) for pk, times in alone.items()}


def _given(membership: Membership, stage: Stage) -> list[tuple[int, datetime]]:
    """Who gave a verdict when, the newest ones."""
    key = ("given", membership.review_id, stage)
    return seen(key, partial(_asked, membership, stage, Q()))


def _asked(membership: Membership, stage: Stage, whose: Q) -> list[tuple[int, datetime]]:
    """The same of some; imported and restored verdicts are no work."""
    rows = Decision.objects.filter(
        whose, reviewer__review=membership.review_id, stage=stage, origin__in=OWN_DOORS
    )
    return list(rows.order_by("-created_at").values_list("reviewer", "created_at")[:MOST])


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
