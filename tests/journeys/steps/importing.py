"""The lead: a file with headers of its own, the order of screening, duplicates."""

import re

from playwright.sync_api import expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.steps.material import AUTHORS, FIRST, HEADERS, RECORDS, SOURCE, records_csv


def open_review(person: Keyboard) -> None:
    person.link("Open Self-supervised learning")
    expect(person.page.get_by_role("heading", name="Overview")).to_be_visible()


def import_file(lead: Keyboard) -> None:
    page = lead.page
    lead.go("Sources")
    lead.enter(page.get_by_role("link", name="Import a file").first)
    lead.upload(page.get_by_label("File"), "journey.csv", records_csv(), "text/csv")
    lead.write(page.get_by_label("Name of the new source"), SOURCE)
    lead.button("Upload and look at it")
    expect(page.get_by_role("heading", name="What each column holds")).to_be_visible()
    for header, field in HEADERS.items():
        with page.expect_response(re.compile("/preview/")):
            lead.choose(page.get_by_label(header, exact=True), field)
        lead.settled()
    for cell in (FIRST, AUTHORS):
        expect(page.get_by_role("cell", name=cell, exact=True)).to_be_visible()
    lead.button("Import the file")
    expect(page.get_by_text("Each row was read without a problem.")).to_be_visible()
    expect(page.get_by_role("definition").nth(1)).to_have_text(str(len(RECORDS)))


def screen_newest_first(lead: Keyboard) -> None:
    lead.go("Settings")
    order = lead.page.get_by_label("Order", exact=True).first
    lead.choose(order, "Newest publication first")
    lead.button("Save the settings")
    expect(
        lead.page.get_by_label("Order", exact=True).first.locator("option:checked")
    ).to_contain_text("Newest")


def judge_duplicates(lead: Keyboard) -> None:
    """Look for duplicates, link one pair, part another, and take the last back."""
    page = lead.page
    lead.go("Duplicates")
    lead.button("Find duplicates")
    to_check = page.get_by_role("link", name=re.compile(r"^To check"))
    expect(page.get_by_role("button", name="Find duplicates")).to_be_visible(timeout=60_000)
    waiting = _number(to_check.inner_text())
    page.wait_for_load_state("networkidle")  # the pair that follows is loaded ahead
    lead.press("d")
    expect(to_check).to_have_text(f"To check {waiting - 1}")
    lead.press("n")
    expect(to_check).to_have_text(f"To check {waiting - 2}")
    lead.press("z")
    expect(to_check).to_have_text(f"To check {waiting - 1}")
    expect(page.locator("#desk")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))
