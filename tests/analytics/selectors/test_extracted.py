"""Everything that was extracted as files: whose eyes, which columns, and the way back in."""

import csv
import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from analytics.selectors.extracted import extracted_file, raw_entries, readable_extractions
from extraction.models import ExtractedValue, Extraction, Study
from extraction.permissions import can_read_values
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from extraction.selectors.answers import study_answers
from extraction.selectors.sheets import form_for_sheets, sheet_grid
from extraction.services.sheet_run import run_sheet
from extraction.services.sheets import map_sheet, take_in_sheet, undo_sheet
from extraction.sheets.mapping import suggested
from tests import factories

ANSWERS = {
    "strategy": "combined",
    "combined_method": ["contrastive", "generative"],
    "imaging_modality": ["X-ray", "thermography, own word"],
    "outcome_task": '=HYPERLINK("x"), "é"\nsecond line; 自己',
    "fine_tuning": "end-to-end, last block only",
}
ROWS = [
    {"task": "'quoted", "metric": "AUROC", "label_fraction": "1%", "ssl_performance": "0.8330",
     "supervised_performance": "0.80"},
    {"task": "-1+1", "metric": "own score", "ssl_performance": "98.460"},
]  # fmt: skip


def fill(study, form, person, *, origin="import", submitted=True):
    made = Extraction.objects.create(
        study=study, form=form, extractor=person, origin=origin,
        submitted_at=timezone.now() if submitted else None,
    )  # fmt: skip
    for key, value in ANSWERS.items():
        made.values.create(field=key, value=value, page=3, quote="as “printed”", location="table")
    for position, cells in enumerate(ROWS, start=1):
        row = made.rows.create(group="experiment", position=position)
        for key, value in cells.items():
            unit = "" if "performance" not in key else "fraction" if position == 1 else "percent"
            made.values.create(row=row, field=key, value=value, unit=unit, source_url="https://x.y")
    return made


@pytest.fixture
def form(review):
    return factories.make_form(review, to_json(template("ssl_classification")))


@pytest.fixture
def study(review, form):
    return Study.objects.create(review=review, title="A title", first_author="Ö", label="=1")


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def plain(review):
    """Everything that a sheet carries, without ids."""

    def cells(level):
        names = ("value", "unit", "page", "quote", "location", "source_url")
        return {key: [getattr(cell, name) for name in names] for key, cell in level.items()}

    return [
        (one.study_id, cells(one.cells), [cells(row.cells) for row in one.rows])
        for one in study_answers(review=review)
    ]


@pytest.mark.parametrize("kind", ["csv", "csv-excel", "xlsx"])
def test_a_wide_export_comes_in_again_with_the_same_values(lead, extractor, form, study, kind):
    fill(study, form, extractor)
    fill(Study.objects.create(review=lead.review, title="Other"), form, extractor)
    before = plain(lead.review)
    files = [
        extracted_file(lead, values="reconciled", shape=shape, file_format=kind)
        for shape in ("studies", "experiment")
    ]
    Extraction.objects.all().delete()
    assert plain(lead.review) != before
    for content in files:
        sheet = take_in_sheet(membership=lead, upload=ContentFile(content, name="x"))
        guess = suggested(sheet_grid(sheet).header, form_for_sheets(lead.review))
        sheet = map_sheet(membership=lead, sheet=sheet, mapping=guess, extractor=extractor)
        run_sheet(sheet=sheet)
        assert [one for one in sheet.problems if not one["is_question"]] == []
    assert plain(lead.review) == before
    undo_sheet(membership=lead, sheet=sheet)
    assert [rows for _, _, rows in plain(lead.review)] == [[], []]


def test_every_raw_answer_is_in_the_long_form_with_its_person(lead, extractor, form, study):
    fill(study, form, extractor)
    rows = rows_of(extracted_file(lead, values="raw", shape="long", file_format="csv"))
    assert len(rows) == ExtractedValue.objects.count()
    one = next(row for row in rows if row["field"] == "ssl_performance")
    assert (one["value"], one["unit"], one["group"]) == ("0.8330", "fraction", "experiment")
    assert (one["extractor"], one["state"]) == (extractor.user.email, "imported")
    observer = factories.make_member(lead.review, "observer")
    told = extracted_file(observer, values="raw", shape="long", file_format="csv")
    assert extractor.user.name.encode() in told
    assert b"@example.org" not in told
    assert one["source_url"] == "https://x.y"
    assert next(r for r in rows if r["field"] == "outcome_task")["value"].startswith("'=HYPER")


def test_all_tables_stand_in_one_workbook_with_numbers_as_numbers(lead, extractor, form, study):
    fill(study, form, extractor)
    content = extracted_file(lead, values="reconciled", shape="all", file_format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["long", "studies", "experiment"]
    sheet = book["experiment"]
    header = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, header.index("ssl_performance") + 1)
    assert (cell.value, cell.number_format) == (0.833, "0.0000")
    assert header[:5] == ["study_id", "study_label", "first_author", "year", "title"]


def test_the_export_shows_each_member_what_the_rule_of_blinding_shows(
    lead, extractor, other_extractor, observer, form, study
):
    other = Study.objects.create(review=lead.review, title="Both submitted")
    fill(study, form, extractor, origin="page")
    fill(study, form, other_extractor, origin="page", submitted=False)
    for person in (extractor, other_extractor):
        fill(other, form, person, origin="page")
    fill(other, form, lead)
    for is_blinded in (True, False):
        type(lead.review).objects.filter(pk=lead.review_id).update(is_extraction_blinded=is_blinded)
        for member in (lead, extractor, other_extractor, observer):
            member.review.refresh_from_db()
            allowed = {
                one.pk
                for one in Extraction.objects.select_related("study")
                if can_read_values(member, one)
            }
            assert set(readable_extractions(member).values_list("pk", flat=True)) == allowed
    lead.review.refresh_from_db()
    assert len({(one.person, one.study.study_id) for one in raw_entries(lead)}) == 5


def test_another_persons_draft_is_in_no_file(lead, extractor, other_extractor, form, study):
    fill(study, form, extractor, origin="page", submitted=False)
    for values, shape in (("raw", "long"), ("raw", "studies"), ("reconciled", "long")):
        content = extracted_file(other_extractor, values=values, shape=shape, file_format="csv")
        assert rows_of(content) == []
    content = extracted_file(
        other_extractor, values="reconciled", shape="studies", file_format="csv"
    )
    assert [row["strategy"] for row in rows_of(content)] == [""]


def test_the_number_of_statements_does_not_grow(
    lead, extractor, form, study, django_assert_max_num_queries
):
    """Form, extractions with people, values, rows."""
    for number in range(4):
        fill(Study.objects.create(review=lead.review, title=f"S {number}"), form, extractor)
    with django_assert_max_num_queries(5):
        extracted_file(lead, values="raw", shape="all", file_format="xlsx")


def test_pages_and_command_write_the_files(client_of, lead, observer, extractor, form, study):
    fill(study, form, extractor)
    browser = client_of(observer)
    page = browser.get("/r/ssl/extraction/data/").text
    assert "/r/ssl/extraction/data/experiment/csv/?values=raw" in page
    answer = browser.get("/r/ssl/extraction/data/studies/csv/?values=reconciled")
    assert 'filename="extracted-studies-ssl.csv"' in answer["Content-Disposition"]
    assert browser.get("/r/ssl/extraction/data/all/xlsx/").status_code == 200
    for wrong in ("nonsense/csv", "all/csv", "long/pdf"):
        assert browser.get(f"/r/ssl/extraction/data/{wrong}/").status_code == 404
    out = io.StringIO()
    call_command("export_extraction", "--review", "ssl", "--shape", "studies", stdout=out)
    assert out.getvalue().encode() == answer.content
    for wrong in (["--shape", "x"], ["--format", "xlsx"], ["--member", "nobody@example.org"]):
        with pytest.raises(CommandError):
            call_command("export_extraction", "--review", "ssl", *wrong)


def test_nothing_is_exported_before_there_is_a_form(client_of, lead):
    assert (
        "No extraction form is published yet" in client_of(lead).get("/r/ssl/extraction/data/").text
    )
    assert client_of(lead).get("/r/ssl/extraction/data/long/csv/").status_code == 404
