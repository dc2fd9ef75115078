from collections import Counter

import pytest

from extraction.models import ExtractedValue, Extraction, ExtractionRow, SheetImport, Study
from reviewapp.demo.answers import UNITS
from reviewapp.demo.tables import read_table, studies


@pytest.fixture
def values_of(review):
    """Study-level values by reference number and field."""
    return {
        (value.extraction.study.label, value.field): value
        for value in ExtractedValue.objects.filter(
            extraction__study__review=review, row=None
        ).select_related("extraction__study")
    }


def test_there_are_79_studies_with_author_year_title_and_number(review):
    rows = [(r["ref_no"], r["first_author"], int(r["year"]), r["title"]) for r in studies()]
    found = Study.objects.filter(review=review).order_by("pk")
    assert list(found.values_list("label", "first_author", "year", "title")) == rows
    assert len(rows) == 79


def test_the_counts_by_strategy_are_the_paper_s(values_of):
    counts = Counter(value.value for (_, field), value in values_of.items() if field == "strategy")
    assert counts == {
        "innate relationship": 15,
        "generative": 3,
        "contrastive": 44,
        "self-prediction": 6,
        "combined": 11,
    }


def test_combined_strategies_are_parted(values_of):
    parts = [value.value for (_, field), value in values_of.items() if field == "combined_method"]
    assert len(parts) == 11
    assert ["contrastive", "generative"] in parts
    assert ["generative", "innate relationship", "self-prediction"] in parts


def test_both_tables_came_in_as_spreadsheets_without_a_cell_left_out(review):
    sheets = SheetImport.objects.filter(review=review).order_by("pk")
    assert [one.original_name for one in sheets] == ["studies.csv", "results.csv"]
    for sheet in sheets:
        assert sheet.imported_at is not None
        assert not [one for one in sheet.problems if not one["is_question"]]


def test_an_unknown_cell_stays_empty(values_of):
    columns = {
        "imaging_modality": "imaging_modality",
        "clinical_domain": "clinical_domain",
        "outcome_task": "outcome_task",
        "ssl_framework": "ssl_framework",
        "fine_tuning": "fine_tuning",
        "combined_method": "combined_components",
    }
    for row in studies():
        for field, column in columns.items():
            assert ((row["ref_no"], field) in values_of) == bool(row[column])


def test_every_filled_cell_says_where_it_was_read(values_of):
    assert all(value.note.startswith("Basis: ") for value in values_of.values())


def test_all_274_results_are_there_with_digits_units_and_proof(review):
    groups = ExtractionRow.objects.filter(extraction__study__review=review, group="experiment")
    assert groups.count() == 274
    for row in groups.select_related("extraction__study").prefetch_related("values"):
        result = next(
            one
            for one in read_table("results.csv")
            if f"Row {one['result_id']} of" in row.values.all()[0].note
        )
        cells = {value.field: value for value in row.values.all()}
        assert row.extraction.study.label == result["ref_no"]
        for key in ("ssl_performance", "supervised_performance"):
            if result[key] and "-" not in result[key]:
                assert cells[key].value == result[key]
                assert cells[key].unit == UNITS[result["scale"]]
                assert cells[key].quote == result["quote_or_location"]
                assert cells[key].source_url == result["source_url"]
            else:
                assert key not in cells
        assert cells["evaluation"].value == result["evaluation"]
        assert cells["read_method"].value == result["read_method"]


def test_the_extractions_are_imported_and_submitted(review):
    extractions = Extraction.objects.filter(study__review=review)
    assert extractions.count() == 79
    assert not extractions.exclude(
        origin=Extraction.Origin.IMPORT, submitted_at__isnull=False
    ).exists()


def test_each_study_has_its_own_retrieved_report(review):
    for study in Study.objects.filter(review=review):
        link = study.study_reports.get()
        assert link.is_main
        assert link.report.attempts.get().outcome == "retrieved"
