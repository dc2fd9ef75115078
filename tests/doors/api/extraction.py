"""Doors of the API: extraction."""

from screening.models import Membership, Report
from screening.rules.roles import Capability
from tests.doors.door import Door, first

VIEW, HANDLE, EXTRACT = Capability.VIEW, Capability.MANAGE_REPORTS, Capability.EXTRACT
RECONCILE, MANAGE = Capability.RECONCILE, Capability.MANAGE
VERIFY, IMPORT = Capability.VERIFY, Capability.IMPORT
CELL = {"field": "task", "value": "pneumonia"}


def door(name, needs=VIEW, method="get", data=None):
    return Door(f"extraction-api:{name}", needs, method, data or {})


DOORS = [
    door("studies"),
    door("studies", HANDLE, "post"),
    door("open-reports"),
    door("study"),
    door("study", HANDLE, "patch", {"label": "12"}),
    door("study-reports", HANDLE, "post", {"report": first(Report)}),
    door("split-report", HANDLE),
    door("split-report", HANDLE, "post"),
    door("join-report", HANDLE),
    door("data-sets"),
    door("data-sets", MANAGE, "post", {"names": ["CheXpert"]}),
    door("unknown-data-sets"),
    door("data-set", MANAGE, "put", {"name": "CheXpert"}),
    door("data-set", MANAGE, "delete"),
    door(
        "shares",
        MANAGE,
        "post",
        {"studies": [1], "members": [1], "task": "extract", "seats": 1},
    ),
    door("revisits", EXTRACT),
    door("revisits", EXTRACT, "post", {"field": "task"}),
    door("lost-quotes"),
    door("own-extraction", EXTRACT),
    door("own-extraction", EXTRACT, "post"),
    door("cell", EXTRACT, "put", CELL),
    door("evidence", EXTRACT, "put", {"field": "task", "page": 1}),
    door("rows", EXTRACT, "post", {"group": "experiment"}),
    door("row", EXTRACT, "post"),
    door("row", EXTRACT, "delete"),
    door("candidates", EXTRACT, data={"field": "strategy"}),
    door("missing", EXTRACT),
    door("submit", EXTRACT, "post"),
    door("reopen-own", EXTRACT, "post"),
    door("reconciliation"),
    door("reconciliation", RECONCILE, "post"),
    door("accept-agreed", RECONCILE, "post"),
    door("settle", RECONCILE, "put", {"field": "task", "side": "a"}),
    door("prove", RECONCILE, "put", {"field": "task", "page": 1}),
    door("unsettle", RECONCILE, "post", {"field": "task"}),
    door("settle-row", RECONCILE, "post", {"action": "leave_out"}),
    door("final", RECONCILE, "post"),
    door("reopen-study", RECONCILE, "post", {"reason": "A typing error."}),
    door("verification", VERIFY, "post"),
    door("verify", VERIFY, "put", {"field": "task", "side": "a"}),
    door("verify-proof", VERIFY, "put", {"field": "task", "page": 1}),
    door("unverify", VERIFY, "post", {"field": "task"}),
    door("verify-row", VERIFY, "post", {"action": "leave_out"}),
    door("verified-final", VERIFY, "post"),
    door("reopen-verified", VERIFY, "post", {"reason": "A typing error."}),
    door("assignments", MANAGE),
    door("assignments", MANAGE, "post", {"member": first(Membership), "task": "extract"}),
    door("assignment", MANAGE, "delete"),
    door("extraction"),
    door("reopen", MANAGE, "post", {"reason": "A typing error."}),
    door("forms"),
    door("forms", MANAGE, "post", {"definition": {}}),
    door("current-form"),
    door("take-back-form", MANAGE, "post"),
    door("draft", MANAGE),
    door("draft", MANAGE, "post", {"template": "blank"}),
    door("draft", MANAGE, "put", {"definition": {}}),
    door("draft", MANAGE, "delete"),
    door("draft-changes", MANAGE),
    door("try-draft", MANAGE, "post", {"entries": []}),
    door("publish-draft", MANAGE, "post"),
    door("sheets", IMPORT),
    door("sheets", IMPORT, "post", {"file": b"study,strategy\n1,contrastive\n"}),
    door("sheet", IMPORT),
    door("sheet", IMPORT, "patch", {"match": "label"}),
    door("sheet", IMPORT, "delete"),
    door("start-sheet", IMPORT, "post"),
    door("sheet-problems", IMPORT),
    door("progress"),
    door("withdraw-person", MANAGE, "post"),
    door("settings"),
    door("settings", MANAGE, "patch", {"is_assigned_only": True}),
]
