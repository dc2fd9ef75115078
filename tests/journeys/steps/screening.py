"""Two screeners who do not see each other, and the adjudicator between them."""

import re

from playwright.sync_api import expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.steps.material import FIRST, SECOND, THIRD, report_pdf, revised_pdf


def on_screen(person: Keyboard, title: str) -> None:
    expect(person.page.get_by_role("heading", name=title)).to_be_visible()


def screen_titles(first: Keyboard, second: Keyboard) -> None:
    """The first undoes a verdict and says it again; the two differ over the second record."""
    for person in (first, second):
        person.go("Title & abstract")
        on_screen(person, FIRST)
    first.press("i")
    on_screen(first, SECOND)
    first.press("e")
    on_screen(first, THIRD)
    first.press("z")
    on_screen(first, SECOND)
    first.press("e")
    on_screen(first, THIRD)
    first.press("m")
    expect(first.page.get_by_role("heading", name=THIRD)).to_have_count(0)
    second.press("i")
    on_screen(second, SECOND)
    second.press("i")
    on_screen(second, THIRD)
    second.press("i")
    expect(second.page.get_by_role("heading", name=THIRD)).to_have_count(0)


def settle_conflict(adjudicator: Keyboard) -> None:
    page = adjudicator.page
    adjudicator.go("Title & abstract")
    adjudicator.tab("Conflicts")
    on_screen(adjudicator, SECOND)
    expect(page.get_by_text("Alice Moreau").first).to_be_visible()
    adjudicator.write(page.get_by_label("Rationale"), "Classifies retinal images downstream.")
    adjudicator.button("Include")
    expect(page.get_by_role("heading", name="No conflict waits here")).to_be_visible()
    expect(page.get_by_role("cell", name="Classifies retinal images downstream.")).to_be_visible()


def retrieve_reports(person: Keyboard) -> None:
    """One report comes as a PDF, another cannot be had."""
    page = person.page
    _open_report(person, FIRST)
    person.upload(page.get_by_label("PDF file"), "report.pdf", report_pdf(), "application/pdf")
    person.button("Upload the PDF")
    person.link("report.pdf", exact=True)
    expect(page.get_by_role("img", name="Page 1 of the report")).to_be_visible()
    _open_report(person, THIRD)
    person.write(page.get_by_label("How you tried"), "asked the library")
    person.choose(page.get_by_label("What came of it"), "Not retrieved")
    person.button("Log the attempt")
    expect(page.get_by_text("Not retrieved: asked the library")).to_be_visible()


def replace_report(person: Keyboard) -> None:
    """The report's next version comes; the older file stays."""
    page = person.page
    _open_report(person, FIRST, is_there=True)
    person.upload(page.get_by_label("PDF file"), "revised.pdf", revised_pdf(), "application/pdf")
    person.button("Upload the PDF")
    expect(page.get_by_role("link", name="revised.pdf", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="report.pdf", exact=True)).to_be_visible()


def _open_report(person: Keyboard, title: str, *, is_there: bool = False) -> None:
    page = person.page
    person.go("Full text")
    person.tab("To retrieve")
    if is_there:
        person.tab(re.compile("^Retrieved"))
    person.write(page.get_by_label("Words of the title"), title)
    person.press("Enter")
    person.link(title, exact=True)
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def screen_full_text(first: Keyboard, second: Keyboard) -> None:
    for person in (first, second):
        person.go("Full text")
        on_screen(person, FIRST)
        person.press("i")
        expect(person.page.get_by_role("heading", name=FIRST)).to_have_count(0)
