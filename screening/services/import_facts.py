"""Changing afterwards what is known of an import: its source and the search behind it."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import (
    AuditEvent,
    ImportBatch,
    Membership,
    Record,
    Report,
    Review,
    Search,
    Source,
)
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.import_hanging import hanging_on
from screening.services.imports import SearchFacts, search_of
from screening.services.reports import ensure_reports


def facts_of(search: Search | None) -> SearchFacts:
    """What is known of a search; nothing of none."""
    if search is None:
        return SearchFacts()
    return SearchFacts(search.query, search.interface, search.searched_on, search.hits)


@transaction.atomic
def change_search(*, membership: Membership, batch: ImportBatch, facts: SearchFacts) -> None:
    """Say anew which search gave the file; other files of the same search keep theirs.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The import is of another review.
    """
    require(membership, Capability.IMPORT)
    if batch.review_id != membership.review_id:
        raise ValidationError("The import is of another review.")
    former = batch.search
    before = asdict(facts_of(former))
    if before == asdict(facts):
        return
    if former is None or former.batches.exclude(pk=batch.pk).exists():
        batch.search = search_of(batch.source, facts)
        batch.save(update_fields=["search"])
    else:
        for field, value in asdict(facts).items():
            setattr(former, field, value)
        former.save(update_fields=list(before))
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="import.search_changed",
        target=batch,
        before=before,
        after=asdict(facts),
    )


@transaction.atomic
def change_source(
    *, membership: Membership, source: Source, name: str, kind: str, note: str = ""
) -> Source:
    """Rename a source, note something on it, or correct its kind.

    Records of databases and registers are screened, those of the other kinds are sought at once.
    A kind of the other sort is therefore taken only while nobody has worked on the records.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The source is of another review, the name is taken or empty, or the kind
            would move records that somebody has worked on.
    """
    require(membership, Capability.IMPORT)
    if source.review_id != membership.review_id:
        raise ValidationError("The source is of another review.")
    Review.objects.select_for_update().get(pk=membership.review_id)
    source = Source.objects.select_for_update().get(pk=source.pk)
    fields: dict[str, Any] = {"name": " ".join(name.split()), "kind": kind, "note": note.strip()}
    before = {field: getattr(source, field) for field in fields}
    if fields == before:
        return source
    twins = Source.objects.filter(review=membership.review, name__iexact=fields["name"])
    if twins.exclude(pk=source.pk).exists():
        raise ValidationError(f"There is a source {fields['name']!r} already.")
    for field, value in fields.items():
        setattr(source, field, value)
    source.full_clean()
    _move_records(source, was=before["kind"])
    source.save(update_fields=list(fields))
    ensure_reports(membership.review)
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="source.changed",
        target=source,
        before=before,
        after=fields,
    )
    return source


def _move_records(source: Source, *, was: str) -> None:
    """Seek the reports of records that are screened no longer, or screen those that were sought."""
    is_screened = source.kind in Source.IDENTIFICATION_KINDS
    if is_screened == (was in Source.IDENTIFICATION_KINDS):
        return
    hanging = hanging_on(Record.objects.filter(source=source))
    if hanging:
        moved = "would be screened" if is_screened else "would no longer be screened"
        found = ", ".join(map(str, hanging))
        raise ValidationError(f"With this kind the records {moved}, but {found}.")
    if is_screened:
        Report.objects.filter(record__source=source).delete()
