"""What proves one answer, as texts for the columns beside it."""

from extraction.schema.answers import Cell

PARTS = ("unit", "page", "location", "quote", "source_url", "status", "reconciled_by", "value_ids")
NO_EVIDENCE = ("",) * len(PARTS)


def texts_of(cell: Cell) -> tuple[str, ...]:
    """What proves one answer, in the order of `PARTS`.

    Args:
        cell: The answer.

    Returns:
        Unit, page (from 1), location, quote, source_url, status (reconciled, imported or raw),
        reconciled_by, and the ids of the raw values parted by blanks.
    """
    return (
        cell.unit,
        "" if cell.page is None else str(cell.page),
        cell.location,
        cell.quote,
        cell.source_url,
        cell.status.value,
        cell.decided_by,
        " ".join(map(str, cell.value_ids)),
    )


def evidence_of(cell: Cell) -> dict[str, str]:
    """What proves one answer, by name.

    Args:
        cell: The answer.

    Returns:
        As `texts_of` gives it, by part.
    """
    return dict(zip(PARTS, texts_of(cell), strict=True))
