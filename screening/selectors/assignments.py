"""Assignments: how far each is, what can be assigned, and why somebody is handed a record."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404

from screening.models import (
    Adjudication,
    AssignedRecord,
    Decision,
    Membership,
    Record,
    ScreeningAssignment,
    StageSettings,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.pilots import pilot_state
from screening.selectors.queue import assessable, left_screening
from screening.selectors.stages import settings_of


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment and how far it is: numbers, no verdict.

    Attributes:
        assignment: The assignment.
        total: Its records, without those withdrawn from it.
        done: Records that its member has decided on.
        left: Records that wait for its member; the others have left the stage or have all verdicts.
        has_left: Whether its member screens no more.
    """

    assignment: ScreeningAssignment
    total: int
    done: int
    left: int
    has_left: bool


def assignment_or_404(membership: Membership, assignment_id: int) -> ScreeningAssignment:
    """An assignment of the member's review."""
    found = ScreeningAssignment.objects.filter(pk=assignment_id, review=membership.review_id)
    assignment = found.select_related("member__user").first()
    if assignment is None:
        raise Http404("There is no such assignment.")
    return assignment


def assignments_of(*, membership: Membership, stage: Stage) -> Sequence[AssignmentRow]:
    """The standing assignments of a stage with their progress; a lead sees all, others their own.

    Three queries, however many there are.
    """
    rows = ScreeningAssignment.objects.filter(
        review=membership.review_id, stage=stage, withdrawn_at=None
    )
    if not membership.can(Capability.MANAGE):
        rows = rows.filter(member=membership)
    found = list(rows.select_related("member__user", "created_by__user"))
    counts = _counted([one.pk for one in found], settings_of(membership.review, stage))
    return [
        AssignmentRow(
            one,
            *counts.get(one.pk, (0, 0, 0)),
            has_left=not (one.member.is_active and one.member.is_screener),
        )
        for one in found
    ]


def _counted(ids: Sequence[int], settings: StageSettings) -> dict[int, tuple[int, int, int]]:
    here = {"record": OuterRef("record"), "stage": settings.stage, "superseded_at__isnull": True}
    said = Decision.objects.filter(**here)
    open_ones = unfinished(settings).filter(pk=OuterRef("record"))
    rows = AssignedRecord.objects.filter(assignment__in=ids, withdrawn_at=None).annotate(
        is_done=Exists(said.filter(reviewer=OuterRef("member"))), is_open=Exists(open_ones)
    )
    counted = (
        rows.order_by()
        .values_list("assignment")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(is_done=True)),
            left=Count("pk", filter=Q(is_done=False, is_open=True)),
        )
    )
    return {pk: (total, done, left) for pk, total, done, left in counted}


def unfinished(settings: StageSettings) -> RecordQuerySet:
    """Records of the stage that can be judged now and lack verdicts; nobody has ruled on them."""
    stage = Stage(settings.stage)
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    said = Decision.objects.filter(**here).order_by().values("record")
    enough = said.annotate(n=Count("pk")).filter(n__gte=settings.verdicts_needed)
    return assessable(settings.review_id, stage).filter(
        ~Exists(enough), ~Exists(Adjudication.objects.filter(**here))
    )


def unassigned(records: RecordQuerySet, stage: Stage) -> RecordQuerySet:
    """Leave only records that are assigned to nobody."""
    taken = AssignedRecord.objects.filter(record=OuterRef("pk"), stage=stage, withdrawn_at=None)
    return records.filter(~Exists(taken))


def untouched(settings: StageSettings) -> RecordQuerySet:
    """Records that can be shared out: assigned to nobody, decided by nobody."""
    stage = Stage(settings.stage)
    said = Decision.objects.current().filter(record=OuterRef("pk"), stage=stage)
    return unassigned(unfinished(settings), stage).filter(~Exists(said))


def trace_of(*, membership: Membership, settings: StageSettings, record: Record) -> list[str]:
    """Why the queue hands the person this record, in sentences; tells nothing others said."""
    stage = Stage(settings.stage)
    pilot = pilot_state(membership, settings)
    if pilot is not None:
        is_in = pilot.pilot.pilot_records.filter(record=record).exists()
        return [
            f"It is one of the records of {pilot.pilot}, on which everybody decides."
            if is_in
            else f"It comes in the main round, which waits for the end of {pilot.pilot}."
        ]
    lines = [_assigned_line(membership, settings, record)]
    order = StageSettings.Order(settings.order)
    lines.append(f"The order of this stage is: {str(order.label).lower()}.")
    if settings.required_group is not None:
        is_in = settings.required_group.members.filter(pk=membership.pk).exists()
        lines.append(
            f"One verdict has to be of {settings.required_group}, and you are in it."
            if is_in
            else f"One verdict has to be of {settings.required_group}; the last place is theirs."
        )
    if Decision.objects.current().filter(record=record, stage=stage, reviewer=membership).exists():
        lines.append("You have decided on it and can change your verdict.")
    return lines


def _assigned_line(membership: Membership, settings: StageSettings, record: Record) -> str:
    if settings.assigning == StageSettings.Assigning.FREELY:
        return "Records of this stage are handed to whoever is free."
    rows = AssignedRecord.objects.filter(record=record, stage=settings.stage, withdrawn_at=None)
    rows = rows.select_related("assignment__created_by__user", "member__user")
    mine = rows.filter(member=membership).first()
    if mine is not None:
        made = mine.assignment
        when = f"{made.created_at:%d %B %Y}".lstrip("0")
        return f"{made.created_by} assigned it to you on {when}, in “{made}”."
    gone = rows.filter(left_screening("member__")).first()
    if gone is not None:
        return f"It was assigned to {gone.member}, who screens no more: whoever is free gets it."
    if settings.assigning == StageSettings.Assigning.ONLY:
        return "It is not assigned to you: the queue would not hand it to you."
    return "It is not assigned to you. It comes since what is assigned to you is done or on hold."
