"""Doors of the PRISMA flow and agreement."""

from screening.rules.roles import Capability
from tests.doors.door import Door

DOORS = [
    Door("analytics:prisma", Capability.VIEW),
    Door("analytics:prisma-box", Capability.VIEW, fixed={"box": "records-screened"}),
    Door("analytics:prisma-part", Capability.VIEW, fixed={"box": "source", "number": 0}),
    Door("analytics:prisma-export", Capability.EXPORT, fixed={"file_format": "csv"}),
    Door("analytics:checklist", Capability.VIEW, fixed={"report": "checklist"}),
    Door(
        "analytics:checklist-export",
        Capability.EXPORT,
        fixed={"report": "searches", "file_format": "csv"},
    ),
    Door("screening:declare", Capability.MANAGE),
    Door(
        "screening:declare",
        Capability.MANAGE,
        "post",
        data={"kind": "duplicate", "count": 0, "removed_on": "2020-01-01", "note": "EndNote"},
    ),
    Door("screening:withdraw-declared", Capability.MANAGE, "post"),
    Door("analytics:agreement", Capability.VIEW),
    Door("analytics:agreement-export", Capability.EXPORT, fixed={"file_format": "csv"}),
]
