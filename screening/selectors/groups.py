"""Groups of members, and which verdicts are of the group that a stage needs."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch
from django.http import Http404

from screening.models import Decision, MemberGroup, Membership, StageSettings
from screening.rules.consensus import Opinion, Verdict


def groups_of(membership: Membership) -> Sequence[MemberGroup]:
    """The review's groups with their members and the stages that need them."""
    members = Membership.objects.select_related("user").order_by("user__name")
    groups = MemberGroup.objects.filter(review=membership.review_id)
    return list(groups.prefetch_related(Prefetch("members", members), "required_at"))


def group_or_404(membership: Membership, group_id: int) -> MemberGroup:
    """A group of the member's review."""
    found = MemberGroup.objects.filter(pk=group_id, review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such group.")
    return found


def group_ids(settings: StageSettings) -> frozenset[int]:
    """The members of the group that the stage needs; asked only where it needs one."""
    if settings.required_group_id is None:
        return frozenset()
    members = Membership.objects.filter(groups=settings.required_group_id)
    return frozenset(members.values_list("pk", flat=True))


def opinions_of(decisions: Iterable[Decision], group: frozenset[int]) -> list[Opinion]:
    """What the status rule takes of decisions.

    Args:
        decisions: Current decisions on one record at one stage.
        group: What `group_ids` gave for the stage.
    """
    return [
        Opinion(Verdict(one.verdict), one.reason_id, one.reviewer_id in group) for one in decisions
    ]


def can_finish(group: MemberGroup) -> bool:
    """Whether anybody of the group can still screen."""
    return Membership.objects.active().filter(groups=group, is_screener=True).exists()
