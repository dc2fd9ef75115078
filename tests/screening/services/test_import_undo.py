"""An import is undone as long as nothing hangs on it, and says what does."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from screening.models import (
    AuditEvent,
    DuplicateLink,
    ImportBatch,
    Job,
    Membership,
    Note,
    Record,
    Report,
)
from screening.selectors.import_files import reading_of
from screening.services import import_run, import_undo, imports
from tests import factories

pytestmark = pytest.mark.django_db

RIS = "TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\nER  - \n"


@pytest.fixture
def batch(lead: Membership) -> ImportBatch:
    upload = ContentFile(RIS.encode(), name="file.ris")
    batch = imports.take_in(membership=lead, source_name="A site", kind="website", upload=upload)
    imports.fix_reading(membership=lead, batch=batch, reading=reading_of(batch))
    import_run.run_import(batch=batch)
    return ImportBatch.objects.get(pk=batch.pk)


def test_an_import_without_consequences_is_undone(
    lead: Membership, batch: ImportBatch, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    name = batch.file.name
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        import_undo.undo_import(membership=lead, batch=batch)
    review = lead.review
    assert not Record.objects.filter(review=review).exists()
    assert not Report.objects.filter(record__review=review).exists()
    assert not default_storage.exists(name)
    event = AuditEvent.objects.get(review=review, action="import.undone")
    assert event.before["imported"] == 2


def _decision(record: Record, member: Membership) -> None:
    factories.make_decision(record, member)


def _note(record: Record, member: Membership) -> None:
    Note.objects.create(record=record, author=member, body="A note.")


def _link(record: Record, member: Membership) -> None:
    other = factories.make_record(record.review, source=factories.make_source(record.review))
    pair = {"record": record, "kept": other, "review": record.review}
    DuplicateLink.objects.create(**pair, method="manual", created_by=member)


def _study(record: Record, member: Membership) -> None:
    factories.make_study(record.review, record.report)


@pytest.mark.parametrize(
    ("hang", "words"),
    [
        (_decision, "1 record has decisions"),
        (_note, "1 record has notes"),
        (_link, "1 record has links or rulings"),
        (_study, "1 record has studies"),
    ],
)
def test_what_hangs_on_an_import_keeps_it(
    lead: Membership,
    batch: ImportBatch,
    hang: Callable[[Record, Membership], None],
    words: str,
) -> None:
    record = batch.records.first()
    assert record is not None
    hang(record, lead)
    with pytest.raises(ValidationError, match=words):
        import_undo.undo_import(membership=lead, batch=batch)
    assert batch.records.count() == 2


def test_a_running_import_and_one_of_another_review_stay(
    lead: Membership, batch: ImportBatch
) -> None:
    elsewhere = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(ValidationError, match="another review"):
        import_undo.undo_import(membership=elsewhere, batch=batch)
    Job.objects.create(kind="import_records", idempotency_key=f"import:{batch.pk}")
    with pytest.raises(ValidationError, match="still running"):
        import_undo.undo_import(membership=lead, batch=batch)


def test_only_a_lead_undoes(screener: Membership, batch: ImportBatch) -> None:
    with pytest.raises(PermissionDenied):
        import_undo.undo_import(membership=screener, batch=batch)


def test_the_button_undoes_and_says_why_not(
    client_of: type, lead: Membership, batch: ImportBatch
) -> None:
    undo = reverse("screening:undo-import", kwargs={"slug": "ssl", "batch_id": batch.pk})
    record = batch.records.first()
    assert record is not None
    _note(record, lead)
    client = client_of(lead)
    assert b"1 record has notes" in client.post(undo, follow=True).content
    Note.objects.all().delete()
    assert b"was undone" in client.post(undo, follow=True).content
