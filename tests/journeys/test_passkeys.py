"""A passkey in a real browser, with Chromium's own virtual device: made, used twice, removed."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.app import ALICE, CHIARA, App

DESK = "/r/ssl-medical-imaging/screening/title-abstract/"
VERDICT = re.compile(r'value="(\w+)" data-key="[^"]*" data-key-name="\w+" aria-pressed="true"')
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, app: App):
    """A browser with a device, at the name of this machine: bare addresses have no passkeys."""
    context = browser.new_context(base_url=app.address.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


def give_password(page: Page, app: App, who: int = CHIARA) -> None:
    email, password = app.accounts[who]
    page.goto("/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def leave(page: Page) -> None:
    page.context.clear_cookies()


def make_passkey(page: Page, app: App, who: int = CHIARA) -> None:
    page.goto("/account/passkeys/")
    page.get_by_label("Name").fill("This laptop")
    page.get_by_label("Your password").fill(app.accounts[who][1])
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Your recovery codes", exact=True).first).to_be_visible()


def remove_passkey(page: Page, app: App, who: int = CHIARA) -> None:
    page.goto("/account/passkeys/")
    page.get_by_text("Rename or remove").click()
    page.get_by_label("Your password, to remove This laptop").fill(app.accounts[who][1])
    page.get_by_role("button", name="Remove This laptop").click()
    expect(page.get_by_text("The passkey opens nothing any more.")).to_be_visible()


@pytest.mark.timeout(300)
def test_a_session_that_ends_over_a_record_takes_a_passkey_alone_and_after_the_password(
    page: Page, app: App
):
    give_password(page, app, ALICE)
    make_passkey(page, app, ALICE)
    dialog = page.get_by_role("dialog", name="Sign in again")
    for is_second in (False, True):
        page.goto(DESK, wait_until="networkidle")
        record = page.locator("#desk [data-record]").get_attribute("data-record")
        page.context.clear_cookies(name="sessionid")
        page.keyboard.press("i")
        expect(dialog.get_by_label("Password")).to_be_focused()
        if is_second:
            page.keyboard.type(app.accounts[ALICE][1])
            page.keyboard.press("Enter")
            expect(dialog.get_by_role("alert")).to_contain_text("Now use your passkey")
            expect(dialog.get_by_role("button", name="Use a passkey")).to_be_focused()
            page.keyboard.press("Enter")
        else:
            dialog.get_by_role("button", name="Use a passkey").click()
        expect(dialog).to_be_hidden()
        expect(page.locator("#waiting")).to_be_hidden()
        text = page.request.get(f"{DESK}?record={record}").text()
        assert VERDICT.findall(text) == ["include"]
    remove_passkey(page, app, ALICE)


@pytest.mark.timeout(300)
def test_a_passkey_is_made_signs_in_alone_and_after_the_password_and_goes(page: Page, app: App):
    give_password(page, app)
    page.goto("/account/passkeys/")
    page.get_by_label("Name").fill("This laptop")
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not your password.")
    page.get_by_label("Your password").fill(app.accounts[CHIARA][1])
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(page.locator(".recovery-codes li")).to_have_count(8)

    leave(page)
    page.goto("/login/?next=/account/passkeys/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".member-list b")).to_have_text("This laptop")

    leave(page)
    give_password(page, app)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your reviews")).to_be_visible()

    remove_passkey(page, app)
    expect(page.locator(".member-list b")).to_have_count(0)
