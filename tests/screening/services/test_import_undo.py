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
    JobContext,
    Membership,
    Note,
    Record,
    Report,
)
from screening.selectors.import_files import reading_of
from screening.selectors.imports import is_running
from screening.services import import_run, import_undo, imports
from screening.services.jobs import claim_job
from screening.tasks import HANDLERS
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


@pytest.fixture
def in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every import is a large one, taken out record by record."""
    monkeypatch.setattr(import_undo, "AT_ONCE", 0)
    monkeypatch.setattr(import_undo, "CHUNK", 1)


class Killed(BaseException):
    """What a process does when it is killed."""


def _work(job: Job, progress: Callable[..., object] = import_run.no_progress) -> None:
    params = job.params
    import_undo.run_undo(
        membership=Membership.objects.get(pk=params["member_id"]),
        batch=ImportBatch.objects.get(pk=params["batch_id"]),
        before=params["before"],
        progress=progress,  # type: ignore[arg-type]
    )


@pytest.mark.usefixtures("in_chunks")
class TestLarge:
    """A large import is taken out by a worker."""

    def test_it_waits_for_the_worker_and_goes_on_after_a_kill(
        self, lead: Membership, batch: ImportBatch
    ) -> None:
        job = import_undo.undo_import(membership=lead, batch=batch)
        assert job is not None
        assert batch.records.count() == 2, "all is there until the worker comes"
        assert is_running(batch)

        def killed(**_: object) -> None:
            if batch.records.count() == 1:
                raise Killed

        with pytest.raises(Killed):
            _work(job, killed)
        assert batch.records.count() == 2, "the chunk that was cut was not half written"
        told: list[int] = []
        _work(job, lambda **said: told.append(said["done"]))
        assert told == [1, 2]
        assert not ImportBatch.objects.exists()
        assert not Record.objects.exists()
        event = AuditEvent.objects.get(review=lead.review, action="import.undone")
        assert event.before["imported"] == 2

    def test_who_decides_meanwhile_keeps_the_record_and_is_told_why_it_stopped(
        self, lead: Membership, batch: ImportBatch, client_of: type
    ) -> None:
        job = import_undo.undo_import(membership=lead, batch=batch)
        assert job is not None
        last = batch.records.last()
        assert last is not None
        _decision(last, lead)
        with pytest.raises(ValidationError, match="1 record has decisions"):
            _work(job)
        assert list(batch.records.all()) == [last]
        job.__class__.objects.filter(pk=job.pk).update(state="failed", done=1, total=2)
        page = reverse("screening:import-report", kwargs={"slug": "ssl", "batch_id": batch.pk})
        assert b"1 of 2 records were taken out, 1 stay" in client_of(lead).get(page).content

    def test_stopped_by_hand_it_goes_on_when_asked_again_however_little_is_left(
        self, lead: Membership, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = import_undo.undo_import(membership=lead, batch=batch)
        assert job is not None
        with pytest.raises(ValidationError, match="still running"):
            import_undo.undo_import(membership=lead, batch=batch)
        Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED)
        monkeypatch.setattr(import_undo, "AT_ONCE", 200)
        again = import_undo.undo_import(membership=lead, batch=batch)
        assert again == job
        assert Job.objects.get(pk=job.pk).state == Job.State.QUEUED

    def test_nothing_comes_in_meanwhile(self, lead: Membership, batch: ImportBatch) -> None:
        import_undo.undo_import(membership=lead, batch=batch)
        ImportBatch.objects.filter(pk=batch.pk).update(finished_at=None)
        batch.refresh_from_db()
        with pytest.raises(ValidationError, match="being undone"):
            import_run.run_import(batch=batch)

    def test_only_who_may_still_import_takes_out(
        self, lead: Membership, batch: ImportBatch
    ) -> None:
        job = import_undo.undo_import(membership=lead, batch=batch)
        assert job is not None
        Membership.objects.filter(pk=lead.pk).update(is_lead=False, is_screener=True)
        with pytest.raises(PermissionDenied):
            _work(job)
        assert batch.records.count() == 2

    def test_the_button_leads_to_the_work_and_the_work_back(
        self, lead: Membership, batch: ImportBatch, client_of: type
    ) -> None:
        client = client_of(lead)
        undo = reverse("screening:undo-import", kwargs={"slug": "ssl", "batch_id": batch.pk})
        page = client.post(undo, follow=True)
        assert b"Undo import" in page.content
        report = reverse("screening:import-report", kwargs={"slug": "ssl", "batch_id": batch.pk})
        assert report.encode() in page.content
        assert b"is being undone" in client.get(report).content
        job = claim_job(job_id=Job.objects.get(kind="undo_import").pk, owner="worker")
        assert job is not None
        HANDLERS[job.kind](JobContext(job))
        assert b"Go to the sources" in client.get(reverse("screening:job", args=[job.pk])).content
        HANDLERS[job.kind](JobContext(job))  # its last word was lost: nothing is left to do


def test_the_api_says_when_the_undoing_has_only_begun(
    client_of: type, lead: Membership, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("screening-api:import", kwargs={"slug": "ssl", "batch_id": batch.pk})
    client = client_of(lead)
    monkeypatch.setattr(import_undo, "AT_ONCE", 0)
    begun = client.delete(address)
    assert begun.status_code == 202
    job = Job.objects.get(kind="undo_import")
    assert (begun.json()["id"], begun.json()["state"]) == (job.pk, "queued")
    assert client.get(address).status_code == 200
    Job.objects.filter(pk=job.pk).delete()
    monkeypatch.setattr(import_undo, "AT_ONCE", 200)
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


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
