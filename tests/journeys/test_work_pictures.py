"""Pictures of work under way: the study that the journey extracted from its made-up report."""

import pytest

from tests.journeys.app import ALICE, BRUNO
from tests.journeys.pictures import take
from tests.journeys.steps.extracting import STUDY
from tests.journeys.test_pages import REVIEW

# The journey's report is replaced at its end: the results stand on page 3 then.
SHOTS = (
    ("extraction", ALICE, "extract/?page=3"),
    ("reader", BRUNO, "extract/?page=3&find=pre-training"),
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "who", "path"), SHOTS, ids=[shot[0] for shot in SHOTS])
def test_the_journeys_study_is_pictured(sign_in, name, who, path):
    page = sign_in(who).page
    page.goto(f"{REVIEW}extraction/")
    address = page.get_by_role("link", name=STUDY).first.get_attribute("href")
    take(page, f"{address}{path}", f"{name}-1440-light")
