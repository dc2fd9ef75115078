"""What removing a screener would do, before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from screening.models import Adjudication, Decision, Membership, Record
from screening.models.status import with_team_status
from screening.permissions import admit
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.selectors.blinding import hides_conflicts
from screening.selectors.stages import in_stage

SHOWN = 50
SETTLED = frozenset({Status.INCLUDED, Status.EXCLUDED})


@dataclass(frozen=True, slots=True)
class StageWork:
    """What a person did at a stage, and what withdrawing it would do.

    Attributes:
        stage: The stage.
        decisions: Standing verdicts.
        rulings: Standing rulings.
        reopened: How many decided records would wait for verdicts again.
        altered: How many would have another status otherwise.
        records: The first of those reopened.
    """

    stage: Stage
    decisions: int
    rulings: int
    reopened: int
    altered: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Heir:
    """Who could take the verdicts over: how many, and how many they have decided themselves."""

    member: Membership
    taken: int
    own: int


@dataclass(frozen=True, slots=True)
class RemovalPreview:
    """What a person did, by stage, and who could take it over."""

    stages: Sequence[StageWork]
    heirs: Sequence[Heir]

    @property
    def decisions(self) -> int:
        """Standing verdicts of all stages."""
        return sum(one.decisions for one in self.stages)

    @property
    def rulings(self) -> int:
        """Standing rulings of all stages."""
        return sum(one.rulings for one in self.stages)


def removal_preview(*, membership: Membership, member: Membership) -> RemovalPreview:
    """What keeping, withdrawing or handing over a member's verdicts would do.

    Numbers, and titles of records that the team has settled; no verdict of anybody. A lead who
    screens a blinded stage is not told of conflicts they have no part in.

    Raises:
        PermissionDenied: Who asks does not lead.
    """
    admit(membership, Capability.MANAGE)
    return RemovalPreview(
        [_work(membership, member, stage) for stage in Stage], _heirs(membership, member)
    )


def _work(membership: Membership, member: Membership, stage: Stage) -> StageWork:
    given = Decision.objects.current().filter(reviewer=member, stage=stage)
    rulings = Adjudication.objects.current().filter(
        adjudicator=member, stage=stage, kind=Adjudication.Kind.RULING
    )
    touched = Q(pk__in=given.values("record")) | Q(pk__in=rulings.values("record"))
    records = in_stage(Record.objects.filter(touched, review=membership.review_id), stage)
    before = _statuses(records, stage)
    after = _statuses(records, stage, without=member.pk)
    told = SETTLED if hides_conflicts(membership, stage) else SETTLED | {Status.CONFLICT}
    moved = [pk for pk in before if before[pk] != after[pk] and before[pk] in told]
    reopened = sorted(pk for pk in moved if after[pk] == Status.AWAITING)
    return StageWork(
        stage=stage,
        decisions=given.count(),
        rulings=rulings.count(),
        reopened=len(reopened),
        altered=len(moved) - len(reopened),
        records=list(Record.objects.filter(pk__in=reopened[:SHOWN]).order_by("pk")),
    )


def _statuses(records: Any, stage: Stage, *, without: int | None = None) -> dict[int, str]:
    found = with_team_status(records, stage, without=without)
    return dict(found.values_list("pk", "team_status"))


def _heirs(membership: Membership, member: Membership) -> list[Heir]:
    people = Membership.objects.active().filter(review=membership.review_id, is_screener=True)
    theirs = Decision.objects.current().filter(
        record=OuterRef("record"), stage=OuterRef("stage"), reviewer=member
    )
    both = Decision.objects.current().filter(reviewer__in=people).filter(Exists(theirs))
    counted = both.order_by().values_list("reviewer").annotate(n=Count("pk"))
    own = dict(counted)
    number = Decision.objects.current().filter(reviewer=member).count()
    others = people.exclude(pk=member.pk).select_related("user").order_by("user__name")
    return [Heir(one, number - own.get(one.pk, 0), own.get(one.pk, 0)) for one in others]
