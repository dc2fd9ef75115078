"""Doors of the extraction floor."""

from screening.rules.roles import Capability
from tests.doors.door import Door

PAGE = {"number": 1}
DOORS = [
    Door("extraction:studies", Capability.VIEW),
    Door("extraction:agreement", Capability.VIEW),
    Door("extraction:form", Capability.VIEW),
    Door("extraction:form-json", Capability.VIEW),
    Door("extraction:publish-form", Capability.MANAGE, "post"),
    Door("extraction:new-study", Capability.MANAGE_REPORTS, "post"),
    Door("extraction:study", Capability.VIEW),
    Door("extraction:join-report", Capability.MANAGE_REPORTS, "post"),
    Door("extraction:describe-study", Capability.MANAGE_REPORTS, "post"),
    Door("extraction:start", Capability.EXTRACT, "post"),
    Door("extraction:extract", Capability.EXTRACT),
    Door("extraction:sheet", Capability.EXTRACT),
    Door("extraction:save-cell", Capability.EXTRACT, "post"),
    Door("extraction:evidence", Capability.EXTRACT),
    Door("extraction:evidence", Capability.EXTRACT, "post"),
    Door("extraction:rows", Capability.EXTRACT, "post"),
    Door("extraction:submit", Capability.EXTRACT, "post"),
    Door("extraction:reopen-own", Capability.EXTRACT, "post"),
    Door("extraction:reopen", Capability.MANAGE, "post"),
    Door("extraction:reconcile", Capability.VIEW),
    Door("extraction:begin", Capability.RECONCILE, "post"),
    Door("extraction:settle", Capability.RECONCILE, "post"),
    Door("extraction:settle-row", Capability.RECONCILE, "post"),
    Door("extraction:finalise", Capability.RECONCILE, "post"),
    Door("extraction:page-picture", Capability.VIEW, fixed=PAGE),
]
