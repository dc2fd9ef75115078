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


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary; `key` is what is stored, `definition` what the extractor reads."""

    key: str
    label: str = ""
    definition: str = ""
    aliases: tuple[str, ...] = ()

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
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    repeating: bool = False
    row_label: str = "row"
    help: str = ""
    row_keys: tuple[str, ...] = ()
    strict_row_keys: tuple[str, ...] = ()

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
