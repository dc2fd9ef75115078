"""Filling what records lack from outside, with provenance; nothing that is there is overwritten."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import (
    AuditEvent,
    ImportBatch,
    Job,
    LookupAttempt,
    Membership,
    Record,
    RecordCompletion,
    Review,
)
from screening.online.client import PAGE, WORKER
from screening.online.completing import FIELDS, Filled, Gap, Outcome, complete
from screening.online.errors import OnlineError
from screening.online.lookups import LOOKUPS
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.completions import COMPLETE_JOB, EMPTY, gap_shown, lacking, open_gaps
from screening.selectors.shown import shown_record
from screening.services.import_run import Progress, no_progress
from screening.services.outside import open_client

CHUNK = 100
_NOTHING: Mapping[str, Any] = {"abstract": "", "year": None, "venue": "", "authors": []}


def complete_record(
    *, membership: Membership, record: Record, fields: Iterable[str] = ("abstract",)
) -> str:
    """Look one record up while a person waits.

    Args:
        membership: Who asks; a lead or a screener.
        record: A record of the review.
        fields: What is wanted of `FIELDS`; what is there already is left alone.

    Returns:
        Why something is still missing; "" when nothing is.

    Raises:
        PermissionDenied: The member may not.
        ValidationError: The record is of another review, lacks nothing, has no identifier, or no
            place gave an answer.
    """
    require(membership, Capability.COMPLETE)
    if record.review_id != membership.review_id:
        raise ValidationError("The record is of another review.")
    gap = gap_shown(shown_record(record), _checked(fields))
    if not gap.fields:
        raise ValidationError("The record lacks nothing of that.")
    if not (gap.pmid or gap.doi):
        raise ValidationError("The record has neither a PubMed id nor a DOI to look it up by.")
    down: dict[str, str] = {}
    try:
        with open_client(PAGE) as client:
            outcome = complete(client, [gap], down)[gap.key]
    except OnlineError as error:
        raise ValidationError(str(error)) from None
    if not outcome.values and _is_all_down(down, [gap]):
        raise ValidationError(" ".join(down.values()))
    _store(membership, [gap], {gap.key: outcome})
    return outcome.reason(gap)


@transaction.atomic
def start_completion(
    *, membership: Membership, fields: Iterable[str], batch: ImportBatch | None = None
) -> Job:
    """Let a worker look up all records of a review, or of an import, that lack something.

    Returns:
        The job; the one that runs already when there is one.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: Nothing is asked for, nothing is lacking, or the import is of another
            review.
    """
    require(membership, Capability.IMPORT)
    wanted = _checked(fields)
    Review.objects.select_for_update().get(pk=membership.review_id)
    if batch is not None and batch.review_id != membership.review_id:
        raise ValidationError("The import is of another review.")
    running = Job.objects.open().filter(review=membership.review_id, kind=COMPLETE_JOB).first()
    if running is not None:
        return running
    if not lacking(membership.review_id, wanted, batch).exists():
        raise ValidationError(
            "No record with a PubMed id or a DOI lacks that, so there is nothing to look up."
        )
    return Job.objects.enqueue(
        kind=COMPLETE_JOB,
        review=membership.review,
        created_by=membership.user,
        params={
            "member_id": membership.pk,
            "fields": wanted,
            "batch_id": batch.pk if batch else None,
        },
    )


def run_completion(
    *,
    membership: Membership,
    fields: Sequence[str],
    batch: ImportBatch | None = None,
    progress: Progress = no_progress,
    cursor: Any = None,
) -> dict[str, int]:
    """Look the records up, a hundred at a time; called again with the cursor it goes on.

    Args:
        membership: Who asked for it; a lead.
        fields: What is wanted.
        batch: Only the records of this import.
        progress: Told after every chunk, inside its transaction.
        cursor: `{"after": record id, "done": n, "filled": n}` of the last chunk.

    Returns:
        `done` records looked up, `filled` of them with something new.

    Raises:
        PermissionDenied: Who asked may not any more.
        ValidationError: No place gives an answer; what was filled stays.
    """
    require(membership, Capability.IMPORT)
    state = {"after": 0, "done": 0, "filled": 0} | (cursor or {})
    down: dict[str, str] = {}
    records = lacking(membership.review_id, fields, batch).order_by("pk")
    total = state["done"] + records.filter(pk__gt=state["after"]).count()
    try:
        with open_client(WORKER) as client:
            while chunk := list(records.filter(pk__gt=state["after"])[:CHUNK]):
                gaps = open_gaps(chunk, fields)
                outcomes = complete(client, gaps, down)
                if _is_all_down(down, gaps):
                    raise ValidationError(_no_answer(down, state["filled"]))
                state = _advanced(state, chunk, outcomes)
                with transaction.atomic():
                    _store(membership, gaps, outcomes)
                    progress(
                        done=state["done"],
                        total=total,
                        message=f"{state['filled']:,} completed",
                        cursor=state,
                    )
    except OnlineError as error:
        raise ValidationError(str(error)) from None
    return {"done": state["done"], "filled": state["filled"]}


def _advanced(
    state: dict[str, int], chunk: Sequence[Record], outcomes: Mapping[int, Outcome]
) -> dict[str, int]:
    filled = sum(bool(outcome.values) for outcome in outcomes.values())
    return {
        "after": chunk[-1].pk,
        "done": state["done"] + len(chunk),
        "filled": state["filled"] + filled,
    }


def _is_all_down(down: Mapping[str, str], gaps: Sequence[Gap]) -> bool:
    """Whether every place that could have been asked gave no answer."""
    usable = {one.name for one in LOOKUPS if any(gap.identifier(one) for gap in gaps)}
    return bool(usable) and usable <= set(down)


def _no_answer(down: Mapping[str, str], filled: int) -> str:
    return f"{' '.join(down.values())} What was completed before stays ({filled:,})."


@transaction.atomic
def _store(membership: Membership, gaps: Sequence[Gap], outcomes: Mapping[int, Outcome]) -> None:
    for gap in gaps:
        outcome = outcomes[gap.key]
        taken = {
            name: filled
            for name, filled in outcome.values.items()
            if _fill(membership, gap.key, name, filled)
        }
        LookupAttempt.objects.create(
            record_id=gap.key,
            fields=list(gap.fields),
            reason=outcome.reason(gap),
            created_by=membership,
        )
        if taken:
            AuditEvent.objects.append(
                review=membership.review,
                actor=membership.user,
                action="record.completed",
                target=Record(pk=gap.key),
                before={name: _NOTHING[name] for name in taken},
                after={
                    name: {"value": one.value, "from": one.origin, "by": one.identifier}
                    for name, one in taken.items()
                },
            )


def _fill(membership: Membership, record_id: int, name: str, filled: Filled) -> bool:
    """Fill a field that is empty at this moment; False when it no longer is."""
    records = Record.objects.filter(EMPTY[name], pk=record_id)
    if not records.update(**{name: filled.value}):
        return False
    RecordCompletion.objects.create(
        record_id=record_id,
        field=name,
        value=filled.value,
        origin=filled.origin,
        identifier=filled.identifier,
        created_by=membership,
    )
    return True


@transaction.atomic
def undo_completion(*, membership: Membership, completion: RecordCompletion) -> None:
    """Take a filled value back: the field is empty again, as the source gave it.

    Raises:
        PermissionDenied: The member may not.
        ValidationError: It is of another review, or was taken back already.
    """
    require(membership, Capability.COMPLETE)
    record = Record.objects.select_for_update().get(pk=completion.record_id)
    if record.review_id != membership.review_id:
        raise ValidationError("The record is of another review.")
    standing = RecordCompletion.objects.filter(pk=completion.pk, undone_at__isnull=True)
    if not standing.update(undone_at=timezone.now(), undone_by=membership):
        raise ValidationError("This was taken back already.")
    name = completion.field
    setattr(record, name, _NOTHING[name])
    record.save(update_fields=[name])
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="record.completion_undone",
        target=record,
        before={name: {"value": completion.value, "from": completion.origin}},
        after={name: _NOTHING[name]},
    )


def _checked(fields: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(fields))
    if not wanted:
        raise ValidationError("Choose what to look up.")
    for name in wanted:
        if name not in FIELDS:
            raise ValidationError(f"{name!r} cannot be looked up.")
    return wanted
