"""Two extractions of one study, each value with page and quote, and their reconciliation."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.pictures import keep
from tests.journeys.steps.material import DROPPED, FIRST, QUOTE

STUDY = "Moreau 2031"
TASK = "pneumonia against healthy"
METRIC, SSL, SUPERVISED = "AUROC", "0.880", "0.800"
MOST_SENTENCES = 12
MOST_LOOKS = 30
Quoting = Callable[[Keyboard, Locator, str], None]


def make_study(person: Keyboard) -> None:
    person.go("Extraction")
    person.button(f"Make a study of {FIRST}")
    expect(person.page.get_by_role("heading", name=STUDY)).to_be_visible()


def extract(person: Keyboard, *, supervised: str, quoting: Quoting) -> None:
    page = person.page
    person.go("Extraction")
    person.enter(page.get_by_role("link", name=STUDY).first)
    person.button("Extract this study")
    person.tick(page.get_by_role("group", name="Imaging modality").get_by_label("X-ray"))
    person.tick(page.get_by_role("group", name="Clinical domain").get_by_label("Radiology"))
    _fill(person, page.get_by_label("Outcome / task"), TASK)
    _pick(person, page.get_by_label("Strategy"), "contrastive")
    person.button("Add experiment")
    row = page.get_by_role("region", name="Experiment 1")
    _fill(person, row.get_by_label("Task"), TASK)
    _fill(person, row.get_by_label("Metric"), METRIC)
    _fill(person, row.get_by_label("Label fraction"), "100%")
    _fill(person, row.get_by_label("Comparator"), "supervised, same architecture")
    _number(person, row, "SSL performance", SSL)
    _number(person, row, "Supervised performance", supervised)
    quoting(person, row, "SSL performance")
    type_quote(person, row, "Supervised performance", DROPPED)
    person.button("Submit")
    expect(page.get_by_text("Submitted").first).to_be_visible()


def reconcile(person: Keyboard) -> None:
    page = person.page
    person.go("Extraction")
    person.enter(page.get_by_role("link", name=f"Reconcile {STUDY}").first)
    expect(page.get_by_role("button", name="Reconcile: accept the")).to_be_visible()
    keep(page, "comparison-1440-light")
    person.button("Reconcile: accept the")
    expect(page.get_by_text("A third value").first).to_be_visible()
    keep(page, "reconciliation-1440-light")
    pair = page.get_by_role("group", name="Supervised performance")
    value = page.locator(".pair-value").filter(has_text=SUPERVISED)
    side = pair.locator(".pair-side").filter(has=value)  # A or B, as the lot fell
    person.enter(side.get_by_role("button", name="for Supervised performance"))
    expect(page.get_by_text("Every cell is settled")).to_be_visible()
    person.button("Finish", exact=True)
    expect(page.get_by_text("Final since")).to_be_visible()


def see_quotes_follow(person: Keyboard) -> None:
    """In the report's next version one quote stands a page later, and one is gone."""
    page = person.page
    person.go("Extraction")
    person.enter(page.get_by_role("link", name=STUDY).first)
    lost = page.get_by_role("region", name="Quotes not found")
    for _ in range(MOST_LOOKS):
        if lost.count():  # a worker has looked for the quotes
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(lost.get_by_text(DROPPED)).to_be_visible()
    expect(lost.get_by_text(QUOTE)).to_have_count(0)
    person.link("Your extraction")
    row = page.get_by_role("region", name="Experiment 1")
    _is_quoted(row, "Supervised performance", "quote not found, p. 2")
    person.enter(_is_quoted(row, "SSL performance", "p. 3, text"))
    expect(page.get_by_role("article", name="Page 3")).to_be_visible()
    expect(page.locator(".sheet-mark-here").first).to_be_attached()


def _fill(person: Keyboard, field: Locator, text: str) -> None:
    with person.page.expect_response("**/extract/cell/"):
        person.write(field, text)
        person.press("Tab")
    person.settled()


def _pick(person: Keyboard, field: Locator, label: str) -> None:
    with person.page.expect_response("**/extract/cell/"):
        person.choose(field, label)
    person.settled()


def _number(person: Keyboard, row: Locator, name: str, value: str) -> None:
    _fill(person, row.get_by_label(name, exact=True), value)
    unit = row.get_by_label(f"Unit of {name}")
    if "fraction" not in unit.evaluate("box => box.selectedOptions[0].textContent"):
        _pick(person, unit, "fraction")  # asked once; the next number comes with it


def type_quote(person: Keyboard, row: Locator, name: str, quote: str) -> None:
    """Page, place and quote by hand."""
    person.enter(row.get_by_role("link", name=f"Evidence for {name}"))
    form = row.get_by_role("form", name=f"Evidence for {name}")
    person.write(form.get_by_label("Page"), "2")
    person.choose(form.get_by_label("Where"), "Text")
    person.write(form.get_by_label("Quote"), quote)
    person.enter(form.get_by_role("button", name="Save the evidence"))
    _is_quoted(row, name)


def point_at_sentence(person: Keyboard, row: Locator, name: str) -> None:
    """From the field to the page, sentence by sentence to the right one, and take it."""
    page = person.page
    person.to(row.get_by_label(name, exact=True))
    person.press("Escape")
    sheet = page.locator("#sheet")
    expect(sheet).to_be_focused()
    person.press("j")
    expect(page.get_by_role("article", name="Page 2")).to_be_visible()
    person.settled()
    expect(page).to_have_url(re.compile("page=2"))
    expect(sheet).to_be_focused()
    for _ in range(MOST_SENTENCES):
        person.press("ArrowDown")
        if QUOTE in (sheet.get_attribute("aria-label") or ""):
            break
    with page.expect_response("**/extract/evidence/"):
        person.press("e")
    _is_quoted(row, name)


def take_candidate(person: Keyboard, row: Locator, name: str) -> None:
    """The likeliest sentence of the report, after a look at it on its page."""
    page = person.page
    person.enter(row.get_by_role("link", name=f"Find candidates for {name}"))
    panel = row.get_by_role("region", name=f"Likely places for {name}")
    expect(panel.get_by_text(QUOTE)).to_be_visible()
    expect(page.locator(".sheet-likely-here")).to_have_count(1)
    person.settled()
    with page.expect_response("**/extract/evidence/"):
        person.enter(panel.get_by_role("button", name="Use as evidence (place 1)", exact=True))
    _is_quoted(row, name)


def _is_quoted(row: Locator, name: str, said: str = "p. 2, text") -> Locator:
    group = row.locator("[data-cell]").filter(has=row.page.get_by_label(name, exact=True))
    place = group.get_by_role("link", name=said)
    expect(place).to_be_visible()
    return place
