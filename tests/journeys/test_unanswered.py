"""An entry whose answer got lost: the page says so, sends it again, and nothing doubles."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.app import ALICE
from tests.journeys.watch import Watch

LOST = re.compile(
    r"ERR_FAILED|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|htmx:(afterRequest|sendError)"
)
SAVED = "**/extract/cell/"
pytestmark = pytest.mark.timeout(600)  # the app begins within the first test
FIELD = "Outcome / task"


@pytest.fixture
def form_of(sign_in, watch: Watch) -> Callable[[str], Page]:
    """Opens a new extraction by Alice; what the browser says of a lost line is no fault."""
    watch.excused.append(LOST)

    def open_form(study: str) -> Page:
        page: Page = sign_in(ALICE).page
        page.goto("/r/ssl-medical-imaging/extraction/")
        page.get_by_role("link", name=study).first.click()
        page.get_by_role("button", name="Extract this study").click()
        expect(page.get_by_label(FIELD)).to_be_visible()
        return page

    return open_form


def cell_of(page: Page) -> Locator:
    return page.locator("[data-cell]").filter(has=page.get_by_label(FIELD))


def write(page: Page, text: str) -> None:
    field = page.get_by_label(FIELD)
    field.fill(text)
    field.press("Tab")


def is_stored(page: Page, text: str) -> None:
    page.reload()
    expect(page.get_by_label(FIELD)).to_have_value(text)


def test_what_was_stored_though_its_answer_got_lost_is_sent_again_by_a_button(form_of):
    page = form_of("Azizi 2021")
    arrived: list[int] = []

    def lose(route: Route) -> None:
        arrived.append(route.fetch().status)  # the server has stored it
        route.abort()  # and nobody is told

    page.route(SAVED, lose, times=1)
    write(page, "stored, but nobody was told")
    lost = cell_of(page).get_by_role("alert")
    expect(lost).to_contain_text("Not saved: the server did not answer.")
    assert arrived == [200]
    with page.expect_response(SAVED) as again:
        lost.get_by_role("button", name="Try again").click()
    assert again.value.status == 200
    expect(lost).to_have_count(0)
    expect(cell_of(page).get_by_text("Saved", exact=True)).to_be_visible()
    with page.expect_response(SAVED) as following:
        write(page, "and the next entry is taken")
    assert following.value.status == 200
    expect(cell_of(page).get_by_role("alert")).to_have_count(0)
    is_stored(page, "and the next entry is taken")


def test_what_never_left_is_sent_by_itself_when_the_line_is_back(form_of):
    page = form_of("Bao 2021")
    page.context.set_offline(True)
    write(page, "written on a train")
    expect(cell_of(page).get_by_role("alert")).to_contain_text("the server did not answer")
    expect(page.get_by_label(FIELD)).to_have_value("written on a train")
    with page.expect_response(SAVED):
        page.context.set_offline(False)
    expect(cell_of(page).get_by_role("alert")).to_have_count(0)
    is_stored(page, "written on a train")
