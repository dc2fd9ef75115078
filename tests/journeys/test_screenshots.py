"""Pictures for the documentation; made only when REVIEWAPP_SCREENSHOTS names a folder.

REVIEWAPP_SCREENSHOTS=docs/screenshots python3 manage.py test -m browser tests/journeys
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.app import ADMIN, ALICE
from tests.journeys.test_pages import REVIEW

FOLDER = os.environ.get("REVIEWAPP_SCREENSHOTS", "")
MOST_BYTES = 200_000
WIDE_LIGHT, WIDE_DARK = ("1440-light", {}), ("1440-dark", {"dark": True})
NARROW_LIGHT = ("360-light", {"narrow": True})
NARROW_DARK = ("360-dark", {"narrow": True, "dark": True})
SHOTS = (
    ("overview", ADMIN, REVIEW, (WIDE_LIGHT,)),
    ("sources", ADMIN, f"{REVIEW}sources/", (WIDE_LIGHT,)),
    ("duplicates", ADMIN, f"{REVIEW}duplicates/", (WIDE_LIGHT,)),
    (
        "screening",
        ALICE,
        f"{REVIEW}screening/title-abstract/",
        (WIDE_LIGHT, WIDE_DARK, NARROW_LIGHT, NARROW_DARK),
    ),
    ("extraction", ALICE, f"{REVIEW}extraction/studies/80/extract/?page=2", (WIDE_LIGHT,)),
    ("table-1", ADMIN, f"{REVIEW}table-1/", (WIDE_LIGHT,)),
    ("figures", ADMIN, f"{REVIEW}figures/", (WIDE_LIGHT, WIDE_DARK)),
    ("prisma", ADMIN, f"{REVIEW}prisma/", (WIDE_LIGHT,)),
)

pytestmark = pytest.mark.skipif(not FOLDER, reason="needs REVIEWAPP_SCREENSHOTS=<folder>")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "who", "path", "looks"), SHOTS, ids=[shot[0] for shot in SHOTS])
def test_a_page_is_pictured_for_the_documentation(sign_in, name, who, path, looks):
    for look, options in looks:
        page = sign_in(who, **options).page
        page.goto(path)
        _wait_for_pictures(page)
        target = Path(FOLDER) / f"{name}-{look}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, animations="disabled")
        assert target.stat().st_size <= MOST_BYTES


def _wait_for_pictures(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    if page.locator("[data-figure]").count():
        expect(page.locator("[data-figure] .main-svg").first).to_be_visible()
