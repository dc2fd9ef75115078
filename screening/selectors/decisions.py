"""One person's own decisions: the last one, and the lists of what was decided."""

from django.db.models import Q

from screening.models import Decision, Membership, Record
from screening.models.decisions import CurrentQuerySet
from screening.rules.consensus import Stage

OWN_DOORS = (Decision.Origin.PAGE, Decision.Origin.API)


def last_decision(member: Membership, stage: Stage) -> Decision | None:
    """The person's last standing act; a verdict restored by undo counts as old as its original."""
    mine = Decision.objects.current().filter(reviewer=member, stage=stage)
    fresh = mine.filter(origin__in=OWN_DOORS).order_by("-created_at", "-pk").first()
    restored = list(mine.filter(origin=Decision.Origin.UNDO).select_related("replaces__replaces"))
    standing = [*restored, fresh] if fresh is not None else restored
    acts = [(act_of(row), row) for row in standing]
    acts = [(act, row) for act, row in acts if act.origin in OWN_DOORS]
    if not acts:
        return None
    return max(acts, key=lambda pair: (pair[0].created_at, pair[0].pk))[1]


def last_place(member: Membership, stage: Stage) -> Record | None:
    """The record of the person's youngest verdict: their way goes on behind it."""
    mine = Decision.objects.current().filter(reviewer=member, stage=stage)
    youngest = mine.order_by("-created_at").select_related("record").first()
    return youngest.record if youngest else None


def act_of(decision: Decision) -> Decision:
    """The act of the person that a row stands for: itself, or the one that undo restored."""
    while decision.origin == Decision.Origin.UNDO:
        undone = decision.replaces
        restored = undone and act_of(undone).replaces
        if restored is None:
            break
        decision = restored
    return decision


def own_decisions(
    *, membership: Membership, stage: Stage, verdict: str = "", words: str = ""
) -> CurrentQuerySet:
    """My standing decisions at a stage, the newest first.

    Args:
        membership: Whose.
        stage: The stage.
        verdict: Only these, or all when empty.
        words: Only records whose title holds these words.

    Returns:
        The decisions with record and reason.
    """
    mine = Decision.objects.current().filter(reviewer=membership, stage=stage)
    if verdict:
        mine = mine.filter(verdict=verdict)
    for word in words.split():
        mine = mine.filter(Q(record__title__icontains=word))
    return mine.select_related("record__source", "reason").order_by("-created_at", "-pk")
