"""A person at a keyboard: everything is reached by Tab and pressed by Enter, Space or a letter."""

import re

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"
HAS_FOCUS = "element => element === document.activeElement"


class Keyboard:
    """Drives one page without a pointer; a place that Tab does not reach fails the test."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.on("filechooser", lambda _chooser: None)  # caught from now on, not at the last moment

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, target: Locator) -> Locator:
        """Tab on, around the page if need be, until the one element that is meant has focus."""
        expect(target).to_have_count(1)
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate(HAS_FOCUS):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {target}")

    def enter(self, target: Locator) -> None:
        """Follow a link or press a button."""
        self.to(target)
        self.page.keyboard.press("Enter")

    def link(self, name: str, *, exact: bool = False) -> None:
        self.enter(self.page.get_by_role("link", name=name, exact=exact))

    def go(self, name: str) -> None:
        """Follow a line of the review's navigation; it may carry a count."""
        navigation = self.page.get_by_role("navigation", name="Review", exact=True)
        self.enter(navigation.get_by_role("link", name=name))

    def tab(self, name: str | re.Pattern[str]) -> None:
        """Follow one of the tabs of a stage; it carries a count."""
        tabs = self.page.get_by_role("main").get_by_role("navigation")
        self.enter(tabs.get_by_role("link", name=name))

    def button(self, name: str, *, exact: bool = False) -> None:
        self.enter(self.page.get_by_role("button", name=name, exact=exact))

    def write(self, target: Locator, text: str) -> None:
        """Replace what a field holds."""
        self.to(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, label: str) -> None:
        """Pick an option of a select by typing its name."""
        self.to(target)
        self.page.keyboard.type(label)
        expect(target.locator("option:checked")).to_contain_text(label)

    def tick(self, target: Locator) -> None:
        """Set a checkbox or a radio button."""
        self.to(target)
        self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def settled(self) -> None:
        """Wait until the answer that has come is on the page; typing on would be overwritten."""
        expect(self.page.locator(BUSY)).to_have_count(0)

    def upload(self, target: Locator, name: str, content: bytes, kind: str) -> None:
        """Open the file chooser of a field and pick a file."""
        self.to(target)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files([{"name": name, "mimeType": kind, "buffer": content}])
