"""Doors of the API: results."""

from screening.rules.roles import Capability
from tests.doors.door import Door

VIEW, MANAGE, EXPORT = Capability.VIEW, Capability.MANAGE, Capability.EXPORT
CHOICE = {"full": "row", "rationale": "The protocol says so."}


def door(name, needs=VIEW, method="get", data=None, **fixed):
    return Door(f"analytics-api:{name}", needs, method, data or {}, fixed)


DOORS = [
    door("overview"),
    door("table1"),
    door("table1-file", EXPORT, file_format="csv"),
    door("footnotes"),
    door("footnotes", MANAGE, "post", {"text": "As printed."}),
    door("footnote", MANAGE, "delete"),
    door("policy"),
    door("policy", MANAGE, "put", {"policy": {"model_choice": "highest"}}),
    door("policy", MANAGE, "delete"),
    door("policy-preview", MANAGE, "post", {"policy": {"model_choice": "highest"}}),
    door("layout"),
    door("layout", MANAGE, "put", {"columns": [{"key": "year"}]}),
    door("layout", MANAGE, "delete"),
    door("reported"),
    door("reported", MANAGE, "put", CHOICE),
    door("reported", MANAGE, "delete"),
    door("gains"),
    door("prisma"),
    door("prisma-file", EXPORT, file_format="csv"),
    door("prisma-box", box="records_screened"),
    door("checklist", EXPORT, report="checklist", file_format="csv"),
    door("agreement", stage="title-abstract"),
    door("agreement-file", EXPORT, stage="title-abstract", file_format="csv"),
    door("pilot-agreement"),
    door("extraction-agreement"),
    door("extracted-file", EXPORT, shape="long", file_format="csv"),
    door("risk-of-bias"),
    door("risk-file", tool="quadas-2", kind="csv"),
    door("comparison-preview", MANAGE),
    door("figures"),
    door("figure", key="relative-gain"),
    door("figure-file", key="relative-gain", kind="points.csv"),
    door("value"),
    door("changes"),
    door("publications", MANAGE),
    door("publications", MANAGE, "post", {"title": "Gains"}),
    door("publication", MANAGE, "delete"),
    door("reports", EXPORT),
    door("reports", EXPORT, "post"),
    door("report-file", EXPORT, file_format="html"),
    door("simulations"),
    door("simulations", MANAGE, "post", {"models": ["none"], "seeds": 1}),
]
