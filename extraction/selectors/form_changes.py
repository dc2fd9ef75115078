"""What publishing a draft would do to stored values, counted change by change."""

from dataclasses import dataclass

from extraction.models import (
    Extraction,
    ExtractionForm,
    FormChange,
    FormDraft,
    Reconciliation,
    Study,
)
from extraction.schema.changes import changes_of, plan_of, source_problems
from extraction.schema.definition import FormProblem
from extraction.selectors.answered import answered_places
from extraction.selectors.change_lines import EXAMPLES, ChangeLine, Counting
from extraction.selectors.forms import base_of, sketch_of
from screening.models import Job, Review

CARRY_JOB = "carry_form"


@dataclass(slots=True)
class Preview:
    """Everything a publication would change."""

    lines: list[ChangeLine]
    problems: list[FormProblem]
    extractions: int

    @property
    def carried(self) -> int:
        """Values written anew."""
        return sum(line.carried for line in self.lines)

    @property
    def revisit(self) -> int:
        """Cells somebody has to look at."""
        return sum(line.revisit for line in self.lines)

    @property
    def studies(self) -> int:
        """Studies with a cell that is touched."""
        return len({study for line in self.lines for study in line.studies})


def preview_of(draft: FormDraft) -> Preview:
    """Count what publishing the draft would do to every stored value of the review."""
    old, new = base_of(draft), sketch_of(draft)
    plan = plan_of(old, new)
    lines = {
        (one.level, one.key or one.old_keys[0], not one.key): ChangeLine(one)
        for one in changes_of(plan)
    }
    counting = {one.level: Counting(one, lines) for one in plan}
    if draft.base is not None:
        for place in answered_places(draft.base, plan):
            counting[place.level].count(place)
    _name_examples(list(lines.values()))
    extractions = Extraction.objects.filter(study__review=draft.review).count()
    return Preview(list(lines.values()), source_problems(old, new), extractions)


def unfinished_change(review: Review) -> FormChange | None:
    """The change whose values are still to follow, forwards or back; none in the usual case."""
    known = FormChange.objects.filter(review=review, carried_at__isnull=True)
    return known.select_related("from_form", "to_form").order_by("-pk").first()


def change_job(change: FormChange) -> Job | None:
    """The job that lets the values follow; none where they did at once."""
    return Job.objects.filter(idempotency_key=change_job_key(change)).first()


def change_job_key(change: FormChange) -> str:
    """One job for each change and way."""
    return f"form-change-{change.pk}{'-back' if change.taken_back_at else ''}"


def studies_to_follow(change: FormChange) -> list[int]:
    """Studies with an extraction or reconciliation on a version that it has to leave."""
    found: set[int] = set()
    for holder in (Extraction, Reconciliation):
        known = holder._base_manager.filter(study__review=change.review_id)
        if change.taken_back_at:
            known = known.filter(form=change.to_form_id)
        else:
            known = known.exclude(form=change.to_form_id)
        found |= set(known.values_list("study_id", flat=True))
    return sorted(found)


def last_change(form: ExtractionForm | None) -> FormChange | None:
    """The change that made a version, if it can be taken back."""
    if form is None:
        return None
    known = FormChange.objects.filter(to_form=form, taken_back_at__isnull=True)
    return known.select_related("from_form", "to_form", "made_by__user").first()


def _name_examples(lines: list[ChangeLine]) -> None:
    wanted = {example.study_id for line in lines for example in line.examples}
    names = {study.pk: str(study) for study in Study.objects.filter(pk__in=wanted)}
    for line in lines:
        line.examples.sort(key=lambda one: not one.reason)
        del line.examples[EXAMPLES:]
        for example in line.examples:
            example.study = names[example.study_id]
