"""The other ways of screening: the list, the question path, a finger; and what a reader is told."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.app import ADMIN, ALICE, BRUNO
from tests.journeys.keyboard import Keyboard

STAGE = "/r/ssl-medical-imaging/screening/title-abstract/"
QUESTIONS = "/r/ssl-medical-imaging/settings/questions/title-abstract/"
RECORD = "#desk [data-record]"
FOCUSED = "document.activeElement.getAttribute('aria-label')"


def test_the_list_is_worked_by_keys_and_undo_takes_the_last_verdict_back(sign_in):
    bruno = sign_in(BRUNO)
    page = bruno.page
    page.goto(f"{STAGE}list/", wait_until="networkidle")
    rows = page.locator("[data-row]")
    first, second, third = (rows.nth(place) for place in range(3))
    expect(first).to_have_attribute("aria-current", "true")
    bruno.press("i")
    expect(first.locator(".work-state")).to_contain_text("Include")
    expect(second).to_be_focused()
    bruno.press("j", "k", "e")
    expect(second.locator(".work-state")).to_contain_text("Exclude")
    expect(third).to_be_focused()
    expect(page.locator("#said")).to_contain_text("You: Exclude")
    undone = second.get_attribute("data-row")
    kept = first.get_attribute("data-row")
    bruno.press("z")
    expect(page.locator(f"#row-{undone}")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"#row-{undone} .work-state")).to_contain_text("To decide")
    expect(page.locator(f"#row-{kept}")).to_have_count(0)  # decided, and so not to decide


def test_the_question_path_is_answered_by_keys_and_yields_the_reason(sign_in):
    lead, alice = sign_in(ADMIN), sign_in(ALICE)
    page = lead.page
    page.goto(QUESTIONS)
    for text, reason in (("Does it learn without labels?", 1), ("Are the images medical?", 2)):
        lead.write(page.get_by_label("A new question"), text)
        page.locator("#new-reason").select_option(index=reason)
        lead.button("Add", exact=True)
        expect(page.locator(f"input[value='{text}']")).to_be_visible()
    lead.button("Switch it on")
    expect(page.get_by_role("button", name="Switch it off")).to_be_visible()
    try:
        _answer_by_keys(alice)
    finally:
        lead.button("Switch it off")
        expect(page.get_by_role("button", name="Switch it on")).to_be_visible()


def _answer_by_keys(alice: Keyboard) -> None:
    page = alice.page
    page.goto(STAGE, wait_until="networkidle")
    first = page.locator(RECORD).get_attribute("data-record") or ""
    reason = page.locator(".path-question .hint").nth(1).inner_text().split("“")[1].rstrip("”")
    current = page.locator("[data-path-question][aria-current=step]")
    expect(current).to_contain_text("Does it learn without labels?")
    alice.press("y")
    expect(current).to_contain_text("Are the images medical?")
    expect(page.locator("#said")).to_contain_text("Are the images medical?")
    alice.press("n")
    expect(page.locator(".toast")).to_contain_text(f"Exclude, {reason}")
    alice.press("z")
    expect(page.locator(RECORD)).to_have_attribute("data-record", first)


def test_a_finger_decides_and_undo_brings_the_record_back_even_before_the_answer(sign_in):
    page = sign_in(ALICE, narrow=True).page
    page.goto(STAGE, wait_until="networkidle")
    record = page.locator(RECORD)
    first = record.get_attribute("data-record") or ""
    _swipe(page, 300, 120)
    expect(page.locator(".toast")).to_contain_text("Exclude")
    second = record.get_attribute("data-record") or ""
    assert second != first
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(record).to_have_attribute("data-record", first)
    expect(page.get_by_text("Your verdict is taken back.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    with page.expect_response(lambda answer: "ahead=1" in answer.url):  # the record to paint next
        _swipe(page, 300, 120)
        expect(page.locator(".toast")).to_be_visible()
    page.wait_for_load_state("networkidle")
    second = record.get_attribute("data-record") or ""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/decide/", hold, times=1)
    _swipe(page, 120, 300)
    expect(record).not_to_have_attribute("data-record", second)  # painted before the answer
    undo = page.locator("#verdict").get_by_role("button", name="Undo")
    undo.click()
    held.pop().continue_()
    expect(page.get_by_text("Your verdict is taken back.")).to_be_visible()
    expect(page.locator("#verdict")).to_have_attribute("data-of", second)
    undo.click()
    expect(page.locator("#verdict")).to_have_attribute("data-of", first)


FREE = """x => [...Array(60).keys()].map(step => 150 + 8 * step).find(y => {
    const place = document.elementFromPoint(x, y);
    return place?.closest("#desk .record")
      && !place.closest("input, textarea, select, summary, label, a, .table-wrap");
})"""  # where a finger moves nothing of its own: a link of another record may lie anywhere


def _swipe(page: Page, from_x: int, to_x: int) -> None:
    """Draw a finger over the record, as the browser gets it from a touch screen.

    What follows is clicked: Chromium takes a tap right after it for one that stops a fling.
    """
    y = page.evaluate(FREE, from_x)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: int) -> None:
        at = [{"x": x, "y": y} for x in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    send("touchStart", from_x)
    for part in range(1, 5):
        send("touchMove", from_x + (to_x - from_x) * part // 4)
    send("touchEnd")
    touch.detach()


@pytest.mark.parametrize("narrow", [False, True], ids=["1440", "360"])
def test_a_screen_reader_is_told_the_record_the_buttons_and_what_a_dialog_is(sign_in, *, narrow):
    alice = sign_in(ALICE, narrow=narrow)
    page = alice.page
    page.goto(STAGE, wait_until="networkidle")
    region = page.get_by_role("status").and_(page.locator("#said"))
    expect(region).to_have_attribute("aria-live", "polite")
    first = _said(page, region)
    verdict = page.get_by_role("form", name="Your verdict")
    expect(verdict).to_match_aria_snapshot(
        """
        - form "Your verdict":
          - button /Undo/
          - button /Include/
          - button /Maybe/
          - button /Exclude/
        """
    )
    expect(verdict.get_by_role("button", pressed=True)).to_have_count(0)
    alice.enter(verdict.get_by_role("button", name="Include"))
    expect(page.locator(".toast")).to_be_visible()
    assert _said(page, region) != first
    assert page.evaluate(FOCUSED) == f"Record {page.locator(RECORD).get_attribute('data-record')}"
    _trapped(alice)
    alice.press("z")
    expect(region).to_contain_text(first)
    page.goto(f"{STAGE}?record={first.split(':')[0].removeprefix('Record ')}")
    alice.enter(verdict.get_by_role("button", name="Maybe"))
    expect(page.locator(".toast")).to_be_visible()
    page.goto(f"{STAGE}?record={first.split(':')[0].removeprefix('Record ')}")
    expect(verdict.get_by_role("button", name="Maybe", pressed=True)).to_be_visible()
    alice.button("Undo")
    expect(page.get_by_text("Your verdict is taken back.")).to_be_visible()


def _said(page: Page, region: Locator) -> str:
    """What was announced: the record that is on screen, by number and title."""
    number = page.locator(RECORD).get_attribute("data-record")
    title = page.locator(f"{RECORD} h2").first.inner_text()
    expect(region).to_have_text(f"Record {number}: {title}")
    return region.inner_text()


def _trapped(person: Keyboard) -> None:
    """The dialog of the keys keeps the focus, closes by Escape and gives the focus back."""
    page = person.page
    before = page.evaluate(FOCUSED)
    person.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    fields = dialog.locator("input, button").count()
    outside = 0
    for _ in range(fields + 4):
        person.press("Tab")
        outside += page.evaluate(
            "document.activeElement !== document.body && !document.activeElement.closest('dialog')"
        )
    assert outside == 0
    person.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate(FOCUSED) == before
