"""Doors of the figures."""

from screening.rules.roles import Capability
from tests.doors.door import Door

DOORS = [
    Door("analytics:figures", Capability.VIEW),
    Door("analytics:figures-picked", Capability.VIEW),
    Door("analytics:figure-cards", Capability.VIEW),
    Door("analytics:figures-progress", Capability.VIEW),
    Door("analytics:figure-csv", Capability.VIEW, fixed={"key": "relative-gain"}),
    Door("analytics:figure-points", Capability.VIEW, fixed={"key": "relative-gain"}),
    Door("analytics:figure-lines", Capability.VIEW, fixed={"key": "relative-gain"}),
    Door("analytics:figure-html", Capability.VIEW, fixed={"key": "relative-gain"}),
    Door("analytics:figure-json", Capability.VIEW, fixed={"key": "relative-gain"}),
    Door("analytics:figure-print", Capability.VIEW, fixed={"key": "relative-gain"}),
    Door("analytics:value", Capability.VIEW),
    Door("analytics:publications", Capability.MANAGE),
    Door("analytics:publish", Capability.MANAGE, "post", data={"title": "Gains"}),
    Door("analytics:unpublish", Capability.MANAGE, "post"),
    Door("analytics:report", Capability.EXPORT),
    Door("analytics:report-file", Capability.EXPORT, fixed={"file_format": "html"}),
    Door("analytics:write-report", Capability.EXPORT, "post"),
    Door("analytics:changes", Capability.VIEW),
    Door("analytics:changes-csv", Capability.VIEW),
]
