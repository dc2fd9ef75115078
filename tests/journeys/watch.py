"""Watches pages: nothing from outside, no complaint in the console, nothing a checker finds."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

OUTSIDE = ", ".join(
    f"{tag}[{attribute}^='http']"
    for tag, attribute in (
        ("script", "src"),
        ("link", "href"),
        ("img", "src"),
        ("iframe", "src"),
        ("source", "src"),
        ("object", "data"),
        ("form", "action"),
    )
)
WORST_EXPECTED = 500


class Watch:
    """Collects what must not happen on any page that is followed."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.faults: list[str] = []
        self.excused: list[re.Pattern[str]] = []  # what a test brings about itself

    def follow(self, page: Page) -> None:
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", self._threw)

    def check(self) -> None:
        if self.faults:
            raise AssertionError("\n".join(self.faults))

    def faults_of(self, page: Page) -> list[str]:
        """What is wrong with the page as it stands: outside assets, accessibility violations."""
        faults = [f"{page.url}: asset from outside"] if page.locator(OUTSIDE).count() else []
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return faults + [
            f"{page.url}: {fault['id']} ({fault['help']}) at {fault['nodes'][0]['target']}, "
            f"{len(fault['nodes'])} places: {fault['nodes'][0]['html'][:160]}"
            for fault in found
        ]

    def _asked(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme in {"http", "https"} and place.netloc != self.host:
            self.faults.append(f"{request.frame.url} asked for {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= WORST_EXPECTED:
            self.faults.append(f"{response.status} from {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        is_meant = any(one.search(message.text) for one in self.excused)
        if message.type == "error" and not is_meant:
            self.faults.append(f"console of {message.page and message.page.url}: {message.text}")

    def _threw(self, error: Error) -> None:
        self.faults.append(f"script error: {error}")
