"""Doors of the API: sources, imports, records, duplicates."""

from screening.models import Record
from screening.rules.roles import Capability
from tests.doors.door import Door, first

VIEW, IMPORT, JUDGE = Capability.VIEW, Capability.IMPORT, Capability.DEDUPLICATE
COMPLETE, MANAGE = Capability.COMPLETE, Capability.MANAGE
RIS = {"file": b"TY  - JOUR\nTI  - A\nER  - \n", "source_name": "PubMed", "kind": "database"}
FIELD = {"field": "title"}


def door(name, needs=VIEW, method="get", data=None, fixed=None):
    return Door(f"screening-api:{name}", needs, method, data or {}, fixed or {})


DOORS = [
    door("sources"),
    door("source"),
    door("source", IMPORT, "patch", {"note": "New."}),
    door("searches"),
    door("searches", IMPORT, "post"),
    door("search"),
    door("search", IMPORT, "delete"),
    door("count-search", IMPORT, "post"),
    door("fetch-search", IMPORT, "post"),
    door("declared"),
    door("declared", MANAGE, "post"),
    door("one-declared", MANAGE, "delete"),
    door("imports"),
    door("imports", IMPORT, "post", RIS),
    door("import"),
    door("import", IMPORT, "patch", {"query": "ssl"}),
    door("import", IMPORT, "delete"),
    door("import-file"),
    door("import-preview", IMPORT, "post"),
    door("import-people", IMPORT),
    door("import-people", IMPORT, "put", {"people": {}}),
    door("start-import", IMPORT, "post"),
    door("import-problems"),
    door("import-problem", IMPORT, "patch", {"leave_out": "No record."}),
    door("records"),
    door("whole-record"),
    door("trace"),
    door("abstract", COMPLETE, "post"),
    door("abstract", COMPLETE, "put", {"abstract": "Words."}),
    door("record-tags"),
    door("record-tags", VIEW, "post", {"label": "later"}),
    door("record-tag", VIEW, "delete"),
    door("record-notes"),
    door("record-notes", VIEW, "post", {"body": "A note."}),
    door("gaps"),
    door("gaps", IMPORT, "post", {"fields_wanted": ["abstract"]}),
    door("completions"),
    door("completion", COMPLETE, "delete"),
    door("duplicate-of", JUDGE, "put", {"kept": first(Record)}),
    door("shown-field", JUDGE, "put", fixed=FIELD),
    door("shown-field", JUDGE, "delete", fixed=FIELD),
    door("duplicate-questions"),
    door("duplicate-questions", JUDGE, "post"),
    door("duplicate-question", JUDGE, "post", {"is_duplicate": True}),
    door("duplicate-links"),
    door("duplicate-link", JUDGE, "post"),
    door("duplicate-link", JUDGE, "delete"),
    door("duplicate-rulings"),
    door("duplicate-ruling", JUDGE, "delete"),
    door("duplicate-groups", JUDGE, "post", {"records": [1, 2], "is_duplicate": True}),
]
