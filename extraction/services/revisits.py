"""Settling what a change of the form left in doubt."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from extraction.models import Extraction, ExtractionRow, Reconciliation, Revisit
from extraction.selectors.comparison import ComparedCell
from screening.models import AuditEvent, Membership
from screening.permissions import require
from screening.rules.roles import Capability


def settle_revisits(membership: Membership, **cell: Any) -> int:
    """Settle every open revisit of one cell; returns how many there were.

    Args:
        membership: Who wrote the cell, or says that it is right.
        cell: `field` with `extraction` and `row`, or with `reconciliation` and `consensus_row`.
    """
    open_ones = Revisit.objects.open().filter(**cell)
    return open_ones.update(settled_at=timezone.now(), settled_by=membership)


def settle_revisits_of_cells(
    membership: Membership, reconciliation: Reconciliation, cells: Iterable[ComparedCell]
) -> None:
    """Settle the open revisits of reconciled cells that are being settled anew."""
    settled = {(cell.row.pk if cell.row else None, cell.field.key) for cell in cells}
    open_ones = Revisit.objects.open().filter(reconciliation=reconciliation)
    known = open_ones.values_list("pk", "consensus_row_id", "field")
    done = [pk for pk, row, field in known if (row, field) in settled]
    if done:
        Revisit.objects.filter(pk__in=done).update(settled_at=timezone.now(), settled_by=membership)


@transaction.atomic
def confirm_cell(
    *, membership: Membership, extraction: Extraction, field: str, row: ExtractionRow | None
) -> None:
    """Say that one's own cell is right as it stands, although the form changed.

    Raises:
        ValidationError: The extraction is another's.
    """
    require(membership, Capability.EXTRACT)
    if extraction.extractor_id != membership.pk:
        raise ValidationError("Only the extractor may confirm a cell.")
    count = settle_revisits(membership, extraction=extraction, row=row, field=field)
    if count:
        after = {"field": field, "row": row.key if row else None}
        AuditEvent.objects.append_by(
            membership, "extraction.cell_confirmed", extraction, after=after
        )
