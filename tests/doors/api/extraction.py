"""Doors of the API: extraction."""

from screening.models import Membership, Report
from screening.rules.roles import Capability
from tests.doors.door import Door, first

VIEW, HANDLE, EXTRACT = Capability.VIEW, Capability.MANAGE_REPORTS, Capability.EXTRACT
RECONCILE, MANAGE = Capability.RECONCILE, Capability.MANAGE
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
    door("own-extraction", EXTRACT),
    door("own-extraction", EXTRACT, "post"),
    door("cell", EXTRACT, "put", CELL),
    door("evidence", EXTRACT, "put", {"field": "task", "page": 1}),
    door("rows", EXTRACT, "post", {"group": "experiment"}),
    door("row", EXTRACT, "post"),
    door("row", EXTRACT, "delete"),
    door("missing", EXTRACT),
    door("submit", EXTRACT, "post"),
    door("reopen-own", EXTRACT, "post"),
    door("reconciliation"),
    door("reconciliation", RECONCILE, "post"),
    door("accept-agreed", RECONCILE, "post"),
    door("settle", RECONCILE, "put", {"field": "task", "side": "a"}),
    door("unsettle", RECONCILE, "post", {"field": "task"}),
    door("settle-row", RECONCILE, "post", {"action": "leave_out"}),
    door("final", RECONCILE, "post"),
    door("reopen-study", RECONCILE, "post", {"reason": "A typing error."}),
    door("assignments", MANAGE),
    door("assignments", MANAGE, "post", {"member": first(Membership), "task": "extract"}),
    door("assignment", MANAGE, "delete"),
    door("extraction"),
    door("reopen", MANAGE, "post", {"reason": "A typing error."}),
    door("forms"),
    door("forms", MANAGE, "post", {"definition": {}}),
    door("current-form"),
    door("settings"),
    door("settings", MANAGE, "patch", {"is_assigned_only": True}),
]
