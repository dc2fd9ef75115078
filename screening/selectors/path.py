"""The question path of a stage, and what was answered to it with which decision."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, QuerySet
from django.http import Http404

from screening.models import (
    Decision,
    GivenAnswer,
    Membership,
    PathQuestion,
    PilotDecision,
    StageSettings,
)
from screening.rules.consensus import Stage
from screening.selectors.decisions import act_of

Answers = Mapping[int, Sequence[GivenAnswer]]


def path_of(settings: StageSettings) -> Sequence[PathQuestion]:
    """The questions in use, in their order; nothing is asked where the stage has no path."""
    if not settings.has_question_path:
        return []
    used = PathQuestion.objects.filter(
        review=settings.review_id, stage=settings.stage, retired_at__isnull=True
    )
    return list(used.select_related("reason"))


def all_questions(membership: Membership, stage: Stage) -> Sequence[PathQuestion]:
    """Every question of a stage with `times_answered`, retired ones too."""
    questions = PathQuestion.objects.filter(review=membership.review_id, stage=stage)
    counted = questions.annotate(times_answered=Count("given_answers"))
    return list(counted.select_related("reason"))


def question_or_404(membership: Membership, question_id: int) -> PathQuestion:
    """A question of the member's review.

    Raises:
        Http404: There is none in this review.
    """
    questions = PathQuestion.objects.filter(pk=question_id, review=membership.review_id)
    found = questions.select_related("reason").first()
    if found is None:
        raise Http404("There is no such question.")
    return found


def answers_of(decisions: Iterable[Decision]) -> Answers:
    """What was answered with each decision, by its id and in the order of the path.

    A verdict restored by undo, handed over or entered after a pilot shows the answers of the row
    it comes from. Ask only for decisions that the person may see.
    """
    asked = list(decisions)
    told = {one.pk: _origin_of(one) for one in asked}
    given = _grouped(_current().filter(decision__in=told.values()), "decision_id")
    found = {pk: given[origin] for pk, origin in told.items() if origin in given}
    return {**found, **_from_pilot([one for one in asked if one.origin == Decision.Origin.PILOT])}


def pilot_answers_of(decisions: Iterable[PilotDecision]) -> Answers:
    """The same for verdicts in a pilot round."""
    return _grouped(_current().filter(pilot_decision__in=list(decisions)), "pilot_decision_id")


def _from_pilot(entered: Sequence[Decision]) -> Answers:
    """The answers behind verdicts that were entered when their pilot ended."""
    if not entered:
        return {}
    rows = PilotDecision.objects.current().filter(
        record__in={one.record_id for one in entered},
        reviewer__in={one.reviewer_id for one in entered},
    )
    of = {(one.record_id, one.reviewer_id, one.stage): one.pk for one in rows}
    given = _grouped(_current().filter(pilot_decision__in=of.values()), "pilot_decision_id")
    keys = {one.pk: of.get((one.record_id, one.reviewer_id, one.stage), 0) for one in entered}
    return {pk: given[key] for pk, key in keys.items() if key in given}


def _current() -> QuerySet[GivenAnswer]:
    rows = GivenAnswer.objects.filter(superseded_at__isnull=True).select_related("question")
    return rows.order_by("question__position", "pk")


def _grouped(rows: Iterable[GivenAnswer], by: str) -> dict[int, list[GivenAnswer]]:
    found: dict[int, list[GivenAnswer]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _origin_of(decision: Decision) -> int:
    """The row under which the answers were given."""
    found = act_of(decision)
    while found.origin == Decision.Origin.HANDED and found.replaces is not None:
        found = act_of(found.replaces)
    return found.pk
