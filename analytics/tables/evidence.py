"""What proves one answer, as texts for the columns beside it."""

from operator import itemgetter

from extraction.schema.answers import Cell

PARTS = ("unit", "page", "location", "quote", "source_url", "status", "reconciled_by", "value_ids")
NO_EVIDENCE = ("",) * len(PARTS)
_OF_CELLS = ("unit", "page", "location", "quote", "source_url", "status", "decided_by")
proof_in = itemgetter(*map(Cell._fields.index, _OF_CELLS))
"""All of `PARTS` but the last as a cell holds it: the same for many cells."""


def texts_of(cell: Cell) -> tuple[str, ...]:
    """What proves one answer, in the order of `PARTS`.

    Args:
        cell: The answer.

    Returns:
        Unit, page (from 1), location, quote, source_url, status (reconciled, imported or raw),
        reconciled_by, and the ids of the raw values parted by blanks.
    """
    return (*texts_in(proof_in(cell)), ids_of(cell))


def texts_in(proof: tuple[object, ...]) -> tuple[str, ...]:
    """What `proof_in` took out of a cell, as texts.

    Args:
        proof: Texts, a page and a status.

    Returns:
        The same as texts; no page is an empty one.
    """
    return tuple("" if one is None else str(one) for one in proof)


def ids_of(cell: Cell) -> str:
    """The ids of the raw values behind an answer.

    Args:
        cell: The answer.

    Returns:
        Parted by blanks.
    """
    ids = cell.value_ids
    return str(ids[0]) if len(ids) == 1 else " ".join(map(str, ids))


def evidence_of(cell: Cell) -> dict[str, str]:
    """What proves one answer, by name.

    Args:
        cell: The answer.

    Returns:
        As `texts_of` gives it, by part.
    """
    return dict(zip(PARTS, texts_of(cell), strict=True))
