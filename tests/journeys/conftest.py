"""Chromium, the running app, and people who sign in to it with nothing but a keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.journeys import pictures
from tests.journeys.app import App, running_app
from tests.journeys.keyboard import Keyboard
from tests.journeys.watch import Watch

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 780}
VISITS = "test_pages"
SignIn = Callable[..., Keyboard]

# Pictures for docs/ are made by the same steps, and only when a folder is named for them.
if not pictures.FOLDER:
    collect_ignore = ["test_demo_pictures.py", "test_work_pictures.py"]

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Visit the pages first, of the demo as it was loaded."""
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.parent == here and item.path.stem != VISITS)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


class VisitsApart(LoadFileScheduling):
    """Tests of a file, which change the demo, stay in one process; visits go to any."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if f"{VISITS}.py" in nodeid else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> VisitsApart:
    return VisitsApart(config, log)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"needs Chromium at {CHROMIUM} (Debian package `chromium`)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_app(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest.fixture
def watch(app: App) -> Iterator[Watch]:
    """Fails the test at its end if a page asked for anything from outside, or complained."""
    watch = Watch(app.address)
    yield watch
    watch.check()


@pytest.fixture
def sign_in(browser: Browser, app: App, watch: Watch) -> Iterator[SignIn]:
    """`sign_in(ALICE)` opens a browser of her own and signs in by keyboard."""
    contexts: list[BrowserContext] = []

    def enter(number: int, *, narrow: bool = False, dark: bool = False) -> Keyboard:
        context = browser.new_context(
            base_url=app.address,
            viewport=NARROW if narrow else WIDE,
            has_touch=narrow,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_navigation_timeout(120_000)  # two apps begin at once on two cores
        watch.follow(page)
        _sign_in(page, *app.accounts[number])
        return Keyboard(page)

    yield enter
    for context in contexts:
        context.close()


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/")
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your reviews")).to_be_visible()
