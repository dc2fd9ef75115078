"""Every main page in light and dark, wide and narrow: nothing from outside, nothing axe finds."""

from itertools import product

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
# Asked in two of the four combinations, so that the suite ends in time.
TWICE = (
    "/account/tokens/",
    f"{REVIEW}screening/title-abstract/list/",
    f"{REVIEW}screening/title-abstract/progress/",
    f"{REVIEW}screening/title-abstract/assignments/",
    f"{REVIEW}screening/title-abstract/pilots/",
    f"{REVIEW}screening/title-abstract/ranking/",
    f"{REVIEW}screening/title-abstract/ranking/trainings/",
    f"{REVIEW}records/missing/",
    f"{REVIEW}export/",
    f"{REVIEW}criteria/",
    f"{REVIEW}reports/pdfs/",
    f"{REVIEW}settings/groups/",
    f"{REVIEW}settings/tags/",
    f"{REVIEW}settings/reasons/",
    f"{REVIEW}settings/questions/title-abstract/",
    f"{REVIEW}webhooks/",
    f"{REVIEW}my-words/",
    f"{REVIEW}sources/search/",
    f"{REVIEW}jobs/",
    f"{REVIEW}duplicates/sure/",
    f"{REVIEW}extraction/progress/",
    f"{REVIEW}extraction/settings/",
    f"{REVIEW}extraction/form/draft/",
    f"{REVIEW}extraction/form/draft/new-part/",
    f"{REVIEW}extraction/form/draft/try/",
    f"{REVIEW}extraction/data-sets/",
    f"{REVIEW}extraction/data/",
    f"{REVIEW}extraction/sheets/",
    f"{REVIEW}extraction/agreement/",
    f"{REVIEW}figures/progress/",
    f"{REVIEW}risk-of-bias/",
    f"{REVIEW}simulations/",
    f"{REVIEW}table-1/policy/",
    f"{REVIEW}table-1/columns/",
)
PARTS = 3  # of the pages of a look; each may go to another process
LOOKS = tuple(product([False, True], repeat=2))  # narrow or not, dark or not
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def pages_of(look: tuple[bool, bool], part: int) -> tuple[str, ...]:
    narrow, dark = look
    return (PAGES + (TWICE if narrow == dark else ()))[part::PARTS]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("look", LOOKS, ids=["1440-light", "1440-dark", "360-light", "360-dark"])
def test_a_page_is_readable_for_everybody_and_asks_nothing_of_other_hosts(
    sign_in, watch: Watch, look: tuple[bool, bool], part: int
):
    narrow, dark = look
    page = sign_in(ADMIN, narrow=narrow, dark=dark).page
    faults = []
    for path in pages_of(look, part):
        answer = page.goto(path)
        if answer is None or not answer.ok:
            faults.append(f"{path}: {answer and answer.status}")
            continue
        faults += watch.faults_of(page)
        if not page.evaluate(FITS):
            faults.append(f"{path}: wider than the window")
    assert not faults, "\n".join(faults)
