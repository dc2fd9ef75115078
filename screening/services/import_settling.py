"""What a person does about a rejected row: correct it and read it again, or leave it out."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from screening.importers.correction import Corrected, read_corrected
from screening.importers.parsed import ImportRefusedError, Problem
from screening.models import (
    AuditEvent,
    ImportProblem,
    Membership,
    Record,
    Report,
    Source,
)
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.import_files import frame_of
from screening.selectors.imports import is_being_undone
from screening.services.import_run import fingerprint_of, note_of, row_of
from screening.services.prior_run import write_prior

Settlement = ImportProblem.Settlement
NOT_ASKED = (
    "This row brings decisions made elsewhere, and nobody has said whose they are: they were not "
    "taken in. Add them by hand, or undo the import."
)


def correct_problem(*, membership: Membership, problem: ImportProblem, text: str) -> Record:
    """Read a rejected row's corrected text and add its record to the same import.

    Args:
        membership: Who corrects.
        problem: A rejected row of a finished import of the review.
        text: The corrected raw text, in the file's format or any other; one record.

    Returns:
        The record, with what the people of its file had decided on it. The row keeps its raw text
        as it came, and the correction beside it.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The text gives no record or several, the source has it already, or the
            row cannot be settled now.
    """
    require(membership, Capability.IMPORT)
    batch = problem.batch
    _refuse_unsettleable(membership, problem)
    try:
        corrected = read_corrected(text, frame_of(batch))  # outside the transaction, as all parsing
    except ImportRefusedError as error:
        raise ValidationError(str(error), code="refused") from error
    return _store(membership, problem.pk, text, corrected)


@transaction.atomic
def _store(membership: Membership, problem_id: int, text: str, corrected: Corrected) -> Record:
    problem = _locked(membership, problem_id)
    if problem.settlement:
        raise ValidationError("Somebody has settled this row meanwhile.")
    batch = problem.batch
    digest = fingerprint_of(corrected.record)
    twin = Record.objects.filter(source=batch.source, fingerprint=digest).first()
    if twin is not None:
        raise ValidationError(
            f"The source holds this very record already (record {twin.pk}). Leave the row out."
        )
    record, notes = row_of(batch, corrected.record, _place(problem))
    record.fingerprint = digest
    record.save()
    notes += [note_of(batch, warning, record.position) for warning in corrected.warnings]
    if corrected.record.prior is not None and not batch.prior:
        notes.append(note_of(batch, Problem(record.position, NOT_ASKED)))
    ImportProblem.objects.bulk_create(notes, ignore_conflicts=True)
    if batch.source.kind not in Source.IDENTIFICATION_KINDS:
        Report.objects.create(record=record)
    place = (digest, record.occurrence, record.position)
    write_prior(batch, [(place, corrected.record)])
    problem.record, problem.corrected_text = record, text
    _settle(membership, problem, Settlement.CORRECTED)
    return record


@transaction.atomic
def leave_out(*, membership: Membership, problem: ImportProblem, note: str) -> None:
    """Say that a rejected row is no record worth having, and why.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The note is empty, or the row cannot be settled now.
    """
    require(membership, Capability.IMPORT)
    _refuse_unsettleable(membership, problem)
    if not note.strip():
        raise ValidationError("Say why the row is left out.")
    problem = _locked(membership, problem.pk)
    if problem.settlement:
        raise ValidationError("Somebody has settled this row meanwhile.")
    problem.note = note.strip()
    _settle(membership, problem, Settlement.LEFT_OUT)


@transaction.atomic
def reopen_problem(*, membership: Membership, problem: ImportProblem) -> None:
    """Take back that a row is left out; one that became a record stays.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The row was not left out.
    """
    require(membership, Capability.IMPORT)
    problem = _locked(membership, problem.pk)
    if problem.settlement != Settlement.LEFT_OUT:
        raise ValidationError("Only a row that was left out can be taken up again.")
    before = {"settlement": problem.settlement, "note": problem.note}
    problem.settlement, problem.note = "", ""
    problem.settled_by = problem.settled_at = None
    problem.save()
    _audit(membership, problem, "import_problem.reopened", before)


def _settle(membership: Membership, problem: ImportProblem, how: str) -> None:
    problem.settlement, problem.settled_by = how, membership
    problem.settled_at = timezone.now()
    problem.save()
    _audit(membership, problem, f"import_problem.{how}", {"settlement": ""})


def _audit(
    membership: Membership, problem: ImportProblem, action: str, before: dict[str, str]
) -> None:
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action=action,
        target=problem,
        before=before | {"raw_text": problem.raw_text},
        after={
            "settlement": problem.settlement,
            "corrected_text": problem.corrected_text,
            "record": problem.record_id,
            "note": problem.note,
        },
    )


def _refuse_unsettleable(membership: Membership, problem: ImportProblem) -> None:
    if problem.batch.review_id != membership.review_id:
        raise ValidationError("The import is of another review.")
    if problem.severity != ImportProblem.Severity.REJECTED:
        raise ValidationError("Only rejected rows are settled.")
    if problem.batch.finished_at is None:
        raise ValidationError("The import has not ended yet; its rows can be settled afterwards.")
    if is_being_undone(problem.batch):
        raise ValidationError("The import is being undone.")


def _locked(membership: Membership, problem_id: int) -> ImportProblem:
    """The row as it stands, with its source locked as a running import locks it."""
    problems = ImportProblem.objects.select_related("batch__source")
    problem = problems.filter(batch__review=membership.review_id).get(pk=problem_id)
    Source.objects.select_for_update().get(pk=problem.batch.source_id)
    return problems.select_for_update(of=("self",)).get(pk=problem_id)


def _place(problem: ImportProblem) -> int:
    """The row's own position, or the next free one behind all others of its file."""
    taken = Record.objects.filter(batch=problem.batch)
    if not taken.filter(position=problem.position).exists():
        return problem.position
    last: int = taken.aggregate(last=Max("position"))["last"]
    return last + 1
