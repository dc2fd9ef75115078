"""The pages of an import: upload, preview with mapping, start, report, original file."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from screening import tasks
from screening.models import ImportBatch, Job, JobContext, Membership, Record, Review, User
from screening.services import import_run
from tests import factories
from tests.responses import close

pytestmark = pytest.mark.django_db

CSV = "Paper,When,More\nOne long title,2020,x\nAnother title,soon,y\n"
RIS = "TY  - JOUR\nTI  - One\nER  - \n"


def url(name: str, **kwargs: object) -> str:
    return reverse(f"screening:{name}", kwargs={"slug": "ssl", **kwargs})


def upload(client: object, content: str | bytes, **fields: object) -> HttpResponse:
    data = content if isinstance(content, bytes) else content.encode()
    sent = {
        "file": SimpleUploadedFile("export.txt", data),
        "name": "PubMed",
        "kind": "database",
        "query": "ssl",
        "hits": 3,
        "searched_on": "2026-10-12",
    } | fields
    return client.post(url("new-import"), sent)  # type: ignore[attr-defined, no-any-return]


def batch_of(response: HttpResponse) -> ImportBatch:
    batch = ImportBatch.objects.latest("pk")
    assert response.url == url("import-preview", batch_id=batch.pk)  # type: ignore[attr-defined]
    return batch


def work_off(batch: ImportBatch) -> None:
    job = Job.objects.get(idempotency_key=f"import:{batch.pk}")
    job.owner, job.state = "worker", Job.State.RUNNING
    job.save()
    tasks.HANDLERS[job.kind](JobContext(job))
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)


def test_a_file_goes_from_upload_to_report(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    batch = batch_of(upload(client, RIS))
    preview = url("import-preview", batch_id=batch.pk)
    assert b"<td>One</td>" in client.get(preview).content
    started = client.post(preview, {"format": "ris", "encoding": "utf-8", "start": "1"})
    assert started.url == url("import-report", batch_id=batch.pk)
    assert b"every 2s" in client.get(started.url).content
    assert b"Importing export.txt" in client.get(url("running-imports")).content
    assert client.get(preview).url == started.url
    work_off(batch)
    page = client.get(started.url)
    assert b"every 2s" not in page.content
    assert page.context["counts"].imported == 1
    assert client.get(url("running-imports"))["HX-Refresh"] == "true"
    assert b"12 Oct 2026" in client.get(url("sources")).content


def test_a_table_is_mapped_on_its_preview(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    batch = batch_of(upload(client, CSV))
    preview = url("import-preview", batch_id=batch.pk)
    page = client.get(preview)
    assert b"No column holds titles" in page.content
    assert b"One long title" in page.content
    reading = {
        "format": "csv",
        "encoding": "utf-8",
        "was_format": "csv",
        "was_encoding": "utf-8",
        "column-0": "title",
        "column-1": "year",
    }
    part = client.post(preview, reading, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert part.context["preview"].report.records[0].title == "One long title"
    assert b"No year could be read" in part.content
    client.post(preview, reading | {"start": "1"})
    work_off(batch)
    assert Record.objects.get(title="Another title").extra == {"When": ["soon"], "More": ["y"]}


def test_a_workbook_is_mapped_on_its_preview(client_of: type, lead: Membership) -> None:
    book = openpyxl.Workbook()
    for row in (["Paper", "When"], ["One long title", 2020]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    client = client_of(lead)
    batch = batch_of(upload(client, stream.getvalue()))
    preview = url("import-preview", batch_id=batch.pk)
    columns = client.get(preview).context["preview"].columns
    assert [(one.header, one.sample) for one in columns] == [
        ("Paper", ["One long title"]),
        ("When", ["2020"]),
    ]
    reading = {"format": "xlsx", "encoding": "binary", "column-0": "title", "start": "1"}
    client.post(preview, reading | {"was_format": "xlsx", "was_encoding": "binary"})
    work_off(batch)
    assert Record.objects.get(batch=batch).title == "One long title"


def test_a_table_without_a_title_is_not_started(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    batch = batch_of(upload(client, CSV))
    reading = {"format": "csv", "encoding": "utf-8", "start": "1"}
    reading |= {"was_format": "csv", "was_encoding": "utf-8"}
    page = client.post(url("import-preview", batch_id=batch.pk), reading)
    assert page.status_code == 400
    assert b"No column holds titles" in page.content
    assert not Job.objects.exists()


def test_another_encoding_is_tried_on_the_preview(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    batch = batch_of(upload(client, "Title,Year\nŁódź,2020\n".encode("cp1250")))
    assert batch.encoding == "cp1252"
    sent = {"format": "csv", "encoding": "cp1250", "was_format": "csv", "was_encoding": "cp1252"}
    page = client.post(url("import-preview", batch_id=batch.pk), sent)
    assert page.context["preview"].report.records[0].title == "Łódź"
    assert page.status_code == 200
    unknown = client.post(url("import-preview", batch_id=batch.pk), {"format": "gopher"})
    assert unknown.status_code == 400


def test_another_encoding_keeps_the_columns_that_were_chosen(
    client_of: type, lead: Membership
) -> None:
    client = client_of(lead)
    text = "Größe,Title,Śuvre,Year\nGroß,Łódź,x,2020\n"  # in cp1252 one header reads Œuvre
    batch = batch_of(upload(client, text.encode("cp1250")))
    preview = url("import-preview", batch_id=batch.pk)
    guessed = {"column-0": "", "column-1": "title", "column-2": "", "column-3": "year"}
    chosen = guessed | {"column-0": "title", "column-1": "venue"}
    shown = {"was_format": "csv", "was_encoding": batch.encoding, "format": "csv"}
    page = client.post(preview, shown | chosen | {"encoding": "cp1250"})
    assert [one.field for one in page.context["preview"].columns] == ["title", "venue", "", "year"]
    assert page.context["preview"].columns[2].header == "Śuvre"
    found = page.context["preview"].report.records[0]
    assert (found.title, found.venue, found.year) == ("Groß", "Łódź", 2020)
    assert b'<option value="venue" selected>' in page.content
    # Later changes are of the new reading's columns, whatever the headers are now called.
    shown |= {"was_encoding": "cp1250", "encoding": "cp1250"}
    page = client.post(preview, shown | chosen | {"column-2": "abstract"})
    assert page.context["preview"].report.records[0].abstract == "x"
    # Nobody chose anything: the new reading is guessed as a whole.
    shown |= {"was_encoding": "cp1250", "encoding": "utf-16-le"}
    page = client.post(preview, shown | guessed)
    assert page.context["preview"].reading.mapping == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", b"The submitted file is empty"),
        (b"%PDF-1.7", b"The file is a PDF"),
        (b"\x89PNG\r\n", b"PNG image"),
        (b"Dear all", b"no file of search results"),
    ],
)
def test_a_wrong_file_is_refused_on_the_page(
    client_of: type, lead: Membership, content: bytes, words: bytes
) -> None:
    response = upload(client_of(lead), content)
    assert response.status_code == 400
    assert words in response.content
    assert not ImportBatch.objects.exists()


def test_a_file_above_the_limit_is_refused(
    client_of: type, lead: Membership, settings: object
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 200 * 1024  # type: ignore[attr-defined]
    response = upload(client_of(lead), b"x" * (201 * 1024))
    assert response.status_code in {400, 413}
    assert not ImportBatch.objects.exists()


def test_a_new_source_needs_a_name(client_of: type, lead: Membership) -> None:
    response = upload(client_of(lead), RIS, name=" ")
    assert b"Name the new source" in response.content


def test_a_known_source_is_chosen(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    source = batch_of(upload(client, RIS)).source
    form = client.get(url("new-import"), {"source": source.pk})
    assert f'value="{source.pk}" selected'.encode() in form.content
    assert batch_of(upload(client, RIS, source=source.pk, name="")).source == source


def test_a_file_is_set_aside(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    batch = batch_of(upload(client, RIS))
    page = client.post(url("discard-import", batch_id=batch.pk), follow=True)
    assert b"export.txt was set aside" in page.content
    assert not ImportBatch.objects.exists()
    started = batch_of(upload(client, RIS))
    import_run.run_import(batch=started)
    page = client.post(url("discard-import", batch_id=started.pk), follow=True)
    assert b"stays" in page.content


def test_the_original_file_comes_back_unchanged_as_a_download(
    client_of: type, lead: Membership, observer: Membership
) -> None:
    batch = batch_of(upload(client_of(lead), RIS))
    response = client_of(observer).get(url("original-file", batch_id=batch.pk))
    assert b"".join(response.streaming_content) == RIS.encode()
    assert response["Content-Disposition"] == 'attachment; filename="export.txt"'
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]


def test_problems_are_shown_by_severity(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    batch = batch_of(upload(client, 'title,year,doi\nOne,2020,\n"Two,2020,\nThree,x,\n'))
    import_run.run_import(batch=batch)
    report = url("import-report", batch_id=batch.pk)
    page = client.get(report)
    assert [p.severity for p in page.context["page"]] == ["rejected", "warning"]
    page = client.get(report, {"severity": "warning"})
    assert [p.position for p in page.context["page"]] == [4]
    assert b"&quot;Two,2020," in client.get(url("sources")).content


def test_a_failed_and_a_stopped_import_say_so(client_of: type, lead: Membership) -> None:
    client = client_of(lead)
    batch = batch_of(upload(client, RIS))
    sent = {"format": "ris", "encoding": "utf-8", "start": "1"}
    client.post(url("import-preview", batch_id=batch.pk), sent)
    report = url("import-report", batch_id=batch.pk)
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.")
    assert b"The disk is full." in client.get(report).content
    Job.objects.update(state=Job.State.CANCELLED)
    assert b"was stopped" in client.get(report).content


PAGES = ["sources", "running-imports", "import-report", "original-file"]
LEAD_PAGES = ["new-import", "import-preview", "discard-import"]


@pytest.mark.parametrize("name", PAGES + LEAD_PAGES)
def test_a_stranger_finds_nothing_and_members_only_what_they_may(
    client_of: type, lead: Membership, screener: Membership, stranger: User, name: str
) -> None:
    batch = batch_of(upload(client_of(lead), RIS))
    needs_id = name not in {"sources", "running-imports", "new-import"}
    page = url(name, **({"batch_id": batch.pk} if needs_id else {}))
    method = "post" if name == "discard-import" else "get"
    assert getattr(client_of(stranger), method)(page).status_code == 404
    expected = 403 if name in LEAD_PAGES else 200
    response = getattr(client_of(screener), method)(page)
    assert response.status_code == expected
    close(response)


def test_a_batch_of_another_review_is_not_found(
    client_of: type, lead: Membership, review: Review
) -> None:
    other = factories.make_batch(factories.make_source(factories.make_review()))
    for name in ["import-report", "original-file", "import-preview"]:
        assert client_of(lead).get(url(name, batch_id=other.pk)).status_code == 404


def test_a_review_without_records_says_what_to_do(
    client_of: type, lead: Membership, observer: Membership
) -> None:
    assert b"Import a file" in client_of(lead).get(url("sources")).content
    assert b"A lead of the review imports files" in client_of(observer).get(url("sources")).content
