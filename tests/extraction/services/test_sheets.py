"""Extraction spreadsheets from upload to undo, through services and pages."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile

from analytics.selectors.table1 import table1_of
from extraction.models import ExtractedValue, Extraction, ExtractionRow, SheetImport, Study
from extraction.selectors.answers import study_answers
from extraction.selectors.sheets import brought_by, form_for_sheets, hanging_on_sheet, sheet_grid
from extraction.services.reconciling import start_reconciliation
from extraction.services.sheet_run import CHUNK, run_sheet
from extraction.services.sheets import (
    discard_sheet,
    map_sheet,
    start_sheet,
    take_in_sheet,
    undo_sheet,
)
from extraction.sheets.mapping import Match, SheetMapping, suggested
from reviewapp.demo.tables import DATA, read_table
from screening.models import AuditEvent, Job
from tests import factories
from tests.extraction.conftest import extract

STUDIES = "study,strategy,outcome_task,strategy_page,strategy_quote\n"


def took(lead, text, name="sheet.csv"):
    content = text.encode() if isinstance(text, str) else text
    return take_in_sheet(membership=lead, upload=ContentFile(content, name=name))


def mapped(lead, sheet, extractor, **more):
    guess = suggested(sheet_grid(sheet).header, form_for_sheets(lead.review))
    known = {"columns": guess.columns, "match": guess.match} | more
    return map_sheet(
        membership=lead, sheet=sheet, mapping=SheetMapping(**known), extractor=extractor
    )


def imported(lead, text, extractor, **more):
    sheet = mapped(lead, took(lead, text), extractor, **more)
    start_sheet(membership=lead, sheet=sheet)
    sheet.refresh_from_db()
    run_sheet(sheet=sheet)
    sheet.refresh_from_db()
    return sheet


@pytest.fixture
def labelled(study):
    study.label = "55"
    study.save()
    return study


def test_values_become_the_chosen_persons_imported_extraction(lead, extractor, labelled):
    sheet = imported(lead, f"{STUDIES}55,contrastive,effusion,3,We contrast.\n", extractor)
    extraction = Extraction.objects.get()
    assert (extraction.study, extraction.extractor) == (labelled, extractor)
    assert extraction.origin == Extraction.Origin.IMPORT
    value = extraction.values.get(field="strategy")
    assert (value.value, value.page, value.quote) == ("contrastive", 3, "We contrast.")
    assert value.sheet == sheet
    assert study_answers(review=lead.review)[0].cells["outcome_task"].value == "effusion"
    assert sheet.problems == []
    event = AuditEvent.objects.get(action="extraction_sheet.imported")
    assert (event.after["values"], event.after["problems"]) == (2, 0)


def test_wrong_cells_are_kept_as_problems_and_the_rest_comes_in(lead, extractor, labelled):
    text = f"{STUDIES}55,magic,effusion,x,\n56,contrastive,edema,,\n"
    sheet = imported(lead, text, extractor)
    assert [one["address"] for one in sheet.problems] == ["B2", "A3"]
    assert brought_by(sheet).values == 1


def test_a_second_sheet_adds_and_never_writes_over(lead, extractor, labelled):
    imported(lead, f"{STUDIES}55,contrastive,effusion,,\n", extractor)
    second = imported(lead, "study,strategy,ssl_framework\n55,generative,MoCo\n", extractor)
    (problem,) = second.problems
    assert (problem["address"], "what stands is kept" in problem["message"]) == ("B2", True)
    cells = study_answers(review=lead.review)[0].cells
    assert (cells["strategy"].value, cells["ssl_framework"].value) == ("contrastive", "MoCo")


def test_rows_with_a_key_are_filled_up_by_a_second_sheet(lead, extractor, labelled):
    head = "study,experiment_key,task,metric,"
    imported(lead, f"{head}\n55,r1,edema,AUROC,\n", extractor)
    rest = "ssl_performance,ssl_performance_unit"
    imported(lead, f"{head}{rest}\n55,r1,edema,AUROC,0.9,0-1\n", extractor)
    (row,) = ExtractionRow.objects.all()
    assert row.values.count() == 3


def test_what_somebody_extracted_in_the_form_is_never_touched(lead, extractor, labelled):
    extract(labelled, extractor, submit=False)
    sheet = imported(lead, f"{STUDIES}55,generative,edema,,\n", extractor)
    assert "has extracted this study in the form" in sheet.problems[0]["message"]
    assert brought_by(sheet).values == 0


def test_new_studies_are_made_when_asked_and_go_with_the_undo(lead, extractor, form):
    text = "study,title,first_author,year,strategy\n7,New one,Ito,2020,generative\n8,,Ito,x,x\n"
    sheet = imported(lead, text, extractor, is_making_studies=True)
    made = Study.objects.get()
    assert (made.title, made.first_author, made.year, made.label) == ("New one", "Ito", 2020, "7")
    assert "has no title" in sheet.problems[0]["message"]
    undo_sheet(membership=lead, sheet=sheet)
    assert not Study.objects.exists()
    assert not Extraction.objects.exists()


def test_an_undone_sheet_can_be_imported_again(lead, extractor, labelled):
    text = f"{STUDIES}55,contrastive,effusion,,\n"
    sheet = imported(lead, text, extractor)
    with pytest.raises(ValidationError, match="Undo that import first"):
        imported(lead, text, extractor)
    undo_sheet(membership=lead, sheet=sheet)
    with pytest.raises(ValidationError, match="nothing to undo"):
        undo_sheet(membership=lead, sheet=sheet)
    assert study_answers(review=lead.review)[0].cells == {}
    assert imported(lead, text, extractor).problems == []


def test_an_import_that_is_being_reconciled_cannot_be_undone(
    lead, extractor, other_extractor, adjudicator, labelled
):
    sheet = imported(lead, f"{STUDIES}55,contrastive,effusion,,\n", extractor)
    extract(labelled, other_extractor)
    start_reconciliation(membership=adjudicator, study=labelled)
    settled = labelled.reconciliation
    value = ExtractedValue.objects.get(sheet=sheet, field="strategy")
    settled.values.create(
        field="strategy", value="contrastive", side="a", value_a=value, decided_by=adjudicator
    )
    assert hanging_on_sheet(sheet) == ["1 studies are being reconciled with its values"]
    with pytest.raises(ValidationError, match="cannot be undone"):
        undo_sheet(membership=lead, sheet=sheet)
    later = imported(lead, "study,ssl_framework\n55,MoCo\n", extractor)
    assert "is being reconciled" in later.problems[0]["message"]


def test_a_killed_import_goes_on_where_it_stopped(lead, extractor, form, monkeypatch):
    monkeypatch.setattr("extraction.services.sheet_run.CHUNK", 2)
    lines = "".join(f"{n},Study {n},generative\n" for n in range(5))
    sheet = mapped(
        lead, took(lead, f"study,title,strategy\n{lines}"), extractor, is_making_studies=True
    )
    start_sheet(membership=lead, sheet=sheet)
    seen = []

    def dies(*, cursor, **_facts):
        seen.append(cursor)
        if cursor == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sheet(sheet=sheet, progress=dies)
    assert Study.objects.count() == 2
    run_sheet(sheet=sheet, cursor=2)
    assert Study.objects.count() == ExtractedValue.objects.count() == 5
    assert CHUNK > 2


def test_only_a_lead_imports(lead, extractor, observer, form):
    for member in (extractor, observer):
        with pytest.raises(PermissionDenied):
            took(member, "a,b\n1,2\n")
    sheet = took(lead, "study,strategy\n1,2\n")
    elsewhere = factories.make_member(factories.make_review(slug="other"), "lead")
    with pytest.raises(ValidationError, match="another review"):
        map_sheet(membership=elsewhere, sheet=sheet, mapping=SheetMapping(), extractor=None)
    with pytest.raises(ValidationError, match="Choose the person"):
        start_sheet(membership=lead, sheet=mapped(lead, sheet, None))
    discard_sheet(membership=lead, sheet=sheet)
    assert not SheetImport.objects.exists()


def test_files_that_are_no_table_are_refused(lead, form):
    for content in (b"", b"one cell", b"PK\x03\x04 broken"):
        with pytest.raises(ValidationError):
            took(lead, content)
    assert not SheetImport.objects.exists()


def test_the_tables_of_the_demo_come_in_as_they_are(lead, extractor, form):
    """`studies.csv` and `results.csv`, untouched, through mapping alone."""
    for row in read_table("studies.csv"):
        Study.objects.create(
            review=lead.review, title=row["title"], first_author=row["first_author"],
            year=int(row["year"]), label=row["ref_no"],
        )  # fmt: skip
    basis = {"strategy": "strategy_basis", "imaging_modality": "modality_basis",
             "clinical_domain": "domain_basis", "outcome_task": "task_basis"}  # fmt: skip
    meaning = {"ref_no": "study", "combined_components": "value::combined_method"}
    meaning |= {key: f"value::{key}" for key in (*basis, "ssl_framework", "fine_tuning")}
    meaning |= {column: f"basis::{key}" for key, column in basis.items()}
    content = (DATA / "studies.csv").read_bytes()
    header = next(csv.reader(io.StringIO(content.decode())))
    columns = tuple(meaning.get(name, "") for name in header)
    first = imported(lead, content, extractor, columns=columns, match=Match.LABEL)

    keys = ("task", "dataset", "metric", "ssl_framework", "backbone", "fine_tuning",
            "evaluation", "read_method", "ssl_performance", "supervised_performance")  # fmt: skip
    meaning = {key: f"value:experiment:{key}" for key in keys}
    meaning |= {
        "ref_no": "study", "result_id": "row", "scale": "unit::*",
        "fraction_of_labels": "value:experiment:label_fraction",
        "baseline": "value:experiment:comparator", "notes": "value:experiment:value_note",
        "quote_or_location": "quote::*", "source_url": "source_url::*",
    }  # fmt: skip
    content = (DATA / "results.csv").read_text(encoding="utf-8")
    header = next(csv.reader(io.StringIO(content)))
    columns = tuple(meaning.get(name, "") for name in header)
    second = imported(lead, content, extractor, columns=columns, match=Match.LABEL)

    assert not [one for one in first.problems if not one["is_question"]]
    wrong = {(one["column"], one["text"]) for one in second.problems if not one["is_question"]}
    assert all("-" in text or "to" in text for _, text in wrong), (
        "only printed ranges are no number"
    )
    assert brought_by(second).rows == 274
    table = table1_of(review=lead.review)
    expected = {row["ref_no"]: float(row["relative_difference_full_pct"])
                for row in read_table("selected_pairs.csv")}  # fmt: skip
    labels = dict(Study.objects.values_list("pk", "label"))
    found = {
        labels[row.study_id]: float(row.text("relative_difference_full"))
        for row in table.rows
        if row.text("relative_difference_full")
    }
    assert found == pytest.approx(expected, abs=6e-3)


def test_the_pages_lead_from_upload_to_undo(client_of, lead, extractor, labelled):
    browser = client_of(lead)
    base = "/r/ssl/extraction/sheets/"
    text = f"{STUDIES}55,contrastive,effusion,3,=cmd()\n56,magic,,,\n"
    answer = browser.post(base, {"file": ContentFile(text.encode(), name="my.csv")}, follow=True)
    page = answer.text
    assert "The columns are guessed by their names." in page
    assert "No study here is “56”" in page
    sheet = SheetImport.objects.get()
    sent = {f"column_{n}": one for n, one in enumerate(
        ("study", "value::strategy", "value::outcome_task", "page::strategy", "quote::strategy")
    )}  # fmt: skip
    sent |= {"match": "label", "start": ""}
    refused = browser.post(f"{base}{sheet.pk}/map/", sent)
    assert (refused.status_code, "Choose the person" in refused.text) == (400, True)
    sent["extractor"] = extractor.pk
    assert browser.post(f"{base}{sheet.pk}/map/", sent).status_code == 302
    assert Job.objects.get().params == {"sheet_id": sheet.pk}
    assert "Waiting for a worker" in browser.get(f"{base}{sheet.pk}/").text
    sheet.refresh_from_db()
    run_sheet(sheet=sheet)
    Job.objects.update(state="done")
    page = browser.get(f"{base}{sheet.pk}/").text
    assert "<b>2</b> answers of <b>1</b> study" in page
    problems = browser.get(f"{base}{sheet.pk}/problems.csv").text
    assert problems.splitlines()[1].startswith('A3,study,56,no,"No study here is')
    browser.post(f"{base}{sheet.pk}/undo/")
    assert "The import was undone" in browser.get(f"{base}{sheet.pk}/").text
