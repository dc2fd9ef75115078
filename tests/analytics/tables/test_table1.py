import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.tables.long import long_table1
from analytics.tables.model import Table
from analytics.tables.provenance import with_provenance
from analytics.tables.table1 import Gains, Results, number_text, table1, words_of
from extraction.schema.answers import AnswerStatus, Cell
from tests.analytics.tables.studies import (
    BURLINA,
    EARLIER,
    FORM,
    HEADER,
    RESULTS,
    STUDIES,
    UNKNOWN,
    lines_of,
)


@pytest.fixture
def table():
    return table1(FORM, STUDIES, RESULTS)


def row_of(table, study_id):
    return next(row for row in table.rows if row.study_id == study_id)


def test_the_columns_are_the_agreed_ones(table):
    assert ",".join(column.key for column in table.columns) == HEADER


def test_rows_are_grouped_in_the_order_of_the_vocabulary_then_by_year(table):
    assert [(group, [row.study_id for row in rows]) for group, rows in table.groups()] == [
        ("combined", [3]),
        ("contrastive", [60, 58]),
        ("", [9]),
    ]


@given(st.permutations(STUDIES))
def test_the_order_of_the_studies_does_not_matter(studies):
    assert table1(FORM, studies, RESULTS) == table1(FORM, STUDIES, RESULTS)


def test_numbers_keep_their_digits_and_gains_are_computed_ones(table):
    row = row_of(table, 58)

    assert row.text("ssl_performance") == "0.8348"
    assert row.text("supervised_performance") == "0.8330"
    assert row.text("difference") == "0.18"
    assert row.text("relative_difference_full") == "0.216086"
    assert row.text("metric") == "AUROC"
    assert row.trace == ("AUROC comes first.",)


def test_a_subset_without_a_gain_stays_empty(table):
    assert row_of(table, 58).text("relative_difference_subset") == ""


def test_an_unknown_cell_stays_empty_and_says_why(table):
    row = row_of(table, 9)

    assert {row.text(column.key) for column in table.columns[:-2]} == {""}
    assert row.reason == "no comparable pair"
    assert row.values["metric"].note == "no comparable pair"
    assert table.empty_cells > 15


def test_what_is_not_asked_of_a_study_is_no_gap(table):
    value = row_of(table, 58).values["combined_method"]

    assert value.note == "does not apply"
    assert not value.applies
    assert row_of(table, 3).text("combined_method") == ""
    assert "combined_method" not in row_of(table, 3).values


def test_several_choices_are_joined_by_semicolons(table):
    assert row_of(table, 58).text("imaging_modality") == "fundus photography; OCT"


def test_the_framework_is_the_studys_and_not_an_experiments(table):
    assert row_of(table, 58).text("ssl_framework") == ""


def test_a_strategy_of_the_extractors_own_stands_after_the_vocabulary():
    own = dataclasses.replace(EARLIER, study_id=4, cells={"strategy": Cell("new kind")})
    groups = [group for group, _ in table1(FORM, [own, UNKNOWN, EARLIER], Results()).groups()]

    assert groups == ["contrastive", "new kind", ""]


def test_the_long_form_has_one_row_per_experiment():
    table = long_table1(FORM, STUDIES, RESULTS)
    keys = [column.key for column in table.columns]

    assert [row.text("experiment_id") for row in table.rows] == [
        "percent-row",
        "full-row",
        "subset-row",
    ]
    assert {"dataset", "label_fraction", "comparator", "evaluation", "read_method"} <= set(keys)
    assert keys[-3:] == ["title", "study_id", "experiment_id"]
    assert len(keys) == len(set(keys))


def test_the_long_form_tells_the_unit_the_role_and_why_a_gain_is_missing():
    full, subset = long_table1(FORM, [BURLINA], RESULTS).rows

    assert full.text("ssl_performance_unit") == "fraction"
    assert full.text("experiment_ssl_framework") == "DIM"
    assert full.text("reported_as") == "full"
    assert full.text("relative_difference") == "0.216086"
    assert subset.text("reported_as") == "subset"
    assert subset.text("refused_reason") == "The supervised value is missing."
    assert subset.text("difference") == ""


def test_provenance_stands_beside_each_value(table):
    wide = with_provenance(table)
    row = row_of(wide, 58)
    keys = [column.key for column in wide.columns]

    said = {column.key: row.said(column) for column in wide.columns}
    lines = dict(zip((one.study_id for one in wide.rows), lines_of(wide), strict=True))

    assert said["strategy_quote"] == "we use DIM"
    assert said["strategy_page"] == "2"
    assert said["strategy_reconciled_by"] == "Ada Judge"
    assert said["ssl_performance_unit"] == "fraction"
    assert said["ssl_performance_status"] == "imported"
    assert said["ssl_performance_value_ids"] == "7"
    assert said["chosen_because"] == " ".join(row.trace)
    assert lines[58] == list(said.values())
    assert keys.index("strategy_unit") == keys.index("strategy") + 1
    assert "difference_page" not in keys
    assert len(keys) == len(set(keys))
    assert ",".join(key for key in keys if key in HEADER.split(",")) == HEADER


def test_the_long_form_keeps_its_own_unit_column_beside_provenance():
    keys = [column.key for column in with_provenance(long_table1(FORM, STUDIES, RESULTS)).columns]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0.0, "0"), (-1e-9, "0"), (100.0, "100"), (-2.5, "-2.5"), (1 / 3, "0.333333")],
)
def test_computed_numbers_have_six_decimals_at_most(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(True, "yes"), (False, "no"), (("b", "a"), "b; a"), ("0.90", "0.90")]
)
def test_answers_in_words(value, text):
    assert words_of(Cell(value, status=AnswerStatus.RAW), None) == text


def test_an_empty_table_has_no_groups():
    assert list(Table("Empty", (), ()).groups()) == []


def test_results_of_nobody_refuse_nothing():
    assert Gains().refused == ""
