"""The question path of a stage, and what was answered to it with which decision."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count
from django.http import Http404

from screening.models import Decision, GivenAnswer, Membership, PathQuestion, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.decisions import act_of


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


def answers_of(decisions: Iterable[Decision]) -> Mapping[int, Sequence[GivenAnswer]]:
    """What was answered with each decision, by its id and in the order of the path.

    A verdict restored by undo or handed over shows the answers of the row it comes from. Ask only
    for decisions that the person may see.
    """
    told = {one.pk: _origin_of(one) for one in decisions}
    given: dict[int, list[GivenAnswer]] = {}
    rows = GivenAnswer.objects.filter(decision__in=told.values(), superseded_at__isnull=True)
    for row in rows.select_related("question").order_by("question__position", "pk"):
        given.setdefault(row.decision_id, []).append(row)
    return {pk: given[origin] for pk, origin in told.items() if origin in given}


def _origin_of(decision: Decision) -> int:
    """The row under which the answers were given."""
    found = act_of(decision)
    while found.origin == Decision.Origin.HANDED and found.replaces is not None:
        found = act_of(found.replaces)
    return found.pk
