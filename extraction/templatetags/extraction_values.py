"""How stored values and compared cells are shown."""

from collections.abc import Iterable, Mapping

from django import template

from extraction.models import ConsensusValue, ExtractedValue
from extraction.selectors.comparison import ComparedCell

register = template.Library()
SIGNS = {"percent": " %"}


@register.filter
def shown(value: ExtractedValue | ConsensusValue) -> str:
    """A stored value in words: yes and no, choices joined, a percentage with its sign."""
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    if isinstance(value.value, list):
        return "; ".join(map(str, value.value))
    return f"{value.value}{SIGNS.get(value.unit, '')}"


@register.filter
def unanswered(cells: Iterable[ComparedCell]) -> list[ComparedCell]:
    """Cells that nobody answered."""
    return [cell for cell in cells if cell.is_empty]


@register.filter
def has_unproven(cells: Iterable[ComparedCell]) -> bool:
    """Whether any of the cells lacks evidence that the review asks for."""
    return any(cell.is_unproven for cell in cells)


@register.filter
def agreeing(cells: Iterable[ComparedCell]) -> list[ComparedCell]:
    """Cells in which both say the same and which keep that value."""
    return [
        cell
        for cell in cells
        if cell.is_same and not (cell.settled and cell.settled.side == ConsensusValue.Side.THIRD)
    ]


@register.filter
def at(counts: Mapping[int, int], key: int) -> int:
    """How many there are for a key; 0 where it is absent."""
    return counts.get(key, 0)
