"""Carries answers from one version of a form to the next: what fits, and what needs a look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from extraction.schema.answers import Scalar
from extraction.schema.changes import CHOOSING, FieldPlan, LevelPlan
from extraction.schema.checks import Refused, check_value
from extraction.schema.comparing import Answer
from extraction.schema.fields import Field, FieldType

Answers = Mapping[str, Answer]
_JOINED = "; "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one cell of the new version.

    Attributes:
        field: Key of the new field.
        sources: Keys of the old cells with an answer that it comes from.
        answer: The answer to be stored; None where nothing is stored.
        is_kept: Whether the stored answer of the same key is right as it is.
        reasons: Why somebody has to look at the cell; each quotes the old answer.
        is_blank: Whether an empty cell moves with its evidence.
    """

    field: str
    sources: tuple[str, ...]
    answer: Answer | None = None
    is_kept: bool = False
    reasons: tuple[str, ...] = ()
    is_blank: bool = False

    @property
    def is_written(self) -> bool:
        """Whether a new row is stored for the cell."""
        return self.is_blank or (self.answer is not None and not self.is_kept)


def carry(plan: LevelPlan, answers: Answers) -> tuple[Outcome, ...]:
    """Carry the answers of one study or row to the new version.

    Args:
        plan: Plan of the level.
        answers: Answers by key of the old version; unanswered fields are absent.

    Returns:
        One outcome for each touched field that has an old answer. No answer is guessed and none
        is dropped: what does not fit is quoted in a reason. Units are never invented.

    Source:
        Own definition.
    """
    return tuple(
        outcome for carrier in carriers(plan) if (outcome := carrier.outcome(answers)) is not None
    )


@dataclass(frozen=True)
class Carrier:
    """What decides over one cell of the new version.

    Attributes:
        field: The new field.
        reads: Keys of the old version whose answers the outcome depends on; no others do.
        plan: Where it takes its values from; None for a field without a source.
        hides: What the old field with the same key is called, where another takes its key.
    """

    field: Field
    reads: tuple[str, ...]
    plan: FieldPlan | None = None
    hides: str = ""

    def outcome(self, answers: Answers) -> Outcome | None:
        """Carry the answers to the cell; None where there is nothing to carry."""
        if self.plan is None:
            return _come_back(self.field, answers)
        outcome = _outcome(self.plan, answers)
        hidden = answers.get(self.field.key) if self.hides else None
        if hidden is None:
            return outcome
        quoted = f"“{_text(hidden.value)} {hidden.unit}".strip() + "”"
        reason = f"{quoted} stood here before, for “{self.hides}”."
        return _over(outcome, self.field.key, reason)


def carriers(plan: LevelPlan) -> tuple[Carrier, ...]:
    """Say for each cell that a change touches which old answers decide over it.

    Args:
        plan: Plan of the level.

    Returns:
        One item for each touched field, then one for each field without a source.

    Source:
        Own definition.
    """
    names = {one.key: one.label for one in plan.taken_out}
    touched = []
    for one in plan.touched:
        key = one.field.key
        hides = "" if key in plan.used else names.get(key, key)
        keys = dict.fromkeys([*(source.key for source in one.sources), key])
        touched.append(Carrier(one.field, tuple(keys), one, hides))
    return (*touched, *(Carrier(field, (field.key,)) for field in plan.added))


def shown(field: Field, answer: Answer) -> str:
    """Write an answer as people read it, a unit behind its number."""
    unit = field.unit(answer.unit)
    text = _text(answer.value)
    return f"{text} {unit.shown if unit else answer.unit}".strip()


def _outcome(plan: FieldPlan, answers: Answers) -> Outcome | None:
    found = [(one, answers[one.key]) for one in plan.sources if one.key in answers]
    if not found:
        return None
    keys = tuple(one.key for one, _ in found)
    quoted = ", ".join(f"“{shown(one, answer)}” in “{one.label}”" for one, answer in found)
    if len(plan.siblings) > 1 and len(plan.sources) == 1:
        carried = _split(plan, found[0][0], found[0][1])
    elif len(found) == 1:
        carried = _converted(plan.field, found[0][0], found[0][1])
    else:
        carried = _merged(plan.field, found)
    if isinstance(carried, Refused):
        return Outcome(plan.field.key, keys, reasons=(f"{carried.message} Before: {quoted}.",))
    if carried is None:
        return None
    is_kept = keys == (plan.field.key,) and carried == found[0][1]
    return Outcome(plan.field.key, keys, carried, is_kept=is_kept)


def _converted(new: Field, old: Field, answer: Answer) -> Answer | Refused:
    """One answer under the new field's vocabulary, type, units and range."""
    value: Scalar = answer.value
    if old.type in CHOOSING or new.type in CHOOSING:
        words = _words(value) if old.type in CHOOSING else (_text(value),)
        translated = [_translated(new, old, word) for word in words]
        for one in translated:
            if isinstance(one, Refused):
                return one
        value = tuple(str(word) for word in translated)
        if new.type not in CHOOSING:
            value = _JOINED.join(value)
        elif new.type is FieldType.CHOICE:
            if len(value) > 1:
                return Refused("Several words stood here, and only one fits now.")
            value = value[0] if value else ""
    if new.type is FieldType.TEXT:
        return Answer(shown(old, answer) if answer.unit else _text(value))
    checked = check_value(new, value, answer.unit if new.type is FieldType.NUMBER else "")
    return checked if isinstance(checked, Refused) else Answer(checked.value, checked.unit)


def _translated(new: Field, old: Field, word: str) -> str | Refused:
    """A word of the old vocabulary in the new one; a remark behind it stays behind it."""
    stem = old.term_of(word)
    base = stem.key if stem and word.startswith(stem.key) else word
    heirs = [term.key for term in new.terms if base in term.was]
    if len(heirs) > 1:
        return Refused(f"“{word}” is now one of: {', '.join(heirs)}.")
    if heirs:
        return heirs[0] + word.removeprefix(base)
    exact = new.exact_term(word)
    if new.type not in CHOOSING or new.allow_other:
        return word
    if exact is None:
        return Refused(f"“{word}” is no word of the vocabulary any more.")
    return exact.key


def _split(plan: FieldPlan, old: Field, answer: Answer) -> Answer | Refused | None:
    if old.type in CHOOSING and all(one.type in CHOOSING for one in plan.siblings):
        return _split_words(plan, old, answer)
    place = [one.key for one in plan.siblings].index(plan.field.key)
    if plan.field.cut_at and isinstance(answer.value, str):
        parts = [part.strip() for part in answer.value.split(plan.field.cut_at)]
        if len(parts) == len(plan.siblings):
            return _converted(plan.field, old, Answer(parts[place], answer.unit))
        return Refused(
            f"Cut at “{plan.field.cut_at}” it has {len(parts)} parts, not {len(plan.siblings)}."
        )
    if plan.field.key == old.key:
        return _converted(plan.field, old, answer)
    return Refused(f"Which part of “{old.label}” belongs here has to be said.")


def _split_words(plan: FieldPlan, old: Field, answer: Answer) -> Answer | Refused | None:
    """Give each word to the sibling that has it; the first one asks about a word of none."""
    own, homeless = [], []
    for word in _words(answer.value):
        homes = [one.key for one in plan.siblings if _has_word(one, word)]
        homes = homes or [one.key for one in plan.siblings if one.allow_other][:1]
        if plan.field.key in homes:
            own.append(word)
        if not homes and plan.siblings[0].key == plan.field.key:
            homeless.append(word)
    if homeless:
        return Refused(f"No field has the words: {', '.join(homeless)}.")
    if not own:
        return None
    value: Scalar = tuple(own) if old.type is FieldType.CHOICES else own[0]
    return _converted(plan.field, old, Answer(value))


def _has_word(field: Field, word: str) -> bool:
    return any(word in term.was for term in field.terms) or field.exact_term(word) is not None


def _merged(new: Field, found: list[tuple[Field, Answer]]) -> Answer | Refused:
    if new.type is FieldType.TEXT:
        texts = dict.fromkeys(shown(old, answer) for old, answer in found)
        return Answer(_JOINED.join(texts))
    carried = []
    for old, answer in found:
        one = _converted(new, old, answer)
        if isinstance(one, Refused):
            return one
        carried.append(one)
    if new.type is FieldType.CHOICES:
        words = dict.fromkeys(word for one in carried for word in _words(one.value))
        return Answer(tuple(words))
    if all(one == carried[0] for one in carried):
        return carried[0]
    return Refused("The merged fields say different things.")


def _over(outcome: Outcome | None, key: str, reason: str) -> Outcome:
    """A field that takes the key of another one hides that one's answer, or lets it stand."""
    if outcome is None:
        return Outcome(key, (key,), reasons=(reason,))
    return replace(outcome, reasons=(*outcome.reasons, reason))


def _come_back(field: Field, answers: Answers) -> Outcome | None:
    """An answer that an earlier version stored under the key of a field that is added."""
    answer = answers.get(field.key)
    if answer is None:
        return None
    checked = check_value(field, answer.value, answer.unit)
    if isinstance(checked, Refused):
        return Outcome(field.key, (field.key,), reasons=(checked.message,))
    return Outcome(field.key, (field.key,), answer, is_kept=True)


def _words(value: Scalar) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (_text(value),)


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _JOINED.join(value) if isinstance(value, tuple) else value
