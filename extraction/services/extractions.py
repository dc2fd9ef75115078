"""Extractions: started, filled row by row, submitted and reopened."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from extraction.models import Assignment, ExtractedValue, Extraction, ExtractionRow, Study
from extraction.permissions import extractions_needed, is_open_for_comparison
from extraction.schema.fields import Group
from extraction.selectors.forms import current_form, definition_of
from extraction.selectors.missing import missing_answers
from extraction.selectors.settings import settings_of
from screening.models import AuditEvent, Membership
from screening.permissions import require
from screening.rules.roles import Capability


@transaction.atomic
def start_extraction(*, membership: Membership, study: Study) -> Extraction:
    """Start one's own extraction of a study with the newest form, or return the one begun.

    Raises:
        ValidationError: No form is published, two others extract the study or are named for it,
            the study is of another review, or its reconciliation is final.
    """
    require(membership, Capability.EXTRACT)
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.review_id != membership.review_id:
        raise ValidationError("This study is of another review.")
    own = study.extractions.filter(extractor=membership).first()
    if own is not None:
        return own
    form = current_form(membership.review)
    if form is None:
        raise ValidationError("No extraction form is published yet. Ask a lead to publish one.")
    _check_seat(membership, study)
    if hasattr(study, "reconciliation"):
        raise ValidationError("This study is being reconciled already.")
    extraction = Extraction.objects.create(study=study, form=form, extractor=membership)
    AuditEvent.objects.append_by(
        membership, "extraction.started", extraction, after={"form": form.version}
    )
    return extraction


@transaction.atomic
def add_row(
    *,
    membership: Membership,
    extraction: Extraction,
    group: str,
    copy_of: ExtractionRow | None = None,
) -> ExtractionRow:
    """Add a row to a repeating group, empty or as a copy of another row's current values.

    Raises:
        ValidationError: The form has no such repeating group, or the extraction is submitted.
    """
    extraction = own_draft(membership, extraction)
    _group_of(extraction, group)
    last = extraction.rows.filter(group=group).aggregate(last=Max("position"))["last"] or 0
    row = ExtractionRow.objects.create(extraction=extraction, group=group, position=last + 1)
    if copy_of is not None and copy_of.extraction_id == extraction.pk and copy_of.group == group:
        for value in copy_of.values.current().order_by("pk"):
            _copy(value, row)
    return row


@transaction.atomic
def remove_row(*, membership: Membership, extraction: Extraction, row: ExtractionRow) -> None:
    """Take a row out of one's extraction; the row and its values stay in the database."""
    extraction = own_draft(membership, extraction)
    if row.extraction_id != extraction.pk:
        raise ValidationError("This row is of another extraction.")
    if row.removed_at is None:
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
        AuditEvent.objects.append_by(
            membership, "extraction.row_removed", extraction, after={"row": row.key}
        )


@transaction.atomic
def restore_row(*, membership: Membership, extraction: Extraction, row: ExtractionRow) -> None:
    """Bring a removed row back."""
    extraction = own_draft(membership, extraction)
    if row.extraction_id != extraction.pk:
        raise ValidationError("This row is of another extraction.")
    if row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        AuditEvent.objects.append_by(
            membership, "extraction.row_restored", extraction, after={"row": row.key}
        )


@transaction.atomic
def submit_extraction(*, membership: Membership, extraction: Extraction) -> Extraction:
    """Submit one's extraction.

    Raises:
        ValidationError: Required fields are empty; names each of them.
    """
    extraction = own_draft(membership, extraction)
    missing = missing_answers(extraction)
    if missing:
        raise ValidationError(missing)
    extraction.submitted_at = timezone.now()
    extraction.reopened_at = None
    extraction.save(update_fields=["submitted_at", "reopened_at"])
    AuditEvent.objects.append_by(membership, "extraction.submitted", extraction)
    return extraction


@transaction.atomic
def reopen_extraction(
    *, membership: Membership, extraction: Extraction, reason: str = ""
) -> Extraction:
    """Make a submitted extraction a draft again.

    The extractor may do so until the other extractor has submitted; from then on, since values
    have been shown, only a lead may, with a reason, and not once the study is being reconciled.

    Raises:
        ValidationError: It is imported, the study is being reconciled, or a lead gives no reason.
    """
    extraction = Extraction.objects.select_for_update().get(pk=extraction.pk)
    study = extraction.study
    if study.review_id != membership.review_id:
        raise ValidationError("This extraction is of another review.")
    if extraction.origin == Extraction.Origin.IMPORT:
        raise ValidationError("Imported values are not edited here; reconcile them instead.")
    if hasattr(study, "reconciliation"):
        raise ValidationError(
            "This study is being reconciled, so its extractions stay as they are."
        )
    is_own = extraction.extractor_id == membership.pk and not is_open_for_comparison(study)
    if not is_own:
        require(membership, Capability.MANAGE)
        if not reason.strip():
            raise ValidationError("Say why this extraction is opened again.")
    if extraction.submitted_at is not None:
        extraction.submitted_at = None
        extraction.reopened_at = timezone.now()
        extraction.save(update_fields=["submitted_at", "reopened_at"])
        AuditEvent.objects.append_by(
            membership, "extraction.reopened", extraction, after={"reason": reason.strip()}
        )
    return extraction


def own_draft(
    membership: Membership, extraction: Extraction, *, is_revisit: bool = False
) -> Extraction:
    """Lock and return one's own extraction while it may be changed.

    A cell that needs a revisit since the form changed may be changed after submission too, until
    the study is final.

    Raises:
        PermissionDenied: It is another's.
        ValidationError: It is submitted or imported.
    """
    require(membership, Capability.EXTRACT)
    locked = Extraction.objects.select_for_update().get(pk=extraction.pk)
    if locked.extractor_id != membership.pk:
        raise PermissionDenied("Only the extractor may change an extraction.")
    if locked.origin == Extraction.Origin.IMPORT:
        raise ValidationError("Imported values are not edited here; reconcile them instead.")
    if is_revisit and not _is_final(locked.study):
        return locked
    if locked.submitted_at is not None:
        raise ValidationError("This extraction is submitted. Reopen it to change a value.")
    return locked


def _check_seat(membership: Membership, study: Study) -> None:
    """Refuse a third extractor, and one who is not named where others are."""
    named = study.assignments.standing().filter(task=Assignment.Task.EXTRACT)
    is_named = named.filter(member=membership).exists()
    working = [
        one.extractor_id
        for one in study.extractions.select_related("extractor__user")
        if one.is_draft or (one.is_of_page and one.submitted_at is not None)
    ]
    needed = extractions_needed(membership.review)
    if len(working) >= needed:
        people = "One person extracts" if needed == 1 else "Two people extract"
        raise ValidationError(f"{people} this study already.")
    if is_named:
        return
    if settings_of(membership.review).is_assigned_only:
        raise ValidationError("You are not named for this study. Ask a lead to name you.")
    waited_for = named.exclude(member__in=working).select_related("member__user")
    if len(working) + len(waited_for) >= needed:
        names = " and ".join(str(one.member) for one in waited_for)
        raise ValidationError(f"The last place is kept for {names}. Ask a lead to name you.")


def _is_final(study: Study) -> bool:
    reconciliation = getattr(study, "reconciliation", None)
    return reconciliation is not None and reconciliation.finalised_at is not None


def _group_of(extraction: Extraction, key: str) -> Group:
    group = definition_of(extraction.form).group(key)
    if group is None or not group.repeating:
        raise ValidationError(f"The form has no repeating group “{key}”.")
    return group


def _copy(value: ExtractedValue, row: ExtractionRow) -> None:
    ExtractedValue.objects.create(
        extraction_id=value.extraction_id,
        row=row,
        field=value.field,
        value=value.value,
        unit=value.unit,
        note=value.note,
        page=value.page,
        quote=value.quote,
        location=value.location,
        rectangles=value.rectangles,
        full_text_id=value.full_text_id,
        source_url=value.source_url,
    )
