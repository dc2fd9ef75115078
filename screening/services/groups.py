"""Named groups of members: made, renamed, filled and taken away."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import AuditEvent, MemberGroup, Membership
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.groups import can_finish
from screening.services.reports import ensure_reports

MAX_NAME = 80


@transaction.atomic
def save_group(
    *,
    lead: Membership,
    group: MemberGroup | None,
    name: str,
    members: Collection[Membership],
) -> MemberGroup:
    """Make a group, or give one another name or other members; statuses follow by themselves.

    Args:
        lead: Who does it.
        group: The group to change; None makes one.
        name: Its name, once in the review.
        members: All its members from now on.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The name is empty, too long or taken, somebody is of another review, or
            a stage needs the group and nobody of it would screen.
    """
    require(lead, Capability.MANAGE)
    name = name.strip()
    _check_name(lead, group, name)
    if any(member.review_id != lead.review_id for member in members):
        raise ValidationError("Somebody of this group is not a member of the review.")
    is_new = group is None
    saved = group or MemberGroup(review=lead.review)
    if saved.review_id != lead.review_id:
        raise ValidationError("There is no such group.", code="no_group")
    before = {} if is_new else {"name": _stored_name(saved), "members": _ids(saved)}
    saved.name = name
    saved.save()
    saved.members.set(members)
    if saved.required_at.exists() and not can_finish(saved):
        raise ValidationError(
            f"A stage needs a verdict of {name}, so somebody of it has to screen. Leave a screener "
            "in it, or change the settings of the stage first."
        )
    after = {"name": name, "members": _ids(saved)}
    if after != before:
        action = "group.made" if is_new else "group.changed"
        AuditEvent.objects.append_by(lead, action, saved, before=before, after=after)
        ensure_reports(lead.review)
    return saved


@transaction.atomic
def remove_group(*, lead: Membership, group: MemberGroup) -> None:
    """Take a group away that no stage needs; its members stay.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: A stage needs it.
    """
    require(lead, Capability.MANAGE)
    if group.review_id != lead.review_id:
        raise ValidationError("There is no such group.", code="no_group")
    if group.required_at.exists():
        raise ValidationError(
            f"A stage needs a verdict of {group}: change the settings of the stage first.",
            code="in_use",
        )
    before = {"name": group.name, "members": _ids(group)}
    AuditEvent.objects.append_by(lead, "group.removed", group, before=before)
    group.delete()


def _check_name(lead: Membership, group: MemberGroup | None, name: str) -> None:
    if not name:
        raise ValidationError("Give the group a name.")
    if len(name) > MAX_NAME:
        raise ValidationError(f"The name has {len(name)} characters; {MAX_NAME} are the most.")
    same = MemberGroup.objects.filter(review=lead.review_id, name=name)
    if (same.exclude(pk=group.pk) if group else same).exists():
        raise ValidationError(f"There is a group called {name} already.")


def _stored_name(group: MemberGroup) -> str:
    return MemberGroup.objects.values_list("name", flat=True).get(pk=group.pk)


def _ids(group: MemberGroup) -> list[int]:
    return sorted(group.members.values_list("pk", flat=True))
