"""Table 1 as a file, and the way from a figure back to the quoted words."""

import csv
import io
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.steps.extracting import METRIC, SSL, STUDY, SUPERVISED, TASK
from tests.journeys.steps.material import FIRST, QUOTE


def download_table1(person: Keyboard) -> None:
    page = person.page
    person.go("Table 1")
    person.enter(page.get_by_text("Export", exact=True))
    with page.expect_download() as download:
        person.link("CSV for R, pandas, LibreOffice", exact=True)
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 80
    row = next(row for row in rows if row["title"] == FIRST)
    assert row["strategy"] == "contrastive"
    assert (row["year"], row["first_author"]) == ("2031", "Moreau")
    assert row["outcome_task"] == TASK
    assert row["metric"] == METRIC
    assert float(row["ssl_performance"]) == float(SSL)
    assert float(row["supervised_performance"]) == float(SUPERVISED)
    assert row["relative_difference_full"].startswith("10")


def follow_a_point(person: Keyboard) -> None:
    """From the dashboard's first figure to the value, its page and its quote."""
    page = person.page
    person.go("Figures")
    figure = page.get_by_role("region", name="Relative gain per strategy and metric").first
    person.enter(figure.get_by_text("Data table, "))
    person.enter(figure.get_by_role("link", name=STUDY).first)
    expect(page.get_by_role("heading", name="Quoted from the text, page 2").first).to_be_visible()
    expect(page.get_by_text(QUOTE).first).to_be_visible()
    expect(page.get_by_text("+10").first).to_be_visible()
