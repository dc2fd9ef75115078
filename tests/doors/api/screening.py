"""Doors of the API: screening and its settings."""

from screening.rules.roles import Capability
from tests.doors.door import Door

TITLE = {"stage": "title-abstract"}
VIEW, MANAGE, SCREEN = Capability.VIEW, Capability.MANAGE, Capability.SCREEN
RULING = {"verdict": "include"}


def door(name, needs=VIEW, method="get", data=None, fixed=None):
    return Door(f"screening-api:{name}", needs, method, data or {}, fixed or {})


DOORS = [
    door("review"),
    door("review", MANAGE, "patch", {"question": "Which?"}),
    door("stage", fixed=TITLE),
    door("stage", MANAGE, "patch", {"is_blinded": True}, TITLE),
    door("stage-records", fixed=TITLE),
    door("record", fixed=TITLE),
    door("next", SCREEN, "post", fixed=TITLE),
    door("decide", SCREEN, "post", {"verdict": "include"}, TITLE),
    door("undo", SCREEN, "post", fixed=TITLE),
    door("decided", fixed=TITLE),
    door("counts", fixed=TITLE),
    door("conflicts", fixed=TITLE),
    door("settled", fixed=TITLE),
    door("ruling", Capability.ADJUDICATE, "post", RULING, TITLE),
    door("ruling", Capability.ADJUDICATE, "delete", fixed=TITLE),
    door("consensus", SCREEN, "post", RULING, TITLE),
    door("discussion", fixed=TITLE),
    door("discussion", VIEW, "post", {"body": "Why?"}, TITLE),
    door("why", SCREEN, fixed=TITLE),
    door("order", SCREEN, fixed=TITLE),
    door("trainings", MANAGE, fixed=TITLE),
    door("stopping"),
    door("stops"),
    door("stops", MANAGE, "post", {"note": "Recall reached."}),
    door("stop", MANAGE, "delete"),
    door("prior"),
    door("prior", MANAGE, "put", {"review": "another"}),
    door("prior", MANAGE, "delete"),
    door("reasons"),
    door("reasons", MANAGE, "post", {"label": "No images"}),
    door("reason", MANAGE, "patch", {"label": "No pictures"}),
    door("tags"),
    door("tags", MANAGE, "post", {"label": "soon"}),
    door("tag", MANAGE, "patch", {"label": "soon"}),
    door("note", VIEW, "delete"),
    door("message", VIEW, "delete"),
    door("words"),
    door("words", MANAGE, "put"),
    door("own-words", SCREEN),
    door("own-words", SCREEN, "put"),
    door("export", Capability.EXPORT, fixed={"file_format": "ris"}),
]
