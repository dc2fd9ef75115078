"""Doors of the duplicates desk."""

from screening.rules.roles import Capability
from tests.doors.door import Door

JUDGE = Capability.DEDUPLICATE

DOORS = [
    Door("screening:duplicates", Capability.VIEW),
    Door("screening:find-duplicates", JUDGE, "post"),
    Door("screening:link-pair", JUDGE, "post"),
    Door("screening:reject-pair", JUDGE, "post"),
    Door("screening:undo-link", JUDGE, "post"),
    Door("screening:swap-kept", JUDGE, "post"),
    Door("screening:undo-rejection", JUDGE, "post"),
    Door("screening:choose-field", JUDGE, "post", data={"field": "title"}),
    Door("screening:release-field", JUDGE, "post", data={"field": "title"}),
    Door("screening:duplicate-of", JUDGE),
    Door("screening:duplicate-group", Capability.VIEW),
    Door("screening:answer-group", JUDGE, "post"),
    Door("screening:sure-pairs", JUDGE),
    Door("screening:accept-sure-pairs", JUDGE, "post"),
    Door("screening:mark-duplicate", JUDGE, "post"),
]
