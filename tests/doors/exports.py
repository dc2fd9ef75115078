"""Doors of exports."""

from screening.rules.roles import Capability
from tests.doors.door import Door

DOORS = [
    Door("screening:export", Capability.EXPORT),
    Door("screening:export-file", Capability.EXPORT),
]
