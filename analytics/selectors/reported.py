"""One study's experiments with the one that is reported, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from analytics.frames import experiments_frame
from analytics.frames.studies import study_name
from analytics.models import Footnote, ReportedChoice
from analytics.selectors.comparing import choices_by_hand, reported_form
from analytics.stats.gains import with_gains
from analytics.tables.policy import Selection, selections
from analytics.tables.words import number_text, printed
from extraction.schema.answers import StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.selectors.answers import study_answers
from screening.models import Review

NOTHING_TO_CHOOSE = "The form compares nothing, so there is nothing to select among."


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """One experiment as the page lists it; `refused` says why it has no gain."""

    key: str
    number: int
    url: str
    task: str
    model: str
    metric: str
    fraction: str
    comparator: str
    evaluation: str
    arm: str
    other: str
    gain: str
    refused: str
    is_full: bool
    is_subset: bool


@dataclass(frozen=True, slots=True)
class ReportedStudy:
    """What the page of one study's reporting shows."""

    name: str
    answers: StudyAnswers
    rows: Sequence[ReportedRow]
    selection: Selection
    arm_label: str
    other_label: str
    choice: ReportedChoice | None
    former: Sequence[ReportedChoice]
    footnotes: Sequence[Footnote]
    is_compared: bool

    @property
    def usable(self) -> list[ReportedRow]:
        """Experiments with a gain, which alone can be reported."""
        return [row for row in self.rows if not row.refused]


def reported_study(review: Review, study_id: int) -> ReportedStudy | None:
    """One study's experiments and the choice among them, none where nothing is compared.

    None for a review without a form or a study that does not stand.
    """
    form = reported_form(review)
    if form is None:
        return None
    found = study_answers(review=review, studies=[study_id])
    if not found:
        return None
    answers = found[0]
    spec = form.comparison
    selection, rows = _choice(review, answers, form)
    choices = list(
        ReportedChoice.objects.filter(study_id=study_id)
        .select_related("chosen_by__user", "ended_by__user")
        .order_by("-pk")
    )
    return ReportedStudy(
        name=study_name(answers),
        answers=answers,
        rows=sorted(rows, key=lambda row: (not row.is_full, not row.is_subset, row.number)),
        selection=selection,
        arm_label=spec.arm.label if spec else "",
        other_label=spec.comparator.label if spec else "",
        is_compared=spec is not None,
        choice=next((one for one in choices if one.ended_at is None), None),
        former=[one for one in choices if one.ended_at is not None],
        footnotes=list(
            Footnote.objects.standing()
            .filter(review=review, study_id=study_id)
            .select_related("created_by__user")
        ),
    )


def _choice(
    review: Review, answers: StudyAnswers, form: FormDefinition
) -> tuple[Selection, list[ReportedRow]]:
    """Every experiment with its gain, and which of them is reported."""
    study_id = answers.study_id
    if form.comparison is None:
        return Selection(None, None, (NOTHING_TO_CHOOSE,)), []
    frame = with_gains(experiments_frame([answers], form))
    chosen = selections(frame, form.comparison.policy, choices_by_hand(review, [answers]))
    selection = chosen.get(study_id, Selection(None, None, ("No experiment was extracted.",)))
    rows = [
        _row(review, study_id, {str(k): v for k, v in one.items()}, number, selection)
        for number, one in enumerate(frame.to_dict("records"), start=1)
    ]
    return selection, rows


def _row(
    review: Review, study_id: int, facts: dict[str, object], number: int, chosen: Selection
) -> ReportedRow:
    key, refused = str(facts["row_key"]), str(facts["refused_reason"] or "")
    place = {"slug": review.slug, "study_id": study_id, "row_key": key}
    gain = "" if refused else number_text(float(str(facts["relative_gain"])))
    return ReportedRow(
        key=key,
        number=number,
        url=reverse("analytics:value", kwargs=place),
        task=str(facts["task"]),
        model=str(facts["model"]),
        metric=str(facts["metric"]),
        fraction=str(facts["fraction"]),
        comparator=str(facts["comparator"]),
        evaluation=str(facts["evaluation"]),
        arm=str(facts["arm_typed"]),
        other=str(facts["other_typed"]),
        gain=printed("relative_difference", gain)[0],
        refused=refused,
        is_full=key == chosen.full,
        is_subset=key == chosen.subset,
    )
