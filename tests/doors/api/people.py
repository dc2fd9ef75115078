"""Doors of the API: members, work, reports."""

from screening.models import Report
from screening.rules.roles import Capability
from tests.doors.door import Door, first

VIEW, MANAGE, HANDLE = Capability.VIEW, Capability.MANAGE, Capability.MANAGE_REPORTS


def door(name, needs=VIEW, method="get", data=None, fixed=None):
    return Door(f"screening-api:{name}", needs, method, data or {}, fixed or {})


DOORS = [
    door("members"),
    door("member"),
    door("member", MANAGE, "patch", {"roles": ["lead", "screener"]}),
    door("deactivate-member", MANAGE, "post"),
    door("reactivate-member", MANAGE, "post"),
    door("remove-member", MANAGE),
    door("remove-member", MANAGE, "post", {"fate": "keep"}),
    door("invitations", MANAGE),
    door("invitations", MANAGE, "post", {"roles": ["observer"]}),
    door("invitation", MANAGE, "delete"),
    door("audit", MANAGE),
    door("audit-chain", MANAGE),
    door("archive", MANAGE, "post"),
    door("archive", MANAGE, "delete"),
    door("deletion", MANAGE, "post", {"title": "Another title"}),
    door("deletion", MANAGE, "delete"),
    door("bundles", MANAGE),
    door("bundles", MANAGE, "post", {"files": "none"}),
    door("bundle", MANAGE),
    door("webhooks", MANAGE),
    door("webhooks", MANAGE, "post", {"url": "https://x.invalid/", "events": ["conflict"]}),
    door("webhook", MANAGE, "delete"),
    door("deliveries", MANAGE),
    door("send-again", MANAGE, "post"),
    door("jobs"),
    door("job"),
    door("cancel-job", MANAGE, "post"),
    door("retry-job", MANAGE, "post"),
    door("reports"),
    door("report-counts"),
    door("report"),
    door("reports-file", Capability.EXPORT, fixed={"file_format": "ris"}),
    door("many-attempts", HANDLE, "post", {"how": "x", "outcome": "pending", "reports": [1]}),
    door("attempts"),
    door("attempts", HANDLE, "post", {"how": "By mail", "outcome": "pending"}),
    door("full-texts"),
    door("full-texts", HANDLE, "post", {"file": b"no PDF"}),
    door("full-text-file"),
    door("full-text-pages"),
    door("pdf-batches", HANDLE),
    door("pdf-batches", HANDLE, "post", {"pdfs": b"no PDF"}),
    door("pdf-batch", HANDLE),
    door("assign-pdf", HANDLE, "put", {"report": first(Report)}),
    door("assign-pdf", HANDLE, "delete"),
    door("set-pdf-aside", HANDLE, "post"),
]
