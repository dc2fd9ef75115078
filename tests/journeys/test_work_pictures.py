"""A picture of work under way: the study that the journey extracted from its made-up report."""

import pytest

from tests.journeys.app import ALICE
from tests.journeys.pictures import take
from tests.journeys.steps.extracting import STUDY
from tests.journeys.test_pages import REVIEW


@pytest.mark.timeout(600)
def test_the_form_beside_the_report_is_pictured(sign_in):
    page = sign_in(ALICE).page
    page.goto(f"{REVIEW}extraction/")
    address = page.get_by_role("link", name=STUDY).first.get_attribute("href")
    take(page, f"{address}extract/?page=2", "extraction-1440-light")
