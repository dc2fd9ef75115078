"""What a ranking learns from: rulings, else verdicts at half weight, and an earlier review's.

A record that was settled by a ruling counts once, with weight 1. Else each verdict that the scope
may use counts half, a maybe as half an include. One person's scope reads no verdict of another.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q

from screening.models import Adjudication, Decision, Membership, PriorDecisions, StageSettings
from screening.models.decisions import AdjudicationQuerySet, CurrentQuerySet
from screening.ranking.examples import Example
from screening.rules.consensus import Verdict
from screening.selectors.groups import group_ids
from screening.selectors.rankings.marks import Scope
from screening.selectors.rankings.texts import prior_rows

WEIGHTS = {Verdict.INCLUDE: 0.5, Verdict.EXCLUDE: 0.5, Verdict.MAYBE: 0.25}


def examples_of(
    scope: Scope, prior: PriorDecisions | None, *, as_of: datetime | None = None
) -> list[Example]:
    """The verdicts that a scope learns from.

    Args:
        scope: Review, stage and whose verdicts.
        prior: The earlier review's decisions, if the ranking learns from them.
        as_of: As they stood at this moment; now when None.

    Returns:
        The examples.
    """
    ruled = dict(_standing_rulings(scope, as_of).values_list("record_id", "verdict"))
    examples = [Example(pk, verdict != Verdict.EXCLUDE) for pk, verdict in ruled.items()]
    decisions = _standing_decisions(scope, as_of)
    if scope.learner_id is not None:
        decisions = decisions.filter(reviewer=scope.learner_id)
    for pk, verdict in decisions.values_list("record_id", "verdict"):
        if pk not in ruled:
            said = Verdict(verdict)
            examples.append(Example(pk, said != Verdict.EXCLUDE, WEIGHTS[said]))
    return [*examples, *(_of_prior(prior) if prior else ())]


def _of_prior(prior: PriorDecisions) -> Iterator[Example]:
    for number, (_, is_relevant) in enumerate(prior_rows(prior), start=1):
        yield Example(-number, is_relevant)


def closed_records(scope: Scope, member_id: int | None, settings: StageSettings) -> set[int]:
    """Records that need a person no more: ruled, decided by enough, or by the person.

    Only how many have decided is asked, never what.
    """
    decisions = _standing_decisions(scope, None)
    counted = decisions.order_by().values("record").annotate(n=Count("pk"))
    enough = Q(n__gte=settings.verdicts_needed)
    if settings.required_group_id is not None:
        of_group = Count("pk", filter=Q(reviewer__in=group_ids(settings)))
        counted, enough = counted.annotate(of_group=of_group), enough & Q(of_group__gt=0)
    closed = set(counted.filter(enough).values_list("record", flat=True))
    closed.update(_standing_rulings(scope, None).values_list("record_id", flat=True))
    if member_id is not None:
        mine = decisions.filter(reviewer=member_id)
        closed.update(mine.values_list("record_id", flat=True))
    return closed


def _standing_decisions(scope: Scope, as_of: datetime | None) -> CurrentQuerySet:
    team = _team(scope)
    said = Decision.objects.filter(stage=scope.stage, reviewer__in=team)
    return _standing_at(said, as_of)  # type: ignore[return-value]  # narrowed, of the same kind


def _standing_rulings(scope: Scope, as_of: datetime | None) -> AdjudicationQuerySet:
    team = _team(scope)
    said = Adjudication.objects.filter(stage=scope.stage, adjudicator__in=team)
    return _standing_at(said, as_of)  # type: ignore[return-value]  # narrowed, of the same kind


def _standing_at(
    rows: CurrentQuerySet | AdjudicationQuerySet, as_of: datetime | None
) -> CurrentQuerySet | AdjudicationQuerySet:
    if as_of is None:
        return rows.filter(superseded_at__isnull=True)
    stood = Q(superseded_at__isnull=True) | Q(superseded_at__gt=as_of)
    return rows.filter(stood, created_at__lte=as_of)


def _team(scope: Scope) -> list[int]:
    members = Membership.objects.filter(review=scope.review_id)
    return list(members.values_list("pk", flat=True))
