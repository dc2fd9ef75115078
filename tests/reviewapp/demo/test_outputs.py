"""What the demo shows a newcomer: the flow, Table 1 and the gains, as the commands write them."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from reviewapp.demo.protocol import SLUG
from reviewapp.demo.tables import read_table, studies

GOLDEN = Path(__file__).parents[2] / "golden" / "table1_demo.csv"


def written(tmp_path, command, file_format):
    target = tmp_path / f"{command}.{file_format}"
    call_command(command, "--review", SLUG, "--format", file_format, "-o", str(target))
    return target.read_text(encoding="utf-8-sig")


@pytest.fixture
def table1(people, tmp_path):
    text = written(tmp_path, "export_table1", "csv")
    return {row["title"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_the_flow_adds_up(people, tmp_path):
    flow = json.loads(written(tmp_path, "prisma_flow", "json"))
    count = {name: box["count"] for name, box in flow["boxes"].items() if isinstance(box, dict)}
    assert count["database_results"] == 175
    assert count["records_screened"] == 175 - count["duplicates"]
    assert count["dbr_sought_reports"] == count["dbr_assessed"] == 79
    assert (count["new_studies"], count["new_reports"]) == (79, 79)
    assert (count["records_excluded"], count["dbr_notretrieved_reports"]) == (0, 0)


def test_table_1_has_every_study_and_leaves_unknown_cells_empty(table1):
    assert len(table1) == 79
    for study in studies():
        row = table1[study["title"]]
        assert row["strategy"] == study["strategy"]
        assert (row["first_author"], row["year"]) == (study["first_author"], study["year"])
        for column in ("clinical_domain", "outcome_task", "ssl_framework", "fine_tuning"):
            assert bool(row[column]) == bool(study[column]), (study["ref_no"], column)
        assert bool(row["combined_method"]) == bool(study["combined_components"])


def test_table_1_is_the_golden_one_cell_by_cell(table1):
    """All but `study_id`; written by `export_table1` and checked against the paper's example."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    found = [{key: row[key] for key in golden[0]} for row in table1.values()]
    assert found == golden


def test_table_1_reports_the_pairs_of_the_worked_example_and_no_others(table1):
    titles = {study["ref_no"]: study["title"] for study in studies()}
    expected = {
        titles[pair["ref_no"]]: float(pair["relative_difference_full_pct"])
        for pair in read_table("selected_pairs.csv")
    }
    found = {
        title: float(row["relative_difference_full"])
        for title, row in table1.items()
        if row["relative_difference_full"]
    }
    assert found == pytest.approx(expected, abs=6e-3)


def test_study_58_gains_0_216_percent(people, capsys):
    call_command("export_gains", "--review", SLUG, "--json")
    rows = json.loads(capsys.readouterr().out)
    gains = [
        row["relative_gain"]
        for row in rows
        if row["first_author"] == "Burlina" and row["fraction"] == "5,120 per class"
    ]
    assert gains == [pytest.approx(0.216, abs=5e-4)]
