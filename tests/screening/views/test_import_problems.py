"""The pages after an import: rejected rows, facts, undoing, the files' filter, all work."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from screening import tasks
from screening.models import ImportBatch, ImportProblem, Job, JobContext, Membership, Record
from screening.selectors.import_files import Reading
from screening.services import import_run, imports
from tests import factories

pytestmark = pytest.mark.django_db
CSV = b'Paper,Year\nOne,2020\n"Two,2021\nThree,2022\nFive,2024\n'
MAPPING = {"Paper": "title", "Year": "year"}


def url(name: str, **kwargs: object) -> str:
    return reverse(f"screening:{name}", kwargs={"slug": "ssl", **kwargs})


def take_in(lead: Membership, content: bytes = CSV) -> ImportBatch:
    upload = ContentFile(content, name="table.csv")
    return imports.take_in(membership=lead, source_name="PubMed", kind="database", upload=upload)


@pytest.fixture
def batch(lead: Membership) -> ImportBatch:
    batch = take_in(lead)
    reading = Reading("csv", "utf-8", MAPPING)
    imports.fix_reading(membership=lead, batch=batch, reading=reading)
    import_run.run_import(batch=batch)
    ImportProblem.objects.create(
        batch=batch,
        position=9,
        severity="rejected",
        message="The row cannot be read.",
        raw_text="?",
    )
    return ImportBatch.objects.get(pk=batch.pk)


def page_of(problem: ImportProblem) -> str:
    return url("import-problem", batch_id=problem.batch_id, problem_id=problem.pk)


def test_rejected_rows_are_settled_one_after_the_other(
    client_of: type, lead: Membership, batch: ImportBatch
) -> None:
    client = client_of(lead)
    report = url("import-report", batch_id=batch.pk)
    first, second = batch.problems.unsettled()
    assert page_of(first) in client.get(report).text
    assert "&quot;Two,2021" in client.get(page_of(first)).text
    refused = client.post(page_of(first), {"action": "correct", "text": '"Two,2021'})
    assert refused.status_code == 400
    assert "never closed" in refused.text
    onwards = client.post(page_of(first), {"action": "correct", "text": '"Two",2021\r\n'})
    assert onwards.url == page_of(second)
    assert Record.objects.get(title="Two").batch == batch
    assert client.post(page_of(second), {"action": "leave_out"}).status_code == 400
    done = client.post(page_of(second), {"action": "leave_out", "note": "A footnote."})
    assert done.url == report
    text = client.get(report).text
    assert "1 corrected" in text
    assert "A footnote." in text
    assert "As it was corrected" in client.get(page_of(first)).text
    client.post(page_of(second), {"action": "reopen"})
    assert batch.problems.unsettled().count() == 1
    assert client.post(page_of(first), {"action": "reopen"}, follow=True).status_code == 200


def test_a_corrected_row_is_looked_at_for_duplicates(
    client_of: type, lead: Membership, batch: ImportBatch
) -> None:
    first = batch.problems.unsettled().first()
    assert first is not None
    client_of(lead).post(page_of(first), {"action": "correct", "text": '"Two",2021\n'})
    assert Job.objects.filter(kind="find_duplicates").count() == 1


def test_the_list_of_records_is_narrowed_to_a_file(
    client_of: type, lead: Membership, batch: ImportBatch
) -> None:
    factories.make_record(
        batch.review, title="Elsewhere", source=factories.make_source(batch.review)
    )
    page = client_of(lead).get(url("records"), {"batch": batch.pk})
    assert page.context["page"].paginator.count == 3
    assert "of the file table.csv from PubMed" in page.text
    wrong = client_of(lead).get(url("records"), {"batch": 4711})
    assert "fits nothing in this review" in wrong.text


def test_a_second_file_with_the_same_columns_is_mapped_as_the_first(
    client_of: type, lead: Membership, batch: ImportBatch
) -> None:
    second = take_in(lead, b"Paper,Year\nSix,2020\nSeven,2021\n")
    page = client_of(lead).get(url("import-preview", batch_id=second.pk))
    assert "as for table.csv" in page.text
    assert [one.field for one in page.context["preview"].columns] == ["title", "year"]
    other = take_in(lead, b"Paper,When\nSix,2020\nSeven,2021\n")
    page = client_of(lead).get(url("import-preview", batch_id=other.pk))
    assert page.context["preview"].remembered is None


def test_the_preview_counts_the_whole_file_and_says_what_was_guessed(
    client_of: type, lead: Membership
) -> None:
    rows = "".join(f"TY  - JOUR\nTI  - Title {n}\nER  - \n" for n in range(300))
    batch = take_in(lead, rows.encode())
    page = client_of(lead).get(url("import-preview", batch_id=batch.pk))
    assert page.context["preview"].report.imported == 300
    assert "guessed by its content: ris, utf-8" in page.text


def test_the_search_and_the_source_are_edited(
    client_of: type, lead: Membership, batch: ImportBatch
) -> None:
    client = client_of(lead)
    sent = {"query": "ssl", "interface": "Ovid", "searched_on": "2026-10-12", "hits": "9"}
    done = client.post(url("edit-import", batch_id=batch.pk), sent, follow=True)
    assert "9, 5 in this file" in done.text
    assert "4 missing" in client.get(url("sources")).text
    assert client.post(url("edit-import", batch_id=batch.pk), {"hits": "x"}).status_code == 400
    page = url("edit-source", source_id=batch.source_id)
    client.post(page, {"name": "MEDLINE", "kind": "register"})
    batch.source.refresh_from_db()
    assert (batch.source.name, batch.source.kind) == ("MEDLINE", "register")
    factories.make_source(batch.review, name="Scopus")
    assert client.post(page, {"name": "Scopus", "kind": "register"}).status_code == 400


def test_the_page_of_undoing_names_what_hangs_with_links(
    client_of: type, lead: Membership, screener: Membership, batch: ImportBatch
) -> None:
    client, undo = client_of(lead), url("undo-import", batch_id=batch.pk)
    assert "Nothing hangs on it" in client.get(undo).text
    record = batch.records.first()
    factories.make_decision(record, screener)
    text = client.get(undo).text
    assert "1 record has decisions" in text
    assert record.get_absolute_url() in text
    assert "include" not in text.split("<main")[1].split("</main>")[0].replace("icon", "")


def test_a_file_whose_rows_a_later_file_counts_as_known_is_not_undone(
    client_of: type, lead: Membership, batch: ImportBatch
) -> None:
    later = take_in(lead, CSV + b"Six,2025\n")
    imports.fix_reading(membership=lead, batch=later, reading=Reading("csv", "utf-8", MAPPING))
    import_run.run_import(batch=later)
    client = client_of(lead)
    assert (
        "3 records have rows in table.csv too"
        in client.get(url("undo-import", batch_id=batch.pk)).text
    )
    client.post(url("undo-import", batch_id=later.pk))
    assert "Nothing hangs on it" in client.get(url("undo-import", batch_id=batch.pk)).text


def test_all_work_is_listed_by_where_it_stands(
    client_of: type, lead: Membership, screener: Membership, batch: ImportBatch
) -> None:
    values = {"kind": "import_records", "review": batch.review, "created_by": lead.user}
    now = timezone.now()
    running = Job.objects.create(
        **values, state="running", owner="w", done=5, total=9, params={"batch_id": batch.pk}
    )
    Job.objects.create(**values)
    failed = Job.objects.create(**values, state="failed", error="No disk.", finished_at=now)
    Job.objects.create(**values, state="cancelled", finished_at=now)
    factories.make_review()
    text = client_of(lead).get(url("jobs")).text
    for words in ("<b>5</b> of 9", "table.csv", "Waiting for a worker", "No disk.", "Cancelled"):
        assert words in text
    assert 'hx-trigger="every 2s"' in text
    assert reverse("screening:cancel-job", kwargs={"job_id": running.pk}) in text
    assert "cancel" not in client_of(screener).get(url("jobs"), headers={"HX-Request": "true"}).text
    retry = reverse("screening:retry-job", kwargs={"job_id": failed.pk})
    assert client_of(lead).post(retry, {"from": "jobs"}).url == url("jobs")


@pytest.mark.parametrize("is_automatic", [True, False])
def test_duplicates_are_looked_for_after_an_import_unless_it_is_switched_off(
    client_of: type,
    lead: Membership,
    django_capture_on_commit_callbacks: object,
    *,
    is_automatic: bool,
) -> None:
    review = lead.review
    review.is_detection_automatic = is_automatic
    review.save()
    for number in range(2):
        batch = take_in(lead, b"TY  - JOUR\nTI  - Title %d\nER  - \n" % number)
        job = imports.start_import(
            membership=lead, batch=batch, reading=Reading(batch.format, batch.encoding, {})
        )
        job.owner, job.state = "worker", Job.State.RUNNING
        job.save()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            tasks.HANDLERS["import_records"](JobContext(job))
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, owner="")
    assert Job.objects.filter(kind="find_duplicates").count() == (1 if is_automatic else 0)
    text = client_of(lead).get(url("import-report", batch_id=batch.pk)).text
    assert ("being looked for" in text) == is_automatic
    assert ("Look for duplicates" in text) != is_automatic
