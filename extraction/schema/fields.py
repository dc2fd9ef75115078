"""Parts of an extraction form: units, vocabulary terms, conditions, fields and groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from extraction.schema.answers import Scalar


class FieldType(StrEnum):
    """What kind of answer a field takes."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"


class Level(StrEnum):
    """What a term of a judgement means for the risk of bias."""

    NONE = ""
    LOW = "low"
    SOME = "some"
    HIGH = "high"
    UNCLEAR = "unclear"


class Judges(StrEnum):
    """What a judging field of a risk-of-bias tool judges."""

    NOTHING = ""
    BIAS = "bias"
    APPLICABILITY = "applicability"
    OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary.

    Attributes:
        key: What is stored.
        label: Shown instead of the key, where it differs.
        definition: What the extractor reads.
        aliases: Other names under which it is entered.
        level: In a judgement, how high a risk the word stands for.
        was: Words of the version before whose values this one takes over; empty means that the
            word of the same key, if there was one, goes on.
    """

    key: str
    label: str = ""
    definition: str = ""
    aliases: tuple[str, ...] = ()
    level: Level = Level.NONE
    was: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The words shown on pages."""
        return self.label or self.key


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit a number may be stated in.

    Attributes:
        key: Stored beside the value, e.g. `fraction`.
        label: Shown, e.g. `0-1`.
        low: Smallest allowed value in this unit, or None.
        high: Largest allowed value in this unit, or None.
        scale: What one unit is on the common scale (`percent` = 0.01); None where units
            cannot be converted into each other.
    """

    key: str
    label: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    scale: Decimal | None = None

    @property
    def shown(self) -> str:
        """The words shown on pages."""
        return self.label or self.key


@dataclass(frozen=True, slots=True)
class Condition:
    """A field is asked only if another field of the same level holds one of `values`."""

    field: str
    values: tuple[str, ...]

    def holds(self, answers: Mapping[str, Scalar]) -> bool:
        """Tell whether the condition is met.

        Args:
            answers: Values by field key, of the same row or of the study.

        Returns:
            True when the named field has one of the values; an unanswered field meets none.

        Source:
            Own definition.
        """
        answer = answers.get(self.field)
        if answer is None:
            return False
        return any(word in self.values for word in _words(answer))


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Attributes:
        key: Stable name, `a_z_0_9`, unique on its level.
        label: Shown beside the control.
        type: Kind of answer.
        help: What to enter and where it is usually found.
        required: Must be answered before an extraction can be submitted.
        terms: Vocabulary of a choice field.
        allow_other: The extractor's own words are accepted beside the vocabulary.
        units: Units of a number field; a number with several units never goes without one.
        low: Smallest number where the field has no unit.
        high: Largest number where the field has no unit.
        only_if: Condition under which the field is asked at all.
        long: A text of several lines.
        metric_field: Key of the field on the same level that names the metric of this number,
            so that its natural range can be checked.
        domain: Heading under which questions of a risk-of-bias tool stand together.
        judges: What the field judges in its domain, for plots; each of its terms has a level.
        was: Fields of the version before, on the same level, whose values this one takes over.
        cut_at: Where several fields take over one text: the mark at which the text is cut, the
            first part going to the first of them and so on.
    """

    key: str
    label: str
    type: FieldType = FieldType.TEXT
    help: str = ""
    required: bool = False
    terms: tuple[Term, ...] = ()
    allow_other: bool = False
    units: tuple[Unit, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    only_if: Condition | None = None
    long: bool = False
    metric_field: str = ""
    domain: str = ""
    judges: Judges = Judges.NOTHING
    was: tuple[str, ...] = ()
    cut_at: str = ""

    def unit(self, key: str) -> Unit | None:
        """Return the unit of that key, or None."""
        return next((unit for unit in self.units if unit.key == key), None)

    def term_of(self, value: str) -> Term | None:
        """Find the vocabulary term that a value stands for.

        Args:
            value: A stored value, maybe with a remark: `feature extraction (linear)`.

        Returns:
            The term whose key, label or alias is the value or begins it at a word's end; the
            longest match wins; None when the value is in the extractor's own words.

        Source:
            Own definition.
        """
        text = _folded(value)
        matches = [
            (len(name), term)
            for term in self.terms
            for name in map(_folded, (term.key, term.label, *term.aliases))
            if name and _begins(text, name)
        ]
        return max(matches, key=lambda match: match[0])[1] if matches else None

    def exact_term(self, value: str) -> Term | None:
        """Return the term whose key, label or alias equals the value, without regard to case."""
        text = _folded(value)
        for term in self.terms:
            if text in {_folded(term.key), _folded(term.label), *map(_folded, term.aliases)}:
                return term
        return None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together; a repeating group has one row per experiment, arm, ...

    Attributes:
        key: Stable name.
        label: Heading; for a repeating group in the plural.
        fields: The questions, in their order.
        repeating: Whether the group has rows.
        row_label: One row's name in the singular, e.g. `experiment`.
        help: Shown under the heading.
        row_keys: Fields that say which row this is; two extractors' rows are aligned by them.
        strict_row_keys: Those of `row_keys` that must not contradict in a pair of rows.
        tool: Name of the risk-of-bias tool these questions belong to; empty for data.
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    repeating: bool = False
    row_label: str = "row"
    help: str = ""
    row_keys: tuple[str, ...] = ()
    strict_row_keys: tuple[str, ...] = ()
    tool: str = ""

    def field(self, key: str) -> Field | None:
        """Return the field of that key, or None."""
        return next((field for field in self.fields if field.key == key), None)


def _words(answer: Scalar) -> tuple[str, ...]:
    if isinstance(answer, bool):
        return ("yes",) if answer else ("no",)
    return answer if isinstance(answer, tuple) else (answer,)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _begins(text: str, name: str) -> bool:
    return text == name or (text.startswith(name) and not text[len(name)].isalnum())
