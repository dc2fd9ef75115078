"""Doors of the risk of bias."""

from screening.rules.roles import Capability
from tests.doors.door import Door

DOORS = [
    Door("analytics:risk-of-bias", Capability.VIEW),
    Door("analytics:risk-file", Capability.VIEW, fixed={"tool": "quadas-2", "kind": "csv"}),
]
