"""One changed field of a form with the stored answers it touches, and how they are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from extraction.schema.carrying import Carrier, Outcome, carriers, shown
from extraction.schema.changes import FieldChange, LevelPlan
from extraction.schema.comparing import Answer
from extraction.schema.fields import Field
from extraction.selectors.answered import Answered
from extraction.selectors.carrying import lacks

EXAMPLES = 5


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


Lines = Mapping[tuple[str, str, bool], ChangeLine]
Answers = Mapping[str, Answer]
Known = dict[tuple[Answer | None, ...], Outcome | None]


class Counting:
    """Counts what becomes of the answers of one level; equal answers are carried once."""

    def __init__(self, level: LevelPlan, lines: Lines) -> None:
        """Begin with nothing counted; every count is added to its line."""
        own = {(key, gone): line for (of, key, gone), line in lines.items() if of == level.level}
        self._lines = {key: line for (key, gone), line in own.items() if not gone}
        self._gone = [(key, line) for (key, gone), line in own.items() if gone]
        self._carriers = [
            (one, self._lines[one.field.key], Known())
            for one in carriers(level)
            if one.field.key in self._lines
        ]
        self._required = [
            (one.field, {one.field.key, *(source.key for source in one.sources)})
            for one in level.required_now
        ]
        self._old = _old_fields(level)

    def count(self, place: Answered) -> None:
        """Add what becomes of one place."""
        answers = place.answers
        if answers:
            for carrier, line, known in self._carriers:
                outcome = _carried(carrier, known, answers)
                if outcome is not None:
                    self._add(line, outcome, place, carrier.field)
            for key, line in self._gone:
                if key in answers:
                    line.hidden += 1
                    line.studies.add(place.study_id)
        if place.is_submitted:
            self._ask_required(place)

    def _add(self, line: ChangeLine, outcome: Outcome, place: Answered, new: Field) -> None:
        line.kept += outcome.is_kept
        line.carried += outcome.is_written
        line.revisit += bool(outcome.reasons)
        if outcome.is_kept:
            return
        line.studies.add(place.study_id)
        if len(line.examples) < EXAMPLES or (
            outcome.reasons and sum(bool(one.reason) for one in line.examples) < EXAMPLES
        ):
            line.examples.append(self._example(outcome, place, new))

    def _example(self, outcome: Outcome, place: Answered, new: Field) -> Example:
        read = place.answers
        before = "; ".join(shown(self._old[key], read[key]) for key in outcome.sources)
        after = shown(new, outcome.answer) if outcome.answer else ""
        return Example(place.study_id, before, after, " ".join(outcome.reasons))

    def _ask_required(self, place: Answered) -> None:
        for asked, sources in self._required:
            line = self._lines.get(asked.key)
            if line is None or not sources.isdisjoint(place.answers):
                continue
            if lacks(place.answers, asked):
                line.revisit += 1
                line.studies.add(place.study_id)


def _carried(carrier: Carrier, known: Known, answers: Answers) -> Outcome | None:
    read = tuple(map(answers.get, carrier.reads))
    if read not in known:
        known[read] = carrier.outcome(answers)
    return known[read]


def _old_fields(level: LevelPlan) -> dict[str, Field]:
    """The fields that stored answers belong to, as the version before has them."""
    old = {one.key: one for one in level.added}
    old |= {plan.field.key: plan.field for plan in level.touched}
    return old | {one.key: one for plan in level.fields for one in plan.sources}
