"""Doors of members, invitations, settings and the overview."""

from screening.rules.roles import Capability
from tests.doors.door import Door

DOORS = [
    Door("analytics:overview", Capability.VIEW),
    Door("analytics:waiting", Capability.VIEW),
    Door("screening:members", Capability.VIEW),
    Door("screening:invite", Capability.MANAGE, "post"),
    Door("screening:change-member", Capability.MANAGE, "post", {"action": "reactivate"}),
    Door(
        "screening:add-message",
        Capability.VIEW,
        "post",
        {"body": "Hello."},
        {"stage": "title-abstract"},
    ),
    Door("screening:remove-message", Capability.VIEW, "post"),
    Door("screening:remove-member", Capability.MANAGE),
    Door("screening:remove-member", Capability.MANAGE, "post", {"fate": "unknown"}),
    Door("screening:revoke-invitation", Capability.MANAGE, "post"),
    Door("screening:settings", Capability.MANAGE),
    Door("screening:settings", Capability.MANAGE, "post"),
    Door("screening:life", Capability.MANAGE),
    Door("screening:life", Capability.MANAGE, "post", {"action": "archive"}),
    Door("screening:tags", Capability.MANAGE),
    Door("screening:tags", Capability.MANAGE, "post"),
    Door("screening:change-tag", Capability.MANAGE, "post", {"action": "rename"}),
    Door("screening:reasons", Capability.MANAGE),
    Door("screening:reasons", Capability.MANAGE, "post"),
    Door("screening:change-reason", Capability.MANAGE, "post", {"action": "up"}),
    Door("screening:questions", Capability.MANAGE, fixed={"stage": "full-text"}),
    Door("screening:questions", Capability.MANAGE, "post", fixed={"stage": "full-text"}),
    Door("screening:change-question", Capability.MANAGE, "post", {"action": "up"}),
    Door("screening:own-words", Capability.SCREEN),
    Door("screening:own-words", Capability.SCREEN, "post"),
    Door("screening:webhooks", Capability.MANAGE),
    Door("screening:webhooks", Capability.MANAGE, "post"),
    Door("screening:remove-webhook", Capability.MANAGE, "post"),
    Door("screening:send-again", Capability.MANAGE, "post"),
]
