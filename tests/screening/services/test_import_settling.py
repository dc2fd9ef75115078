"""Rejected rows: corrected and read again, or left out with a note; nothing is lost on the way."""

import gzip

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from screening.models import AuditEvent, ImportBatch, ImportProblem, Membership, Record, Report
from screening.selectors.import_files import Reading, reading_of
from screening.selectors.imports import counts_of, next_unsettled, settled_of
from screening.services import import_run, imports
from screening.services.import_settling import correct_problem, leave_out, reopen_problem
from tests import factories

pytestmark = pytest.mark.django_db

CSV = 'Paper,Year\nOne,2020\n"Two,2021\nThree,2022\nFive,2024\n'
RIS = "TY  - JOUR\nTI  - Pasted\nPY  - 2021\nER  - \n"


def imported(member: Membership, content: bytes, kind: str = "database") -> ImportBatch:
    batch = imports.take_in(
        membership=member, source_name="PubMed", kind=kind, upload=ContentFile(content, name="f")
    )
    reading = reading_of(batch)
    if batch.format == "csv":
        reading = Reading("csv", batch.encoding, {"Paper": "title", "Year": "year"})
    imports.fix_reading(membership=member, batch=batch, reading=reading)
    import_run.run_import(batch=batch)
    return ImportBatch.objects.get(pk=batch.pk)


@pytest.fixture
def batch(lead: Membership) -> ImportBatch:
    batch = imported(lead, CSV.encode())
    ImportProblem.objects.create(
        batch=batch,
        position=9,
        severity="rejected",
        message="The row cannot be read.",
        raw_text="?",
    )
    return batch


@pytest.fixture
def problem(batch: ImportBatch) -> ImportProblem:
    return batch.problems.unsettled().earliest("position")


def test_a_corrected_row_becomes_a_record_of_the_same_import(
    lead: Membership, problem: ImportProblem
) -> None:
    before = counts_of(problem.batch)
    record = correct_problem(membership=lead, problem=problem, text='"Two",2021\n')
    assert (record.title, record.year, record.batch, record.position) == (
        "Two",
        2021,
        problem.batch,
        3,
    )
    problem.refresh_from_db()
    assert (problem.raw_text, problem.corrected_text) == ('"Two,2021', '"Two",2021\n')
    assert (problem.settlement, problem.record, problem.settled_by) == ("corrected", record, lead)
    after = counts_of(problem.batch)
    assert (after.found, after.imported) == (before.found, before.imported + 1)
    assert after.rejected == before.rejected - 1
    assert settled_of(problem.batch).corrected == 1
    event = AuditEvent.objects.get(action="import_problem.corrected")
    assert (event.actor, event.before["raw_text"]) == (lead.user, '"Two,2021')
    assert event.after["corrected_text"] == '"Two",2021\n'


def test_a_correction_may_be_pasted_in_another_format(
    lead: Membership, problem: ImportProblem
) -> None:
    assert correct_problem(membership=lead, problem=problem, text=RIS).title == "Pasted"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ('"Two,2021\n', "never closed"),
        ("Two,2021\nSix,2022\n", "2 records"),
        ('"One",2020\nTwo,2021\n', "2 records"),
    ],
)
def test_a_text_without_exactly_one_record_is_refused_with_the_reason(
    lead: Membership, problem: ImportProblem, text: str, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        correct_problem(membership=lead, problem=problem, text=text)
    problem.refresh_from_db()
    assert problem.settlement == ""
    assert Record.objects.count() == 3


def test_a_record_that_the_source_has_is_not_added_twice(
    lead: Membership, problem: ImportProblem
) -> None:
    with pytest.raises(ValidationError, match="this very record already"):
        correct_problem(membership=lead, problem=problem, text="One,2020\n")


def test_a_row_is_settled_once(lead: Membership, problem: ImportProblem) -> None:
    correct_problem(membership=lead, problem=problem, text='"Two",2021\n')
    with pytest.raises(ValidationError, match="settled this row meanwhile"):
        correct_problem(membership=lead, problem=problem, text='"Two b",2021\n')
    with pytest.raises(ValidationError, match="settled this row meanwhile"):
        leave_out(membership=lead, problem=problem, note="No.")
    with pytest.raises(ValidationError, match="Only a row that was left out"):
        reopen_problem(membership=lead, problem=problem)


def test_a_row_is_left_out_with_a_note_and_taken_up_again(
    lead: Membership, problem: ImportProblem
) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        leave_out(membership=lead, problem=problem, note=" ")
    leave_out(membership=lead, problem=problem, note="A page head.")
    problem.refresh_from_db()
    assert (problem.settlement, problem.note) == ("left_out", "A page head.")
    assert counts_of(problem.batch).rejected == 2
    assert settled_of(problem.batch).left_out == 1
    reopen_problem(membership=lead, problem=problem)
    problem.refresh_from_db()
    assert (problem.settlement, problem.settled_by) == ("", None)
    actions = AuditEvent.objects.filter(action__startswith="import_problem")
    assert [one.action for one in actions] == ["import_problem.left_out", "import_problem.reopened"]


def test_the_next_row_to_settle_goes_round(lead: Membership, problem: ImportProblem) -> None:
    second = next_unsettled(problem)
    assert second is not None
    assert second.position > problem.position
    assert next_unsettled(second) == problem
    for one in (problem, second):
        leave_out(membership=lead, problem=one, note="No.")
    assert next_unsettled(problem) is None


def test_only_a_lead_of_the_review_settles(
    lead: Membership, screener: Membership, problem: ImportProblem
) -> None:
    elsewhere = factories.make_member(factories.make_review(), "lead")
    for act in (
        lambda who: correct_problem(membership=who, problem=problem, text=RIS),
        lambda who: leave_out(membership=who, problem=problem, note="No."),
    ):
        with pytest.raises(PermissionDenied):
            act(screener)
        with pytest.raises(ValidationError, match="another review"):
            act(elsewhere)
    with pytest.raises(PermissionDenied):
        reopen_problem(membership=screener, problem=problem)


def test_neither_warnings_nor_rows_of_a_running_import_are_settled(
    lead: Membership, problem: ImportProblem
) -> None:
    warning = ImportProblem.objects.create(
        batch=problem.batch, position=1, severity="warning", message="Odd."
    )
    with pytest.raises(ValidationError, match="Only rejected"):
        leave_out(membership=lead, problem=warning, note="No.")
    problem.batch.finished_at = None
    with pytest.raises(ValidationError, match="not ended"):
        leave_out(membership=lead, problem=problem, note="No.")


def test_a_row_of_another_method_is_sought_at_once(lead: Membership) -> None:
    batch = imported(lead, CSV.encode(), kind="website")
    problem = batch.problems.unsettled().earliest("position")
    record = correct_problem(membership=lead, problem=problem, text='"Two",2021\n')
    assert Report.objects.filter(record=record).exists()


def test_a_broken_xml_record_is_corrected(lead: Membership) -> None:
    good = "<record><titles><title>{}</title></titles><dates><year>2020</year></dates></record>"
    text = f"<?xml version='1.0'?><xml><records>{good.format('A')}<record><titles><title>B</titles>"
    batch = imported(lead, gzip.compress(text.encode()))
    problem = batch.problems.unsettled().get()
    record = correct_problem(membership=lead, problem=problem, text=good.format("B"))
    assert (record.title, record.year) == ("B", 2020)


def test_the_database_refuses_a_settlement_by_nobody(problem: ImportProblem) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportProblem.objects.filter(pk=problem.pk).update(settlement="left_out")
