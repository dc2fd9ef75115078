"""A review with made up studies, stored as an import."""

import pytest
from hypothesis import HealthCheck, settings

from extraction.models import ExtractionRow
from screening.models import Membership
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.stored import store

# How long drawing an example takes says how busy the machine is, not whether a law holds.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")

STUDIES = [
    study(1, trial("t1", "88", "80"), trial("t2", "60", "50", dose="1%"),
          crop="wheat", regions=("north",)),
    study(2, trial("t3", "72", "80"), crop="maize", regions=("south",)),
    study(3, trial("t4", "60", "", site="=cmd()"), crop="maize"),
]  # fmt: skip


@pytest.fixture
def stored(lead: Membership) -> dict[str, ExtractionRow]:
    """Rows by the key they had in `STUDIES`."""
    return store(lead, STUDIES, made_up_form())
