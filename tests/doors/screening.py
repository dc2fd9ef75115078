"""Doors of screening, conflicts, records, reports and full texts."""

from screening.rules.roles import Capability
from tests.doors.door import Door

TITLE = {"stage": "title-abstract"}
PAGE = {"number": 1}

DOORS = [
    Door("screening:screen", Capability.VIEW, fixed=TITLE),
    Door("screening:screen", Capability.VIEW, fixed={"stage": "full-text"}),
    Door("screening:progress", Capability.VIEW, fixed=TITLE),
    Door("screening:counts", Capability.VIEW, fixed=TITLE),
    Door("screening:undo", Capability.SCREEN, "post", fixed=TITLE),
    Door("screening:worklist", Capability.SCREEN, fixed=TITLE),
    Door("screening:decide-row", Capability.SCREEN, "post", {"verdict": "include"}, TITLE),
    Door("screening:undo-row", Capability.SCREEN, "post", fixed=TITLE),
    Door("screening:together", Capability.SCREEN, "post", {"verdict": "include"}, TITLE),
    Door("screening:choose-view", Capability.SCREEN, "post", {"view": "list"}, TITLE),
    Door("screening:decided", Capability.SCREEN, fixed=TITLE),
    Door("screening:decide", Capability.SCREEN, "post", {"verdict": "include"}, TITLE),
    Door("screening:decide-waiting", Capability.SCREEN, "post", {"verdict": "include"}, TITLE),
    Door("screening:assignments", Capability.VIEW, fixed=TITLE),
    Door("screening:assign-batch", Capability.MANAGE, "post", fixed=TITLE),
    Door("screening:assign-shares", Capability.MANAGE, "post", fixed=TITLE),
    Door("screening:set-assigning", Capability.MANAGE, "post", {"mode": "first"}, TITLE),
    Door("screening:change-assignment", Capability.MANAGE, "post"),
    Door("screening:pilots", Capability.VIEW, fixed=TITLE),
    Door("screening:start-pilot", Capability.MANAGE, "post", {"size": "1"}, TITLE),
    Door("screening:end-pilot", Capability.MANAGE, "post"),
    Door("screening:open-main-round", Capability.MANAGE, "post"),
    Door("screening:add-pilot-message", Capability.VIEW, "post", {"body": "A message."}),
    Door("analytics:pilot", Capability.VIEW),
    Door("screening:groups", Capability.MANAGE),
    Door("screening:groups", Capability.MANAGE, "post", {"new-name": "Clinicians"}),
    Door("screening:change-group", Capability.MANAGE, "post"),
    Door("screening:criteria", Capability.VIEW),
    Door("screening:revise-criteria", Capability.MANAGE, "post", {"criteria": "Trials"}),
    Door("screening:conflicts", Capability.VIEW, fixed=TITLE),
    Door("screening:settle", Capability.ADJUDICATE, "post", fixed=TITLE),
    Door("screening:agree", Capability.SCREEN, "post", fixed=TITLE),
    Door("screening:withdraw", Capability.ADJUDICATE, "post", fixed=TITLE),
    Door("screening:records", Capability.VIEW),
    Door("screening:record", Capability.VIEW),
    Door("screening:add-tag", Capability.VIEW, "post", {"label": "later"}),
    Door("screening:remove-tag", Capability.VIEW, "post"),
    Door("screening:add-note", Capability.VIEW, "post", {"body": "A note."}),
    Door("screening:remove-note", Capability.VIEW, "post"),
    Door("screening:reports", Capability.VIEW),
    Door("screening:add-attempts", Capability.MANAGE_REPORTS, "post"),
    Door("screening:reports-file", Capability.EXPORT),
    Door("screening:report", Capability.VIEW),
    Door("screening:add-attempt", Capability.MANAGE_REPORTS, "post"),
    Door("screening:upload-full-text", Capability.MANAGE_REPORTS, "post"),
    Door("screening:pdf-batches", Capability.MANAGE_REPORTS),
    Door("screening:pdf-batches", Capability.MANAGE_REPORTS, "post"),
    Door("screening:pdf-batch", Capability.MANAGE_REPORTS),
    Door("screening:batch-pdf", Capability.MANAGE_REPORTS),
    Door("screening:assign-pdf", Capability.MANAGE_REPORTS, "post"),
    Door("screening:undo-match", Capability.MANAGE_REPORTS, "post"),
    Door("screening:set-pdf-aside", Capability.MANAGE_REPORTS, "post"),
    Door("screening:full-text", Capability.VIEW),
    Door("screening:full-text-file", Capability.VIEW),
    Door("screening:full-text-page", Capability.VIEW, fixed=PAGE),
    Door("screening:full-text-boxes", Capability.VIEW, fixed=PAGE),
]

API = []
DOORS += API
