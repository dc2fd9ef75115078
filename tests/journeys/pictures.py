"""Pictures for the documentation; taken only when REVIEWAPP_SCREENSHOTS names a folder.

REVIEWAPP_SCREENSHOTS=docs/screenshots python3 manage.py test -m browser tests/journeys
"""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

FOLDER = os.environ.get("REVIEWAPP_SCREENSHOTS", "")
MOST_BYTES = 200_000


def take(page: Page, path: str, name: str) -> None:
    """Open a page, wait until it is drawn, and keep its picture."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    if page.locator("[data-figure]").count():
        expect(page.locator("[data-figure] .main-svg").first).to_be_visible()
    keep(page, name)


def keep(page: Page, name: str) -> None:
    """Keep the picture of what is on the screen."""
    if not FOLDER:
        return
    target = Path(FOLDER) / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, animations="disabled")
    assert target.stat().st_size <= MOST_BYTES
