"""Which row of A is which row of B, said by a person; the pairing is kept."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from extraction.models import ConsensusRow, ConsensusValue
from extraction.services.reconciling import open_comparison
from screening.models import AuditEvent, Membership


@transaction.atomic
def pair_rows(*, membership: Membership, row: ConsensusRow, other: ConsensusRow) -> ConsensusRow:
    """Say that A's row in one pair and B's row in another are the same row.

    What was settled in these rows has to be settled again; the settled values stay, superseded.
    Halves that lose their partner stand alone.

    Raises:
        ValidationError: The rows are of different groups, or one lacks the side it would give.
    """
    open_comparison(membership, row.reconciliation)
    first, second = _locked(row, other)
    if first.row_a is None or (second.row_b is None and first.row_b and second.row_a):
        first, second = second, first
    if first.row_a is None or second.row_b is None:
        raise ValidationError("Pair a row that A has with a row that B has.")
    before = [_sides(first), _sides(second)]
    _unsettle(first, second)
    left_alone, first.row_b, second.row_b = first.row_b, second.row_b, None
    if second.row_a is None:
        second.row_b, left_alone = left_alone, None
    if second.row_a is None and second.row_b is None:
        second.retired_at = timezone.now()
    _save(first, second)
    if left_alone is not None:
        _add(first, row_b=left_alone)
    AuditEvent.objects.append_by(
        membership,
        "study.rows_paired",
        first.reconciliation.study,
        before={"rows": before},
        after={"rows": [_sides(first), _sides(second)]},
    )
    return first


@transaction.atomic
def split_row(*, membership: Membership, row: ConsensusRow) -> ConsensusRow:
    """Say that the two halves of a row are different rows; returns the new row, B's half.

    Raises:
        ValidationError: Only one of them has this row.
    """
    open_comparison(membership, row.reconciliation)
    (known,) = _locked(row)
    if known.row_a is None or known.row_b is None:
        raise ValidationError("Only one of the two has this row, so there is nothing to part.")
    before = _sides(known)
    _unsettle(known)
    half, known.row_b = known.row_b, None
    _save(known)
    made = _add(known, row_b=half)
    AuditEvent.objects.append_by(
        membership,
        "study.row_split",
        known.reconciliation.study,
        before={"rows": [before]},
        after={"rows": [_sides(known), _sides(made)]},
    )
    return made


def _locked(*rows: ConsensusRow) -> list[ConsensusRow]:
    """The rows as they stand now, in the order given."""
    found = ConsensusRow.objects.standing().select_for_update(of=("self",))
    known = found.select_related("reconciliation__study", "row_a", "row_b").in_bulk(
        [row.pk for row in rows]
    )
    places = {(one.reconciliation_id, one.group) for one in known.values()}
    if len(known) != len(rows) or len(places) > 1:
        raise ValidationError("Pair two rows of one group. Load the page anew to see its rows.")
    return [known[row.pk] for row in rows]


def _unsettle(*rows: ConsensusRow) -> None:
    settled = ConsensusValue.objects.current().filter(row__in=rows)
    settled.update(superseded_at=timezone.now())


def _save(*rows: ConsensusRow) -> None:
    for row in rows:
        row.is_left_out = False
        row.save(update_fields=["row_a", "row_b", "is_left_out", "retired_at"])


def _add(beside: ConsensusRow, **sides: object) -> ConsensusRow:
    rows = beside.reconciliation.rows.filter(group=beside.group)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    return ConsensusRow.objects.create(
        reconciliation=beside.reconciliation,
        group=beside.group,
        position=last + 1,
        **sides,
    )


def _sides(row: ConsensusRow) -> dict[str, str | None]:
    """A row with the keys of its halves, for the audit trail."""
    return {
        "row": row.key,
        "a": row.row_a.key if row.row_a else None,
        "b": row.row_b.key if row.row_b else None,
    }
