"""Rows of words and units as the form builder sends them: lists of equal length, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Self

from django.http import QueryDict

from extraction.schema.checks import as_decimal
from extraction.schema.editing import free_key, moved
from extraction.schema.fields import Field, Level, Term, Unit

SHARE = (("fraction", "fraction (0-1)", "0", "1", "1"), ("percent", "percent", "0", "100", "0.01"))
EMPTY_ROWS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row as typed; `is_empty` rows are not stored."""

    @classmethod
    def sent(cls, data: QueryDict, prefix: str) -> list[Self]:
        """Every row of a request, in order."""
        columns = {one.name: data.getlist(f"{prefix}_{one.name}") for one in fields(cls)}
        length = max(map(len, columns.values()), default=0)
        return [
            cls(**{name: _at(values, place) for name, values in columns.items()})
            for place in range(length)
        ]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed into the row."""
        return not any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True, slots=True)
class TermRow(Row):
    """One word of a vocabulary as typed; `old` is the word that the page was loaded with."""

    old: str = ""
    key: str = ""
    label: str = ""
    definition: str = ""
    aliases: str = ""
    level: str = ""
    was: str = ""

    @classmethod
    def of(cls, term: Term) -> Self:
        """A stored word."""
        return cls(
            old=term.key,
            key=term.key,
            label=term.label,
            definition=term.definition,
            aliases="; ".join(term.aliases),
            level=term.level.value,
            was="; ".join(term.was),
        )

    def term(self, before: Iterable[str]) -> Term:
        """The word; one that has a new name takes over the values it had before."""
        was = words(self.was)
        if not was and self.old and self.old != self.key.strip() and self.old in set(before):
            was = (self.old,)
        label = "" if self.label.strip() == self.key.strip() else self.label.strip()
        return Term(
            key=self.key.strip(),
            label=label,
            definition=self.definition.strip(),
            aliases=words(self.aliases),
            level=Level(self.level) if self.level in set(Level) else Level.NONE,
            was=was,
        )


@dataclass(frozen=True, slots=True)
class UnitRow(Row):
    """One unit as typed."""

    key: str = ""
    label: str = ""
    low: str = ""
    high: str = ""
    scale: str = ""

    @classmethod
    def of(cls, unit: Unit) -> Self:
        """A stored unit."""
        return cls(
            key=unit.key,
            label=unit.label,
            low=_text(unit.low),
            high=_text(unit.high),
            scale=_text(unit.scale),
        )

    def unit(self, taken: Iterable[str]) -> Unit:
        """The unit.

        Raises:
            ValueError: A bound or the scale is no number; says which.
        """
        name = self.label.strip() or self.key.strip()
        return Unit(
            key=self.key.strip() or free_key(name, taken)[:20],
            label=self.label.strip(),
            low=number(f"Smallest of “{name}”", self.low),
            high=number(f"Largest of “{name}”", self.high),
            scale=number(f"Size of one “{name}”", self.scale),
        )


def term_rows(field: Field | None) -> list[TermRow]:
    """The vocabulary of a field, with empty rows behind it."""
    known = [TermRow.of(term) for term in field.terms] if field else []
    return [*known, *_empty()]


def unit_rows(field: Field | None) -> list[UnitRow]:
    """The units of a field, with an empty row behind them."""
    return [*(UnitRow.of(unit) for unit in field.units), UnitRow()] if field else [UnitRow()]


def rearranged_terms(rows: Sequence[TermRow], data: QueryDict) -> list[TermRow]:
    """Rows after one of the buttons beside them: up, down, more rows, pasted words."""
    changed = list(_moved_by_button(rows, data))
    pasted = [_pasted(line) for line in data.get("paste", "").splitlines() if line.strip()]
    if pasted or "term_more" in data:
        changed = [*(row for row in changed if not row.is_empty), *pasted, *_empty()]
    return changed


def rearranged_units(rows: Sequence[UnitRow], data: QueryDict) -> list[UnitRow]:
    """Rows after one of the buttons beside them: the two units of a share, an empty row."""
    if "unit_share" in data:
        return [UnitRow(*values) for values in SHARE]
    return [*rows, UnitRow()] if "unit_more" in data else list(rows)


def number(name: str, text: str) -> Decimal | None:
    """Read an optional number.

    Raises:
        ValueError: It is none; names it.
    """
    if not text.strip():
        return None
    found = as_decimal(text)
    if found is None:
        raise ValueError(f"{name}: “{text.strip()}” is no number.")
    return found


def words(text: str) -> tuple[str, ...]:
    """Words with `;` between them, each once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(";") if word.strip()))


def _moved_by_button(rows: Sequence[TermRow], data: QueryDict) -> Sequence[TermRow]:
    for name, step in (("term_up", -1), ("term_down", 1)):
        place = data.get(name, "")
        if place.isdigit() and int(place) < len(rows):
            return moved(rows, int(place), step)
    place = data.get("term_drop", "")
    if place.isdigit():
        return [row for at, row in enumerate(rows) if at != int(place)]
    return rows


def _pasted(line: str) -> TermRow:
    key, _, definition = line.partition("|")
    return TermRow(key=key.strip(), definition=definition.strip())


def _empty() -> list[TermRow]:
    return [TermRow() for _ in range(EMPTY_ROWS)]


def _at(values: Sequence[str], place: int) -> str:
    return values[place] if place < len(values) else ""


def _text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
