"""Naming people for studies, and taking that back."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from extraction.models import Assignment, Study
from extraction.selectors.assignments import Plan, capability_for, plan_of
from screening.models import AuditEvent, Membership
from screening.permissions import require
from screening.rules.roles import Capability


@transaction.atomic
def share_studies(
    *,
    membership: Membership,
    studies: Sequence[Study],
    members: Sequence[Membership],
    task: str,
    seats: int,
) -> Plan:
    """Name people for many studies, evenly, as `plan_of` says.

    Raises:
        ValidationError: A person may not do the task, or a study is of another review.
    """
    require(membership, Capability.MANAGE)
    locked = list(Study.objects.select_for_update().filter(pk__in=[one.pk for one in studies]))
    reviews = {one.review_id for one in locked} | {one.review_id for one in members}
    if reviews - {membership.review_id}:
        raise ValidationError("Studies and people must be of this review.")
    for member in members:
        _check_able(member, task)
    plan = plan_of(locked, members, task=task, seats=seats)
    Assignment.objects.bulk_create(
        Assignment(study=study, member=member, task=task, assigned_by=membership)
        for study, member in plan.pairs
    )
    if plan.pairs:
        pairs = [[study.pk, member.pk] for study, member in plan.pairs]
        AuditEvent.objects.append_by(
            membership, "studies.assigned", membership.review, after={"task": task, "pairs": pairs}
        )
    return plan


@transaction.atomic
def name_for_study(
    *, membership: Membership, study: Study, member: Membership, task: str
) -> Assignment:
    """Name one person for one study.

    Raises:
        ValidationError: The person may not do the task, is named already, or extracted the study
            that they should settle.
    """
    require(membership, Capability.MANAGE)
    study = Study.objects.select_for_update().get(pk=study.pk)
    if not study.review_id == member.review_id == membership.review_id:
        raise ValidationError("This person is of another review.")
    _check_able(member, task)
    if study.assignments.filter(member=member, task=task, withdrawn_at__isnull=True).exists():
        raise ValidationError(f"{member} is named for this study already.")
    is_settling = task == Assignment.Task.SETTLE
    if is_settling and study.extractions.filter(extractor=member).exists():
        raise ValidationError(f"{member} extracted this study, so somebody else settles it.")
    made = Assignment.objects.create(study=study, member=member, task=task, assigned_by=membership)
    AuditEvent.objects.append_by(
        membership, "study.assigned", study, after={"task": task, "member": member.pk}
    )
    return made


@transaction.atomic
def withdraw_assignments(*, membership: Membership, assignments: Sequence[Assignment]) -> int:
    """Take namings back; what the people have extracted stays. Returns how many stood."""
    require(membership, Capability.MANAGE)
    found = Assignment.objects.select_for_update(of=("self",)).filter(
        pk__in=[one.pk for one in assignments],
        study__review=membership.review,
        withdrawn_at__isnull=True,
    )
    pairs = [[one.study_id, one.member_id, one.task] for one in found]
    found.update(withdrawn_at=timezone.now())
    if pairs:
        AuditEvent.objects.append_by(
            membership, "studies.assignments_withdrawn", membership.review, before={"pairs": pairs}
        )
    return len(pairs)


def withdraw_person(*, membership: Membership, member: Membership) -> int:
    """Take back everything that a person is named for and has not begun; returns how many.

    Raises:
        ValidationError: The person is of another review.
    """
    if member.review_id != membership.review_id:
        raise ValidationError("This person is of another review.")
    named = Assignment.objects.filter(member=member, withdrawn_at__isnull=True)
    begun = named.filter(study__extractions__extractor=member)
    free = list(named.exclude(pk__in=begun))
    return withdraw_assignments(membership=membership, assignments=free)


def _check_able(member: Membership, task: str) -> None:
    if task not in Assignment.Task.values:
        raise ValidationError("Choose what the person is to do.")
    if not member.can(capability_for(member.review, task)):
        raise ValidationError(f"{member} may not do this. Change the roles on the members page.")
