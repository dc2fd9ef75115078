"""Every main page in light and dark, wide and narrow: nothing from outside, nothing axe finds."""

import pytest

from tests.journeys.app import ADMIN
from tests.journeys.watch import Watch

REVIEW = "/r/ssl-medical-imaging/"
PAGES = (
    "/",
    "/account/",
    REVIEW,
    f"{REVIEW}sources/",
    f"{REVIEW}sources/import/",
    f"{REVIEW}imports/1/",
    f"{REVIEW}duplicates/",
    f"{REVIEW}duplicates/?tab=linked",
    f"{REVIEW}screening/title-abstract/",
    f"{REVIEW}screening/title-abstract/conflicts/",
    f"{REVIEW}screening/title-abstract/decided/",
    f"{REVIEW}screening/full-text/",
    f"{REVIEW}records/",
    f"{REVIEW}records/1/",
    f"{REVIEW}reports/",
    f"{REVIEW}reports/1/",
    f"{REVIEW}extraction/",
    f"{REVIEW}extraction/form/",
    f"{REVIEW}extraction/studies/1/",
    f"{REVIEW}table-1/",
    f"{REVIEW}figures/",
    f"{REVIEW}prisma/",
    f"{REVIEW}agreement/",
    f"{REVIEW}members/",
    f"{REVIEW}settings/",
)
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True], ids=["1440", "360"])
def test_a_page_is_readable_for_everybody_and_asks_nothing_of_other_hosts(
    sign_in, watch: Watch, *, narrow: bool, dark: bool
):
    page = sign_in(ADMIN, narrow=narrow, dark=dark).page
    faults = []
    for path in PAGES:
        answer = page.goto(path)
        if answer is None or not answer.ok:
            faults.append(f"{path}: {answer and answer.status}")
            continue
        faults += watch.faults_of(page)
        if not page.evaluate(FITS):
            faults.append(f"{path}: wider than the window")
    assert faults == []
