"""Answers and computed numbers as words: for exports as they are, for print with unit and sign."""

from extraction.schema.answers import Cell, Scalar
from extraction.schema.fields import Field

DECIMALS = 6  # of computed numbers: more than any of them is worth, less than noise
SIGNED = {
    "difference": 1,
    "subset_difference": 1,
    "relative_difference": 2,
    "relative_difference_full": 2,
    "relative_difference_subset": 2,
}
PERCENT = "percent"


class Words:
    """Turns answers into words and remembers the terms it has looked up."""

    def __init__(self) -> None:
        """Begin with nothing looked up."""
        self._known: dict[tuple[str, str], str] = {}

    def of(self, cell: Cell | None, question: Field | None) -> str:
        """An answer in words, as `words_of` gives it.

        Args:
            cell: The answer, or nothing.
            question: Its field; fields of one table with the same key have the same vocabulary.

        Returns:
            The text, empty without an answer.
        """
        return "" if cell is None else self.of_value(cell.value, question)

    def of_value(self, value: Scalar, question: Field | None) -> str:
        """The same of a value alone.

        Args:
            value: What an answer says.
            question: Its field.

        Returns:
            The text.
        """
        if isinstance(value, bool):
            return "yes" if value else "no"
        if question is None or not question.terms:
            return value if isinstance(value, str) else "; ".join(value)
        parts = value if isinstance(value, tuple) else (value,)
        return "; ".join(self._term(part, question) for part in parts)

    def _term(self, word: str, question: Field) -> str:
        key = (question.key, word)
        if key not in self._known:
            term = question.exact_term(word)
            self._known[key] = term.shown if term else word
        return self._known[key]


def words_of(cell: Cell | None, question: Field | None) -> str:
    """An answer in words: a term's label, several joined by semicolons, numbers as extracted.

    Args:
        cell: The answer, or nothing.
        question: Its field; nothing when the form no longer has it.

    Returns:
        The text, empty without an answer.
    """
    return Words().of(cell, question)


def words_of_value(value: Scalar, question: Field | None) -> str:
    """The same of a value alone.

    Args:
        value: What an answer says.
        question: Its field; nothing when the form no longer has it.

    Returns:
        The text.
    """
    return Words().of_value(value, question)


def number_text(value: float | None) -> str:
    """A computed number for an export: at most six decimals, no trailing zeros.

    Args:
        value: A finite number, or nothing.

    Returns:
        E.g. `0.216086`; empty for nothing; never `-0`.
    """
    if value is None:
        return ""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def printed(key: str, text: str, unit: str = "") -> tuple[str, bool]:
    """A value for people: signed and rounded when computed, with its unit when extracted.

    Args:
        key: Key of the column.
        text: The value as exported.
        unit: Unit of an extracted value.

    Returns:
        The text, and whether it is a loss.
    """
    if text and key in SIGNED:
        number = round(float(text), SIGNED[key])
        sign = "±" if number == 0 else "+" if number > 0 else "−"
        return f"{sign}{abs(number):.{SIGNED[key]}f}", number < 0
    if text and unit == PERCENT:
        return f"{text} %", False
    return text, False
