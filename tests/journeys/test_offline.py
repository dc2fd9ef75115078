"""The screening page in a browser: a broken line, a session that ends, keys, size of the text."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.app import ALICE, App
from tests.journeys.keyboard import Keyboard
from tests.journeys.watch import Watch

DESK = "/r/ssl-medical-imaging/screening/title-abstract/"
RECORD = "#desk [data-record]"
BROKEN = re.compile(
    r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 40[039]"
    r"|htmx:(afterRequest|sendError|responseError)"
)
KEPT = "Object.entries(localStorage).find((one) => one[0].startsWith('waiting:'))"


@pytest.fixture
def alice(sign_in) -> Keyboard:
    """Alice at her desk, nothing on its way."""
    person = sign_in(ALICE)
    person.page.goto(DESK, wait_until="networkidle")
    return person


@pytest.fixture
def rough(watch: Watch) -> "list[str]":
    """What the browser says of a line that was cut is no fault."""
    watch.excused.append(BROKEN)
    return watch.faults


def number_of(page: Page) -> str:
    return page.locator(RECORD).get_attribute("data-record") or ""


def verdicts_of(page: Page, *records: str) -> list[list[str]]:
    """The verdicts of mine that the server has for records."""
    return [_verdicts(page, record) for record in records]


def _verdicts(page: Page, record: str) -> list[str]:
    pattern = re.compile(r'value="(\w+)" data-key="[^"]*" data-key-name="\w+" aria-pressed="true"')
    return pattern.findall(page.request.get(f"{DESK}?record={record}").text())


def test_verdicts_given_without_a_line_are_sent_in_order_when_it_is_back(alice, rough):
    page = alice.page
    first = number_of(page)
    page.context.set_offline(True)
    alice.press("i")
    waiting = page.locator("#waiting")
    expect(waiting).to_contain_text("1 verdict waits on this device")
    expect(page.locator(RECORD)).not_to_have_attribute("data-record", first)
    second = number_of(page)
    expect(page.locator("#said")).to_contain_text(f"Kept on this device. Record {second}")
    alice.press("e")
    expect(waiting).to_contain_text("2 verdicts wait on this device")
    expect(page.get_by_text("No further record is loaded.").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(False)
    expect(waiting).to_be_hidden()
    expect(page.locator(RECORD)).to_be_visible()
    sent = [url.split("/")[-4] for url in asked if url.endswith("/decide/waiting/")]
    assert sent == [first, second]
    assert number_of(page) not in {first, second}
    assert verdicts_of(page, first, second) == [["include"], ["exclude"]]
    expect(page.get_by_role("button", name="Undo").first).to_be_enabled()


def test_a_session_that_ended_asks_for_the_password_and_keeps_the_verdict(alice, rough, app: App):
    page = alice.page
    first = number_of(page)
    page.context.clear_cookies(name="sessionid")
    alice.press("m")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_label("Password")).to_be_focused()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("That did not match")
    alice.write(dialog.get_by_label("Password"), app.accounts[ALICE][1])
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#waiting")).to_be_hidden()
    assert verdicts_of(page, first) == [["maybe"]]
    second = number_of(page)
    assert second != first
    alice.press("i")  # the page goes on with its new session
    expect(page.locator(RECORD)).not_to_have_attribute("data-record", second)
    expect(page.locator(".toast")).to_be_visible()
    assert verdicts_of(page, second) == [["include"]]


def test_what_the_server_refuses_is_told_and_can_be_read_again(alice, rough):
    page = alice.page
    first = number_of(page)
    page.context.set_offline(True)
    alice.press("i")
    expect(page.locator("#waiting")).to_be_visible()
    kept = page.evaluate(
        "Object.entries(localStorage).find((one) => one[0].startsWith('waiting:'))"
    )
    item = json.loads(kept[1])
    item["fields"]["verdict"] = "surely"  # as if the rules had changed meanwhile
    page.evaluate("(one) => localStorage.setItem(one[0], one[1])", [kept[0], json.dumps(item)])
    page.context.set_offline(False)
    told = page.locator("#not-taken")
    expect(told).to_contain_text("surely")
    page.reload()
    expect(told.get_by_role("link")).to_have_attribute("href", f"{DESK}?record={first}")
    alice.button("I have read this")
    expect(told).to_be_hidden()
    assert verdicts_of(page, first) == [[]]


def test_nothing_of_an_account_stays_on_the_device_after_signing_out(alice, rough):
    page = alice.page
    page.route("**/session/", lambda route: route.abort())
    page.route("**/decide/", lambda route: route.abort())
    alice.press("i")
    expect(page.locator("#waiting")).to_be_visible()
    page.once("dialog", lambda asked: asked.dismiss())
    alice.button("Sign out")
    expect(page.locator("#waiting")).to_be_visible()
    page.once("dialog", lambda asked: asked.accept())
    alice.button("Sign out")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((one) => one.includes(':'))") == []


def test_keys_of_other_tools_are_taken_and_keys_given_twice_refused(alice):
    page = alice.page
    alice.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    alice.button("ASReview")
    expect(dialog.get_by_label("Exclude")).to_have_value("i")
    alice.write(dialog.get_by_label("Undo my last verdict"), "r")
    alice.button("Save", exact=True)
    expect(dialog.get_by_role("alert")).to_contain_text("stands for both “Include” and “Undo")
    expect(dialog.get_by_label("Undo my last verdict")).to_be_focused()
    alice.write(dialog.get_by_label("Undo my last verdict"), "u")
    alice.button("Save", exact=True)
    expect(dialog).to_be_hidden()
    first = number_of(page)
    alice.press("i")
    expect(page.locator(".toast")).to_contain_text("Exclude")
    alice.press("u")
    expect(page.locator(RECORD)).to_have_attribute("data-record", first)


def test_the_text_grows_and_stays_so(alice):
    page = alice.page
    heading = page.locator(f"{RECORD} h2").first
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    before = heading.evaluate(size)
    alice.button("Larger text")
    grown = heading.evaluate(size)
    page.reload()
    assert before < grown == heading.evaluate(size)
