"""Pictures of the demo as it is loaded: they are taken before the journey adds to it."""

import pytest

from tests.journeys.app import ADMIN
from tests.journeys.pictures import take
from tests.journeys.test_pages import REVIEW

WIDE_LIGHT, WIDE_DARK = ("1440-light", {}), ("1440-dark", {"dark": True})
NARROW_LIGHT = ("360-light", {"narrow": True})
NARROW_DARK = ("360-dark", {"narrow": True, "dark": True})
ALL_LOOKS = (WIDE_LIGHT, WIDE_DARK, NARROW_LIGHT, NARROW_DARK)
SHOTS = (
    ("overview", ADMIN, REVIEW, (WIDE_LIGHT,)),
    ("sources", ADMIN, f"{REVIEW}sources/", (WIDE_LIGHT,)),
    ("duplicates", ADMIN, f"{REVIEW}duplicates/", (WIDE_LIGHT,)),
    ("screening", ADMIN, f"{REVIEW}screening/title-abstract/", ALL_LOOKS),
    ("table-1", ADMIN, f"{REVIEW}table-1/", (WIDE_LIGHT,)),
    ("figures", ADMIN, f"{REVIEW}figures/", (WIDE_LIGHT, WIDE_DARK)),
    ("prisma", ADMIN, f"{REVIEW}prisma/", (WIDE_LIGHT,)),
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "who", "path", "looks"), SHOTS, ids=[shot[0] for shot in SHOTS])
def test_a_page_of_the_demo_is_pictured(sign_in, name, who, path, looks):
    for look, options in looks:
        take(sign_in(who, **options).page, path, f"{name}-{look}")
