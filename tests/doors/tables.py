"""Doors of Table 1: the page, its exports, the policy, the layout and choices by hand."""

from screening.rules.roles import Capability
from tests.doors.door import Door

DOORS = [
    Door("analytics:table1", Capability.VIEW),
    Door("analytics:table1-export", Capability.EXPORT, fixed={"file_format": "csv"}),
    Door("analytics:table1-policy", Capability.VIEW),
    Door("analytics:table1-policy-save", Capability.MANAGE, "post", data={"reset": "1"}),
    Door("analytics:table1-layout", Capability.MANAGE),
    Door("analytics:table1-layout-save", Capability.MANAGE, "post", data={"reset": "1"}),
    Door("analytics:table1-study", Capability.VIEW),
    Door("analytics:table1-choose", Capability.MANAGE, "post", data={"rationale": "Fits."}),
    Door("analytics:table1-footnote", Capability.MANAGE, "post", data={"text": "A remark."}),
    Door(
        "analytics:table1-head-footnote",
        Capability.MANAGE,
        "post",
        data={"text": "A remark.", "column": "difference"},
    ),
    Door("analytics:table1-footnote-remove", Capability.MANAGE, "post"),
    Door("analytics:extracted", Capability.VIEW),
    Door(
        "analytics:extracted-export",
        Capability.EXPORT,
        fixed={"shape": "long", "file_format": "csv"},
    ),
]
