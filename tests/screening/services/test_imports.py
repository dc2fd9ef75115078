"""Taking files in and running imports: each row exactly once, every odd row kept."""

import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile

from screening import tasks
from screening.importers.parsed import ParsedRecord
from screening.models import (
    AuditEvent,
    ImportBatch,
    ImportProblem,
    Job,
    JobContext,
    Membership,
    Record,
    Report,
    Source,
)
from screening.selectors.import_files import Reading, reading_of
from screening.selectors.imports import counts_of
from screening.services import import_run, imports
from tests import factories

pytestmark = pytest.mark.django_db

RIS = "".join(
    f"TY  - JOUR\nTI  - Title {n}\nAU  - Moreau, Alice\nPY  - 2021\nER  - \n" for n in range(1, 8)
)


def take_in(
    member: Membership, content: str | bytes, name: str = "file.ris", **kwargs: object
) -> ImportBatch:
    data = content if isinstance(content, bytes) else content.encode()
    values = {"source_name": "PubMed", "kind": "database"} | kwargs
    return imports.take_in(membership=member, upload=ContentFile(data, name=name), **values)


def stored(batch: ImportBatch) -> bytes:
    with ImportBatch.objects.get(pk=batch.pk).file.open("rb") as stream:
        content: bytes = stream.read()
    return content


def run(member: Membership, content: str | bytes, **kwargs: object) -> ImportBatch:
    batch = take_in(member, content, **kwargs)
    imports.fix_reading(membership=member, batch=batch, reading=reading_of(batch))
    import_run.run_import(batch=batch)
    return batch


def test_a_file_is_kept_privately_under_a_random_name(lead: Membership) -> None:
    batch = take_in(lead, RIS, name="../../etc/passwd")
    assert batch.original_name == "passwd"
    assert "passwd" not in batch.file.name
    assert stored(batch) == RIS.encode()
    assert batch.sha256 == hashlib.sha256(RIS.encode()).hexdigest()
    assert (batch.format, batch.encoding, batch.size) == ("ris", "utf-8", len(RIS))


def test_a_file_that_came_by_the_disk_is_read_from_there(lead: Membership) -> None:
    upload = TemporaryUploadedFile("file.ris", "text/plain", len(RIS), "utf-8")
    upload.write(RIS.encode())
    upload.seek(0)
    batch = imports.take_in(membership=lead, source_name="PubMed", kind="database", upload=upload)
    assert stored(batch) == RIS.encode()
    upload.close()


def test_nothing_is_imported_before_the_start(lead: Membership) -> None:
    take_in(lead, RIS)
    assert not Record.objects.exists()
    assert not Job.objects.exists()


def test_every_field_reaches_its_record(lead: Membership) -> None:
    text = (
        "TY  - JOUR\nTI  - T\nAB  - Abs\nAU  - Moreau, A\nPY  - 2020\nJF  - J\nVL  - 1\nIS  - 2\n"
        "SP  - 3\nEP  - 4\nDO  - 10.1000/x\nKW  - k\nLA  - en\nUR  - https://arxiv.org/abs/2101.01234\n"
        "C9  - kept\nER  - \n"
    )
    run(lead, text)
    record = Record.objects.get()
    assert (record.title, record.abstract, record.authors) == ("T", "Abs", ["Moreau, A"])
    assert (record.year, record.venue, record.volume, record.issue) == (2020, "J", "1", "2")
    assert (record.pages, record.doi, record.arxiv_id) == ("3-4", "10.1000/x", "2101.01234")
    assert (record.keywords, record.language, record.record_type) == (["k"], "en", "JOUR")
    assert record.urls[0]["role"] == "preprint"
    assert record.extra == {"C9": ["kept"]}
    assert record.raw_text == text
    assert record.position == 1


def test_the_same_file_twice_adds_nothing_and_says_so(lead: Membership) -> None:
    first, second = run(lead, RIS), run(lead, RIS.replace("\n", "\r\n"))
    assert Record.objects.count() == 7
    assert counts_of(first).as_dict() == {
        "found": 7,
        "imported": 7,
        "known": 0,
        "warnings": 0,
        "rejected": 0,
    }
    assert counts_of(second).known == counts_of(second).found == 7


def test_equal_rows_of_one_file_are_all_kept(lead: Membership) -> None:
    row = "TY  - JOUR\nTI  - Same\nER  - \n"
    run(lead, row * 3)
    assert list(Record.objects.values_list("occurrence", flat=True)) == [1, 2, 3]
    again = run(lead, row * 4)
    assert (counts_of(again).known, counts_of(again).imported) == (3, 1)


def test_the_same_file_from_another_source_is_another_listing(lead: Membership) -> None:
    run(lead, RIS)
    run(lead, RIS, source_name="Scopus")
    assert Record.objects.count() == 14


def test_unreadable_rows_are_kept_with_position_and_raw_text(lead: Membership) -> None:
    batch = run(lead, 'title,year,doi\nOne,2020,\n"Two,2020,\nThree,soon,\n,,\n')
    counts = counts_of(batch)
    assert (counts.found, counts.imported, counts.rejected, counts.warnings) == (3, 2, 1, 2)
    rejected = batch.problems.get(severity=ImportProblem.Severity.REJECTED)
    assert (rejected.position, rejected.raw_text) == (3, '"Two,2020,')
    assert Record.objects.get(title="Three").extra == {"year": ["soon"]}


def test_values_too_long_for_their_column_are_kept_beside_it(lead: Membership) -> None:
    run(lead, f"TY  - JOUR\nTI  - T\nLA  - {'x' * 150}\nER  - \n")
    record = Record.objects.get()
    assert len(record.language) == 100
    assert record.extra["language"] == ["x" * 150]
    assert "longer than 100 letters" in ImportProblem.objects.get().message


@pytest.mark.parametrize(
    ("kind", "reports"),
    [("database", 0), ("register", 0), ("website", 7), ("citation_searching", 7), ("other", 7)],
)
def test_records_of_other_methods_are_sought_at_once(
    lead: Membership, kind: str, reports: int
) -> None:
    run(lead, RIS, kind=kind)
    assert Report.objects.count() == reports


def test_the_job_imports_and_reports_progress(
    lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "CHUNK", 3)
    job = _started(lead)
    context = _context(job)
    tasks.HANDLERS["import_records"](context)
    job.refresh_from_db()
    assert (job.done, job.total, job.cursor) == (7, 7, {"items": 7})
    assert Record.objects.count() == 7
    assert ImportBatch.objects.get().finished_at is not None


@pytest.mark.parametrize("crash_after", [1, 2, 3])
def test_a_crash_in_the_middle_leaves_each_record_exactly_once(
    lead: Membership, monkeypatch: pytest.MonkeyPatch, crash_after: int
) -> None:
    monkeypatch.setattr(import_run, "CHUNK", 2)
    job = _started(lead)
    _crash(monkeypatch, chunk=crash_after)
    with pytest.raises(RuntimeError):
        tasks.HANDLERS["import_records"](_context(job))
    monkeypatch.undo()
    monkeypatch.setattr(import_run, "CHUNK", 3)
    job.refresh_from_db()
    tasks.HANDLERS["import_records"](_context(job))
    titles = sorted(Record.objects.values_list("title", flat=True))
    assert titles == [f"Title {n}" for n in range(1, 8)]
    assert counts_of(ImportBatch.objects.get()).as_dict() == {
        "found": 7,
        "imported": 7,
        "known": 0,
        "warnings": 0,
        "rejected": 0,
    }


def test_a_finished_import_runs_no_second_time(lead: Membership) -> None:
    batch = run(lead, RIS)
    assert import_run.run_import(batch=ImportBatch.objects.get(pk=batch.pk)).imported == 7
    assert AuditEvent.objects.filter(action="import.finished").count() == 1


def test_a_second_start_gives_the_same_job(lead: Membership) -> None:
    job = _started(lead)
    batch = ImportBatch.objects.get()
    reading = Reading("csv", "cp1252", {})
    assert imports.start_import(membership=lead, batch=batch, reading=reading).pk == job.pk
    batch.refresh_from_db()
    assert batch.format == "ris"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"%PDF-1.7\n%%EOF", "PDF"),
        (b"Dear all, hello.", "no file of search results"),
    ],
)
def test_a_wrong_file_is_refused_and_leaves_nothing_behind(
    lead: Membership, content: bytes, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        take_in(lead, content)
    assert not Source.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_file_above_the_limit_is_refused(lead: Membership, settings: object) -> None:
    settings.UPLOAD_LIMIT_BYTES = 100  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="at most 0 MB"):
        take_in(lead, RIS)


def test_a_table_without_titles_cannot_be_started(lead: Membership) -> None:
    batch = take_in(lead, "foo,year,doi\n1,2020,10.1000/a\n2,2021,10.1000/b\n")
    with pytest.raises(ValidationError, match="No column holds titles"):
        imports.start_import(membership=lead, batch=batch, reading=reading_of(batch))
    assert not Job.objects.exists()


def test_a_mapping_confirmed_by_a_person_is_used_and_stored(lead: Membership) -> None:
    batch = take_in(lead, "foo,year\nOne,2020\nTwo,2021\n")
    reading = Reading("csv", "utf-8", {"foo": "title"})
    imports.fix_reading(membership=lead, batch=batch, reading=reading)
    import_run.run_import(batch=batch)
    assert batch.mapping == {"foo": "title"}
    assert Record.objects.get(title="One").extra == {"year": ["2020"]}


def test_a_file_that_is_spoilt_after_the_start_is_refused_with_its_reason(
    lead: Membership,
) -> None:
    batch = take_in(lead, RIS)
    default_storage.delete(batch.file.name)
    default_storage.save(batch.file.name, ContentFile(b" "))
    with pytest.raises(ValidationError, match="empty"):
        import_run.run_import(batch=batch)


def test_a_source_known_as_another_kind_is_refused_and_the_file_removed(lead: Membership) -> None:
    take_in(lead, RIS)
    before = set(Path(default_storage.path("imports")).rglob("*"))
    with pytest.raises(ValidationError, match="is there already, as: Database"):
        take_in(lead, RIS, source_name="pubmed", kind="website")
    assert set(Path(default_storage.path("imports")).rglob("*")) == before


def test_a_source_needs_a_name(lead: Membership) -> None:
    with pytest.raises(ValidationError):
        take_in(lead, RIS, source_name="  ")


def test_the_search_behind_a_file_is_kept_once(lead: Membership) -> None:
    facts = imports.SearchFacts(query="ssl AND imaging", hits=7)
    for _ in range(2):
        assert take_in(lead, RIS, facts=facts).search.hits == 7
    assert Source.objects.get().searches.count() == 1
    assert take_in(lead, RIS).search is None


def test_a_file_set_aside_is_gone_and_one_that_was_started_stays(
    lead: Membership, django_capture_on_commit_callbacks: object
) -> None:
    batch = take_in(lead, RIS)
    name = batch.file.name
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        imports.discard_import(membership=lead, batch=batch)
    assert not default_storage.exists(name)
    started = _started(lead)
    with pytest.raises(ValidationError, match="stays"):
        imports.discard_import(
            membership=lead, batch=ImportBatch.objects.get(pk=started.params["batch_id"])
        )


def test_only_a_lead_imports_and_only_into_the_own_review(
    lead: Membership, screener: Membership
) -> None:
    batch = take_in(lead, RIS)
    reading = reading_of(batch)
    with pytest.raises(PermissionDenied):
        take_in(screener, RIS)
    with pytest.raises(PermissionDenied):
        imports.start_import(membership=screener, batch=batch, reading=reading)
    elsewhere = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(ValidationError, match="another review"):
        imports.start_import(membership=elsewhere, batch=batch, reading=reading)
    with pytest.raises(ValidationError):
        imports.discard_import(membership=elsewhere, batch=batch)


def test_each_step_is_in_the_audit_trail(lead: Membership) -> None:
    run(lead, RIS)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["source.added", "import.taken_in", "import.started", "import.finished"]


def _started(lead: Membership) -> Job:
    batch = take_in(lead, RIS)
    return imports.start_import(membership=lead, batch=batch, reading=reading_of(batch))


def _context(job: Job) -> JobContext:
    job.owner, job.state = "worker", Job.State.RUNNING
    job.save()
    return JobContext(job)


def _crash(monkeypatch: pytest.MonkeyPatch, *, chunk: int) -> None:
    write, calls = import_run._write_chunk, []

    def write_or_crash(*args: object) -> None:
        write(*args)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) == chunk:
            raise RuntimeError("power cut")

    monkeypatch.setattr(import_run, "_write_chunk", write_or_crash)


def test_how_many_records_a_file_holds_is_told_from_the_share_that_is_read(tmp_path):
    file = tmp_path / "a.ris"
    file.write_bytes(b"x" * 1000)
    share = import_run._Share(import_run._plain_size(file))
    assert share.estimate() is None
    for _ in range(5):
        share.take(ParsedRecord(raw_text="y" * 50))
    assert share.estimate() == 20


@pytest.mark.parametrize("first_bytes", [b"\x1f\x8b", b"PK\x03\x04"])
def test_of_a_packed_file_no_number_is_told(tmp_path, first_bytes):
    file = tmp_path / "a"
    file.write_bytes(first_bytes + b"x" * 1000)
    share = import_run._Share(import_run._plain_size(file))
    share.take(ParsedRecord(raw_text="y" * 50))
    assert share.estimate() is None
