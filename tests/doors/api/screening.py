"""Doors of the API: screening."""

from screening.rules.roles import Capability
from tests.doors.door import Door

TITLE = {"stage": "title-abstract"}
DOORS = [
    Door("screening-api:records", Capability.VIEW, fixed=TITLE),
    Door("screening-api:record", Capability.VIEW, fixed=TITLE),
    Door("screening-api:next", Capability.SCREEN, "post", fixed=TITLE),
    Door("screening-api:decide", Capability.SCREEN, "post", {"verdict": "include"}, TITLE),
    Door("screening-api:undo", Capability.SCREEN, "post", fixed=TITLE),
    Door("screening-api:decided", Capability.VIEW, fixed=TITLE),
    Door("screening-api:counts", Capability.VIEW, fixed=TITLE),
    Door("screening-api:stopping", Capability.VIEW),
    Door("screening-api:export", Capability.EXPORT, fixed={"file_format": "ris"}),
]
