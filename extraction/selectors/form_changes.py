"""What publishing a draft would do to stored values, counted change by change."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from extraction.models import (
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionForm,
    FormChange,
    FormDraft,
    Reconciliation,
    Study,
)
from extraction.schema.carrying import Outcome, carry, shown
from extraction.schema.changes import (
    FieldChange,
    LevelPlan,
    changes_of,
    plan_of,
    source_problems,
)
from extraction.schema.definition import FormProblem
from extraction.selectors.carrying import Place, raw_places, settled_places
from extraction.selectors.forms import base_of, sketch_of
from screening.models import Job, Review

CARRY_JOB = "carry_form"
EXAMPLES = 5
AnyPlace = Place[ExtractedValue] | Place[ConsensusValue]


@dataclass(slots=True)
class Example:
    """One cell before and after; `after` is empty and `reason` filled where it needs a look."""

    study_id: int
    before: str
    after: str = ""
    reason: str = ""
    study: str = ""


@dataclass(slots=True)
class ChangeLine:
    """One changed field with the cells it touches, extracted and reconciled."""

    change: FieldChange
    kept: int = 0
    carried: int = 0
    revisit: int = 0
    hidden: int = 0
    studies: set[int] = field(default_factory=set)
    examples: list[Example] = field(default_factory=list)

    @property
    def cells(self) -> int:
        """Stored values the change is about."""
        return self.kept + self.carried + self.hidden + self.revisit


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
    levels = {one.level: one for one in plan}
    if draft.base is not None:
        for place in _places(draft.base, plan):
            _count(lines, levels[place.level], place)
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


def _places(form: ExtractionForm, plan: tuple[LevelPlan, ...]) -> Iterator[AnyPlace]:
    for raw in raw_places(form, plan):
        yield from raw
    for settled in settled_places(form, plan):
        yield from settled


Lines = dict[tuple[str, str, bool], ChangeLine]


def _count(lines: Lines, level: LevelPlan, place: AnyPlace) -> None:
    answers = place.answers
    fields = {one.field.key: one for one in level.fields}
    old = {one.key: one for one in level.added}
    old |= {plan.field.key: plan.field for plan in level.touched}
    old |= {one.key: one for plan in level.fields for one in plan.sources}
    for outcome in carry(level, answers):
        line = lines.get((level.level, outcome.field, False))
        if line is not None:
            before = "; ".join(shown(old[key], answers[key]) for key in outcome.sources)
            new = fields[outcome.field].field
            after = shown(new, outcome.answer) if outcome.answer else ""
            _add(line, outcome, Example(place.study_id, before, after, " ".join(outcome.reasons)))
    for one in level.taken_out:
        line = lines.get((level.level, one.key, True))
        if line is not None and one.key in answers:
            line.hidden += 1
            line.studies.add(place.study_id)
    for plan in level.fields:
        line = lines.get((level.level, plan.field.key, False))
        sources = {one.key for one in plan.sources} | {plan.field.key}
        is_open = place.is_submitted and plan.is_required_now and not sources & set(answers)
        if line is not None and is_open and place.lacks(plan.field):
            line.revisit += 1
            line.studies.add(place.study_id)


def _add(line: ChangeLine, outcome: Outcome, example: Example) -> None:
    line.kept += outcome.is_kept
    line.carried += outcome.is_written
    line.revisit += bool(outcome.reasons)
    if outcome.is_kept:
        return
    line.studies.add(example.study_id)
    if len(line.examples) < EXAMPLES or (
        outcome.reasons and sum(bool(one.reason) for one in line.examples) < EXAMPLES
    ):
        line.examples.append(example)


def _name_examples(lines: list[ChangeLine]) -> None:
    wanted = {example.study_id for line in lines for example in line.examples}
    names = {study.pk: str(study) for study in Study.objects.filter(pk__in=wanted)}
    for line in lines:
        line.examples.sort(key=lambda one: not one.reason)
        del line.examples[EXAMPLES:]
        for example in line.examples:
            example.study = names[example.study_id]
