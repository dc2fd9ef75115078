"""Doors of sources and imports."""

from screening.rules.roles import Capability
from tests.doors.door import Door

DOORS = [
    Door("screening:sources", Capability.VIEW),
    Door("screening:running-imports", Capability.VIEW),
    Door("screening:import-report", Capability.VIEW),
    Door("screening:original-file", Capability.VIEW),
    Door("screening:new-import", Capability.IMPORT),
    Door("screening:new-import", Capability.IMPORT, "post"),
    Door("screening:import-preview", Capability.IMPORT),
    Door("screening:import-preview", Capability.IMPORT, "post"),
    Door("screening:import-people", Capability.IMPORT),
    Door("screening:import-people", Capability.IMPORT, "post"),
    Door("screening:discard-import", Capability.IMPORT, "post"),
    Door("screening:undo-import", Capability.IMPORT),
    Door("screening:undo-import", Capability.IMPORT, "post"),
    Door("screening:new-search", Capability.IMPORT),
    Door("screening:new-search", Capability.IMPORT, "post"),
    Door("screening:saved-search", Capability.VIEW),
    Door("screening:count-search", Capability.IMPORT, "post"),
    Door("screening:fetch-search", Capability.IMPORT, "post"),
    Door("screening:forget-search", Capability.IMPORT, "post"),
    Door("screening:edit-import", Capability.IMPORT),
    Door("screening:edit-import", Capability.IMPORT, "post"),
    Door("screening:edit-source", Capability.IMPORT),
    Door("screening:edit-source", Capability.IMPORT, "post"),
    Door("screening:import-problem", Capability.IMPORT),
    Door("screening:import-problem", Capability.IMPORT, "post", {"action": "leave_out"}),
    Door("screening:jobs", Capability.VIEW),
    Door("screening:missing", Capability.VIEW),
    Door("screening:complete-records", Capability.IMPORT, "post"),
    Door("screening:complete-record", Capability.COMPLETE, "post"),
    Door("screening:paste-abstract", Capability.COMPLETE, "post", {"abstract": "Words."}),
    Door("screening:undo-completion", Capability.COMPLETE, "post"),
]
