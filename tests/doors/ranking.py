"""Doors of the order by relevance and of the decision to stop."""

from screening.rules.roles import Capability
from tests.doors.door import Door

TITLE = {"stage": "title-abstract"}
ORDER = {"order": "random", "ranking_mode": "auto", "exploration_percent": 0}

DOORS = [
    Door("screening:ranking", Capability.VIEW, fixed=TITLE),
    Door("screening:ranking", Capability.VIEW, fixed={"stage": "full-text"}),
    Door("screening:why", Capability.SCREEN, fixed=TITLE),
    Door("screening:trainings", Capability.MANAGE, fixed=TITLE),
    Door("screening:set-order", Capability.MANAGE, "post", ORDER, TITLE),
    Door("screening:stop", Capability.MANAGE, "post", fixed=TITLE),
    Door("screening:resume", Capability.MANAGE, "post"),
    Door("screening:learn-prior", Capability.MANAGE, "post"),
    Door("screening:forget-prior", Capability.MANAGE, "post"),
    Door("analytics:simulations", Capability.VIEW),
    Door("analytics:simulate", Capability.MANAGE, "post"),
]
