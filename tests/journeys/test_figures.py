"""The dashboard by mouse: points, bars, filters and saved files. The keyboard's way is a step."""

import re

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.app import ADMIN

FIGURES = "/r/ssl-medical-imaging/figures/"


def middle_of(mark: Locator) -> tuple[float, float]:
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_click_on_a_point_opens_its_value_and_a_click_on_a_bar_its_studies(sign_in):
    page = sign_in(ADMIN).page
    page.goto(FIGURES)
    gains = page.locator("[data-figure='relative-gain']")
    point = gains.locator(".scatterlayer .trace").last.locator(".points path").first
    page.mouse.move(*middle_of(point))
    expect(gains.locator(".hoverlayer text").first).to_contain_text("against")
    page.mouse.click(*middle_of(point))
    expect(page).to_have_url(re.compile(r"/values/\d+/[0-9a-f]+/$"))
    expect(page.get_by_text("Stands in Table 1")).to_be_visible()
    page.goto(FIGURES)
    bars = page.locator("[data-figure='clinical-domain-by-group']")
    bars.scroll_into_view_if_needed()
    bar = bars.locator(".trace.bars").nth(1).locator(".point path").first
    page.mouse.move(*middle_of(bar))
    page.mouse.click(*middle_of(bar))
    expect(page).to_have_url(re.compile(r"clinical_domain=only\+Radiology&group=contrastive#rows$"))
    expect(page.get_by_role("heading", name="The 21 studies of this view")).to_be_visible()


def test_filters_stay_in_a_short_address_and_figures_are_saved_as_drawings(sign_in):
    page = sign_in(ADMIN, dark=True).page
    page.goto(FIGURES)
    page.get_by_label("Clinical domain", exact=True).select_option("Pathology")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"/figures/\?clinical_domain=Pathology$"))
    expect(page.get_by_label("Remove the filter Clinical domain: Pathology")).to_be_visible()
    card = page.locator("#figure-relative-gain")
    expect(card.locator(".main-svg").first).to_be_visible()
    card.get_by_text("Save").first.click()
    with page.expect_download() as saved:
        card.get_by_role("button", name="SVG").click()
    assert saved.value.suggested_filename == "relative-gain.svg"
    with page.expect_download() as saved:
        card.get_by_role("button", name="PDF").click()
    assert saved.value.suggested_filename == "relative-gain.pdf"
    file = pypdfium2.PdfDocument(saved.value.path())
    assert len(file) == 1
    assert file.get_metadata_value("Title") == "Relative gain per strategy and metric"
    assert file[0].get_width() >= 720  # points, of 1,000 pixels: 25.4 cm
    (drawing,) = file[0].get_objects()
    wide, high = drawing.get_px_size()
    assert wide / file[0].get_width() == pytest.approx(300 / 72, rel=0.01)  # dots an inch
    assert high / wide == pytest.approx(file[0].get_height() / file[0].get_width(), rel=0.01)
    colours = file[0].render(scale=1).to_pil().convert("RGB").getcolors(1 << 20)
    assert max(colours)[1] == (255, 255, 255)  # paper is light, also where the page is dark
    assert len(colours) > 20  # and there is more on it than paper
    file.close()


def test_a_filter_redraws_the_figures_without_loading_the_page_anew(sign_in):
    page = sign_in(ADMIN).page
    page.goto(FIGURES)
    page.evaluate("window.hasStayed = true")
    whole = page.locator(".head-sub").inner_text()
    card = page.locator("#figure-relative-gain")
    expect(card.locator(".main-svg").first).to_be_visible()
    domain = page.get_by_label("Clinical domain", exact=True)
    domain.select_option("Pathology")
    apply = page.get_by_role("button", name="Apply")
    apply.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?clinical_domain=Pathology$"))
    expect(page.get_by_role("status").filter(has_text="Figures redrawn")).to_contain_text("studies")
    expect(card.locator(".main-svg").first).to_be_visible()
    expect(apply).to_be_focused()
    assert page.locator(".head-sub").inner_text() != whole
    page.get_by_label("Remove the filter Clinical domain: Pathology").click()
    expect(page).to_have_url(re.compile(r"/figures/$"))
    expect(page.locator(".head-sub")).to_have_text(whole)
    page.go_back()
    expect(page.get_by_label("Remove the filter Clinical domain: Pathology")).to_be_visible()
    page.go_back()
    expect(page.locator(".head-sub")).to_have_text(whole)
    expect(card.locator(".main-svg").first).to_be_visible()
    assert page.evaluate("window.hasStayed")
    page.context.clear_cookies()
    domain.select_option("Pathology")
    apply.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_what_is_in_sight_is_redrawn_first_and_the_other_figures_follow(sign_in):
    page = sign_in(ADMIN).page
    page.goto(FIGURES)
    forest = page.locator("#figure-forest")
    forest.scroll_into_view_if_needed()
    expect(forest.locator(".main-svg").first).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/figures/cards/**", hold, times=1)
    waiting = page.locator("[data-waits]")
    with page.expect_request("**/figures/cards/**"):
        choose_pathology(page)
    expect(forest.locator(".main-svg").first).to_be_visible()
    expect(forest).to_be_in_viewport()  # the place of what is not there yet is kept
    assert "forest" not in waiting.evaluate_all("(all) => all.map((one) => one.dataset.waits)")
    expect(page.locator("#figure-relative-gain")).to_contain_text("Being drawn")
    held.pop().continue_()
    expect(waiting).to_have_count(0)
    gains = page.locator("#figure-relative-gain")
    gains.scroll_into_view_if_needed()
    expect(gains.locator(".main-svg").first).to_be_visible()
    gains.get_by_text("Save").first.click()
    expect(gains.get_by_role("button", name="SVG")).to_be_visible()


def test_figures_that_do_not_come_say_so_and_can_be_loaded_again(sign_in):
    page = sign_in(ADMIN).page
    page.goto(FIGURES)
    nothing = {"body": "", "content_type": "text/html"}
    page.route("**/figures/cards/**", lambda route: route.fulfill(**nothing), times=1)
    with page.expect_response("**/figures/cards/**"):
        choose_pathology(page)
    provenance = page.locator("#figure-provenance")
    expect(provenance).to_contain_text("This figure did not come")
    provenance.get_by_role("link", name="Load the page again").click()
    expect(provenance.locator("[data-figure]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?clinical_domain=Pathology$"))


def choose_pathology(page: Page) -> None:
    """Apply a filter without leaving the place on the page."""
    page.get_by_label("Clinical domain", exact=True).evaluate(
        """(menu) => {
          menu.value = "Pathology";
          menu.form.querySelector("button[type=submit]").click();
        }"""
    )


def dimmed(figure: Locator) -> list[str]:
    """How opaque each mark of a drawing is."""
    marks = figure.locator(".scatterlayer .trace .points path")
    return marks.evaluate_all("(all) => all.map((one) => getComputedStyle(one).opacity)")


def test_points_dragged_over_stand_out_everywhere_and_are_listed(sign_in):
    page = sign_in(ADMIN).page
    page.goto(FIGURES)
    gains = page.locator("[data-figure='relative-gain']")
    point = gains.locator(".scatterlayer .trace").last.locator(".points path").first
    x, y = middle_of(point)
    page.mouse.move(x - 60, y - 9)
    page.mouse.down()
    page.mouse.move(x - 30, y - 5, steps=4)
    page.mouse.move(x + 30, y + 9, steps=6)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"\?pick=\d+-[0-9a-f]{10}"))
    expect(page.locator("#picked").get_by_role("heading")).to_contain_text("selected point")
    year = page.locator("[data-figure='gain-by-year']")
    year.scroll_into_view_if_needed()
    expect(year.locator(".main-svg").first).to_be_visible()
    assert sorted(set(dimmed(year))) == ["0.15", "1"]
    page.reload()
    expect(page.locator("#picked").get_by_role("heading")).to_contain_text("selected point")
    page.get_by_role("link", name="Select nothing").click()
    expect(page).to_have_url(re.compile(r"/figures/$"))


def test_points_are_selected_by_keyboard_in_the_data_table(sign_in):
    page = sign_in(ADMIN).page
    page.goto(FIGURES)
    table = page.locator("#figure-forest .data-table")
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    box = table.get_by_role("checkbox").first
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"pick="))
    expect(page.locator("#picked tbody tr")).to_have_count(1)
    expect(page.locator("#figure-relative-gain input.pick:checked")).to_have_count(1)
