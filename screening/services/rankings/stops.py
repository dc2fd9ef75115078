"""The lead's decision to stop screening, recorded with what was known; it can be taken back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, Membership, PreScreenRemoval, Record, ScreeningStop
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.rankings.stopping import (
    STAGE,
    StoppingPanel,
    standing_stop,
    stopping_panel,
    untouched_ids,
)

CHUNK = 1000


@transaction.atomic
def stop_screening(*, lead: Membership, note: str) -> ScreeningStop:
    """Stop: records on which nobody has decided are removed by automation, with the panel's state.

    Records with a verdict stay and are screened to the end. Nothing is excluded, and no verdict
    is written for anybody. The app never does this by itself.

    Args:
        lead: Who decides.
        note: Why, in the lead's words; goes with every removal.

    Returns:
        The decision to stop.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The stage is stopped already, nothing relevant was found yet, there is
            nothing left, or the note is empty.
    """
    require(lead, Capability.MANAGE)
    if not note.strip():
        raise ValidationError("Say why you stop; the note stands in the flow and the report.")
    if standing_stop(lead.review) is not None:
        raise ValidationError("Screening is stopped already.", code="settled")
    panel = stopping_panel(membership=lead)
    if not panel.state.found:
        raise ValidationError(
            "Nothing relevant was found yet. That is no reason to stop: go on, or look at the "
            "search and the criteria."
        )
    # Who decides locks the record's row, so that a verdict given now is seen below or comes later
    # and is told that the record was removed.
    rows = Record.objects.filter(pk__in=untouched_ids(lead.review)).order_by("pk")
    locked = set(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    left = sorted(locked & set(untouched_ids(lead.review)))
    if not left:
        raise ValidationError("No record is left that nobody has decided on.")
    stop = ScreeningStop.objects.create(
        review=lead.review,
        stage=STAGE,
        state=panel.as_dict(),
        note=note.strip(),
        removed=len(left),
        stopped_by=lead,
    )
    _remove(stop, left, panel)
    AuditEvent.objects.append_by(
        lead, "screening.stopped", stop, after={"removed": len(left), **stop.state}
    )
    return stop


def _remove(stop: ScreeningStop, ids: list[int], panel: StoppingPanel) -> None:
    note = (
        f"Not screened: screening by relevance was stopped on {timezone.localdate():%Y-%m-%d} "
        f"after {panel.settled} of {panel.total} records, {panel.state.found} of them relevant. "
        f"{stop.note}"
    )
    PreScreenRemoval.objects.bulk_create(
        (
            PreScreenRemoval(
                record_id=pk,
                kind=PreScreenRemoval.Kind.AUTOMATION,
                note=note,
                stop=stop,
                created_by=stop.stopped_by,
                created_at=stop.stopped_at,
            )
            for pk in ids
        ),
        batch_size=CHUNK,
    )


@transaction.atomic
def take_back_stop(*, lead: Membership, stop: ScreeningStop) -> ScreeningStop:
    """Take a stop back: its records are screened again, the decision stays on record.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The stop is of another review, or was taken back already.
    """
    require(lead, Capability.MANAGE)
    stops = ScreeningStop.objects.select_for_update(of=("self",))
    found = stops.filter(pk=stop.pk, review=lead.review, taken_back_at__isnull=True).first()
    if found is None:
        raise ValidationError("This decision to stop was taken back already.", code="settled")
    now = timezone.now()
    found.removals.filter(undone_at__isnull=True).update(undone_at=now, undone_by=lead)
    found.taken_back_at, found.taken_back_by = now, lead
    found.save(update_fields=["taken_back_at", "taken_back_by"])
    AuditEvent.objects.append_by(lead, "screening.resumed", found, after={"back": found.removed})
    return found
