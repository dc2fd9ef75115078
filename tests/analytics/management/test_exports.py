"""The commands that write gains and figures."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests import factories


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_gains_as_csv_have_the_promised_header(review, stored):
    rows = list(csv.DictReader(io.StringIO(run("export_gains", "--review", "ssl"))))
    assert ",".join(rows[0]) == (
        "study_id,first_author,year,task,dataset,metric,fraction,ssl,supervised,absolute_gain,"
        "relative_gain,refused_reason,value_ids"
    )
    assert float(rows[0]["relative_gain"]) == pytest.approx(10)
    assert rows[3]["task"] == "'=cmd()"
    assert rows[3]["supervised"] == ""
    assert len(rows[0]["value_ids"].split()) == 2


def test_gains_as_json_are_one_document(review, stored):
    rows = json.loads(run("export_gains", "--review", "ssl", "--json"))
    assert len(rows) == 4
    assert rows[2]["absolute_gain"] == pytest.approx(-8)


def test_figures_are_written_as_csv_json_and_offline_pages(review, stored, settings, tmp_path):
    settings.CHROMIUM = "off"
    folder = tmp_path / "new" / "figures"
    printed = run("export_figures", "--review", "ssl", "-o", str(folder)).split()
    assert {path.rsplit(".")[-1] for path in printed} == {
        *("csv", "json", "html", "py"),
        *("docx", "txt"),  # the report and the sentences
    }
    plot = json.loads((folder / "relative-gain.json").read_text(encoding="utf-8"))
    assert plot["layout"]["paper_bgcolor"] == "#ffffff"
    page = (folder / "relative-gain.html").read_text(encoding="utf-8")
    assert 'src="plotly.min.js"' in page
    assert "http://" not in page
    assert (folder / "plotly.min.js").stat().st_size > 1_000_000
    assert (folder / "relative-gain.points.csv").exists()
    assert (folder / "relative-gain.csv").read_text(encoding="utf-8").count("\n") == 4


def test_figures_may_be_dark(review, stored, settings, tmp_path):
    settings.CHROMIUM = "off"
    run("export_figures", "--review", "ssl", "-o", str(tmp_path), "--theme", "dark")
    plot = json.loads((tmp_path / "relative-gain.json").read_text(encoding="utf-8"))
    assert plot["layout"]["paper_bgcolor"] == "#1b1d20"


@pytest.mark.parametrize("command", [["export_gains"], ["export_figures", "-o", "x"]])
def test_an_unknown_review_is_refused(db, command):
    with pytest.raises(CommandError, match="There is no review “nowhere”"):
        run(*command, "--review", "nowhere")


def test_a_review_that_compares_nothing_has_no_figures(db, tmp_path):
    factories.make_review(slug="empty")
    with pytest.raises(CommandError, match="names no comparison"):
        run("export_figures", "--review", "empty", "-o", str(tmp_path))
