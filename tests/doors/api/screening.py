"""Doors of the API: screening and its settings."""

from screening.models import ExclusionReason
from screening.rules.roles import Capability
from tests.doors.door import Door, first

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
    door("pilots", fixed=TITLE),
    door("pilots", MANAGE, "post", {"size": 1}, TITLE),
    door("pilot"),
    door("pilot-people"),
    door("pilot-records"),
    door("pilot-talk"),
    door("pilot-talk", VIEW, "post", {"body": "Why?"}),
    door("progress", fixed=TITLE),
    door("people-progress", MANAGE, fixed=TITLE),
    door("end-pilot", MANAGE, "post"),
    door("open-main-round", MANAGE, "post"),
    door("criteria"),
    door("criteria", MANAGE, "post", {"criteria": ["Human images"]}),
    door("questions", fixed=TITLE),
    door("questions", MANAGE, "post", {"text": "Human?", "reason": first(ExclusionReason)}, TITLE),
    door("question", MANAGE, "patch", {"text": "Is it about humans?"}),
    door("question", MANAGE, "delete"),
    door("groups", MANAGE),
    door("groups", MANAGE, "post", {"name": "Radiologists"}),
    door("group", MANAGE),
    door("group", MANAGE, "patch", {"name": "Radiologists"}),
    door("group", MANAGE, "delete"),
    door("assignments", fixed=TITLE),
    door("assignments", MANAGE, "post", {"name": "A", "members": [1]}, TITLE),
    door("shares", MANAGE, "post", {"name": "A", "shares": [{"member": 1, "percent": 100}]}, TITLE),
    door("assigning", fixed=TITLE),
    door("assigning", MANAGE, "put", {"mode": "first"}, TITLE),
    door("assignment", MANAGE, "delete"),
    door("reassign", MANAGE, "post", {"to": 1}),
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
