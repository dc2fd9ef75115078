"""What differs between two versions of a form, and where each field takes its values from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from extraction.schema.definition import FormProblem, FormSketch
from extraction.schema.editing import level_of
from extraction.schema.fields import Field, FieldType

CHOOSING = {FieldType.CHOICE, FieldType.CHOICES}
NAMES = {
    FieldType.TEXT: "text",
    FieldType.NUMBER: "number",
    FieldType.YES_NO: "yes or no",
    FieldType.CHOICE: "one word",
    FieldType.CHOICES: "several words",
    FieldType.DATE: "date",
}


@dataclass(frozen=True)
class FieldPlan:
    """Where one field of the new version takes its values from.

    Attributes:
        field: The new field.
        sources: Fields of the old version whose values it takes over; empty for a new field.
        siblings: Every new field that takes values of the first source, this one among them.
    """

    field: Field
    sources: tuple[Field, ...]
    siblings: tuple[Field, ...]

    @cached_property
    def is_same(self) -> bool:
        """Whether every stored answer is right as it is, so that no value needs a look."""
        return (
            len(self.siblings) == 1
            and len(self.sources) == 1
            and self.sources[0].key == self.field.key
            and _answered_alike(self.sources[0], self.field)
        )

    @cached_property
    def is_required_now(self) -> bool:
        """Whether the field must be answered, and had not to be before."""
        return self.field.required and not any(one.required for one in self.sources)


@dataclass(frozen=True)
class LevelPlan:
    """One level of the form: fields that are answered together.

    Attributes:
        level: Key of the repeating group, empty for the study.
        fields: Fields of the new version.
        taken_out: Fields of the old version that no field of the new one takes over.
    """

    level: str
    fields: tuple[FieldPlan, ...]
    taken_out: tuple[Field, ...]

    @cached_property
    def required_now(self) -> tuple[FieldPlan, ...]:
        """Fields that must be answered, and had not to be before."""
        return tuple(one for one in self.fields if one.is_required_now)

    @cached_property
    def touched(self) -> tuple[FieldPlan, ...]:
        """Fields whose stored answers have to be looked at."""
        return tuple(one for one in self.fields if one.sources and not one.is_same)

    @cached_property
    def used(self) -> frozenset[str]:
        """Keys of the old fields that some new field takes over."""
        return frozenset(one.key for plan in self.fields for one in plan.sources)

    @cached_property
    def added(self) -> tuple[Field, ...]:
        """Fields without a source; values stored earlier under their key come back."""
        return tuple(one.field for one in self.fields if not one.sources)

    @cached_property
    def keys(self) -> set[str]:
        """Every key whose stored values matter to the change."""
        needed = {one.key for one in (*self.taken_out, *self.added)}
        for plan in self.touched:
            needed |= {plan.field.key, *(one.key for one in plan.sources)}
        for plan in self.required_now:
            needed.add(plan.field.key)
            needed |= {plan.field.only_if.field} if plan.field.only_if else set()
        return needed


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One line of a preview: a field and what becomes different about it.

    Attributes:
        level: Key of the repeating group, empty for the study.
        key: The new field's key; empty for a field that is taken out.
        label: Label shown.
        old_keys: Fields of the old version it is about.
        sentences: What changes, each a short sentence.
    """

    level: str
    key: str
    label: str
    old_keys: tuple[str, ...]
    sentences: tuple[str, ...]


def plan_of(old: FormSketch, new: FormSketch) -> tuple[LevelPlan, ...]:
    """Plan how the values of one version are carried to another.

    Args:
        old: The version the values belong to.
        new: The version to come, whose `was` name fields and words of the old one.

    Returns:
        One plan for each level that either version has.

    Source:
        Own definition.
    """
    levels = dict.fromkeys(["", *map(level_of, old.groups), *map(level_of, new.groups)])
    return tuple(_level_plan(level, old.level(level), new.level(level)) for level in levels)


def changes_of(plan: Sequence[LevelPlan]) -> tuple[FieldChange, ...]:
    """Say field by field what changes.

    Args:
        plan: As from `plan_of`.

    Returns:
        One item for each field that is added, taken out or different; none for the others.

    Source:
        Own definition.
    """
    return tuple(change for level in plan for change in _level_changes(level))


def source_problems(old: FormSketch, new: FormSketch) -> list[FormProblem]:
    """Find values to take over that the old version does not have.

    Args:
        old: The version the values belong to.
        new: The version to come.

    Returns:
        Each fault with its place in the new form.

    Source:
        Own definition.
    """
    problems = []
    for g, group in enumerate(new.groups):
        known = {field.key: field for field in old.level(level_of(group))}
        for f, field in enumerate(group.fields):
            path = f"groups[{g}].fields[{f}]"
            problems += [
                FormProblem(f"{path}.was", f"the version before has no field “{key}” here")
                for key in field.was
                if key not in known
            ]
            words = {
                term.key
                for key in field.was or (field.key,)
                if key in known
                for term in known[key].terms
            }
            problems += [
                FormProblem(f"{path}.terms[{t}].was", f"the version before has no word “{word}”")
                for t, term in enumerate(field.terms)
                for word in term.was
                if word not in words
            ]
    return problems


def _level_plan(level: str, old: Sequence[Field], new: Sequence[Field]) -> LevelPlan:
    known = {field.key: field for field in old}
    sources = {
        field.key: tuple(known[key] for key in field.was or (field.key,) if key in known)
        for field in new
    }
    plans = []
    for field in new:
        first = sources[field.key][:1]
        siblings = tuple(one for one in new if first and first[0] in sources[one.key])
        plans.append(FieldPlan(field, sources[field.key], siblings or (field,)))
    used = {one.key for taken in sources.values() for one in taken}
    return LevelPlan(level, tuple(plans), tuple(one for one in old if one.key not in used))


def _answered_alike(old: Field, new: Field) -> bool:
    return _answering(old) == _answering(new) and not any(term.was for term in new.terms)


def _answering(field: Field) -> tuple[object, ...]:
    terms = frozenset(term.key for term in field.terms)
    units = frozenset((unit.key, unit.low, unit.high) for unit in field.units)
    return (field.type, terms, field.allow_other, units, field.low, field.high)


def _level_changes(plan: LevelPlan) -> Iterator[FieldChange]:
    for one in plan.fields:
        sentences = tuple(_sentences(one))
        if sentences:
            keys = tuple(source.key for source in one.sources)
            yield FieldChange(plan.level, one.field.key, one.field.label, keys, sentences)
    for old in plan.taken_out:
        yield FieldChange(plan.level, "", old.label, (old.key,), ("Taken out.",))


def _sentences(plan: FieldPlan) -> Iterator[str]:
    field = plan.field
    if not plan.sources:
        yield "New." if not field.required else "New and required."
        return
    labels = [f"“{one.label}”" for one in plan.sources]
    old = plan.sources[0]
    if len(plan.sources) > 1:
        yield f"Merged from {', '.join(labels[:-1])} and {labels[-1]}."
    elif len(plan.siblings) > 1:
        yield f"Split from {labels[0]}."
    elif old.key != field.key:
        yield f"Renamed from {labels[0]} ({old.key})."
    elif old.label != field.label:
        yield f"Was called {labels[0]}."
    yield from _answer_sentences(old, field)
    if plan.is_required_now:
        yield "Required now."
    if old.only_if != field.only_if:
        yield "Asked under another condition."
    kept = {term.key for term in old.terms} & {term.key for term in field.terms}
    if old.help != field.help or _texts(old, kept) != _texts(field, kept):
        yield "Help or definitions are reworded."


def _answer_sentences(old: Field, new: Field) -> Iterator[str]:
    if old.type is not new.type:
        yield f"The answer was {NAMES[old.type]} and is {NAMES[new.type]}."
    if old.type in CHOOSING and new.type in CHOOSING:
        yield from _word_sentences(old, new)
    if {one.key for one in old.units} != {one.key for one in new.units}:
        yield "Its units change."
    elif _answering(old)[3:] != _answering(new)[3:]:
        yield "Its range changes."
    if old.allow_other and not new.allow_other:
        yield "Own words are no longer allowed."


def _word_sentences(old: Field, new: Field) -> Iterator[str]:
    before = {term.key: term.shown for term in old.terms}
    now = {term.key for term in new.terms}
    taken = {word for term in new.terms for word in term.was} | now
    for term in new.terms:
        others = [before.get(word, word) for word in term.was if word != term.key]
        if others:
            yield f"“{term.shown}” takes over {', '.join(f'“{word}”' for word in others)}."
    added = [t.shown for t in new.terms if t.key not in before and not t.was]
    gone = [shown for key, shown in before.items() if key not in taken]
    if added:
        yield f"New words: {', '.join(added)}."
    if gone:
        yield f"Words taken out: {', '.join(gone)}."


def _texts(field: Field, keys: set[str]) -> frozenset[tuple[str, str, str]]:
    kept = (term for term in field.terms if term.key in keys)
    return frozenset((term.key, term.label, term.definition) for term in kept)
