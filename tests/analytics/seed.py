"""Studies as plain answers, without a database: made up ones, and the demo's tables."""

import csv
from functools import cache
from pathlib import Path

from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, StudyAnswers
from extraction.schema.checks import as_decimal
from extraction.schema.codec import from_json
from extraction.schema.definition import FormDefinition
from extraction.schema.templates import template

DATA = Path(__file__).parents[2] / "reviewapp" / "demo" / "data"
UNITS = {"0-1": "fraction", "percent": "percent", "": ""}
STUDY_CELLS = {
    "strategy": "strategy",
    "imaging_modality": "imaging_modality",
    "clinical_domain": "clinical_domain",
    "outcome_task": "outcome_task",
    "fine_tuning": "fine_tuning",
}
ROW_CELLS = {
    "task": "task",
    "dataset": "dataset",
    "metric": "metric",
    "label_fraction": "fraction_of_labels",
    "ssl_framework": "ssl_framework",
    "backbone": "backbone",
    "fine_tuning": "fine_tuning",
    "comparator": "baseline",
    "evaluation": "evaluation",
    "read_method": "read_method",
}
SCORES = ("ssl_performance", "supervised_performance")


def ssl_form() -> FormDefinition:
    return template("ssl_classification")


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def demo_studies() -> tuple[StudyAnswers, ...]:
    """The 79 studies of the demo with their 274 experiments; row keys are the result ids."""
    results = rows_of("results.csv")
    return tuple(
        StudyAnswers(
            study_id=int(row["ref_no"]),
            first_author=row["first_author"],
            year=int(row["year"]) if row["year"] else None,
            title=row["title"],
            cells={
                key: _cell(key, row[column]) for key, column in STUDY_CELLS.items() if row[column]
            },
            rows=[
                AnswerRow(one["result_id"], "experiment", position, _row_cells(one))
                for position, one in enumerate(results)
                if one["ref_no"] == row["ref_no"]
            ],
        )
        for row in rows_of("studies.csv")
    )


def _cell(key: str, text: str) -> Cell:
    several = key in {"imaging_modality", "clinical_domain"}
    value = tuple(part.strip() for part in text.split(";")) if several else text
    return Cell(value, status=AnswerStatus.IMPORTED)


def _row_cells(row: dict[str, str]) -> dict[str, Cell]:
    cells = {
        key: Cell(row[column], status=AnswerStatus.IMPORTED)
        for key, column in ROW_CELLS.items()
        if row[column]
    }
    number = int(row["result_id"][1:])
    for place, key in enumerate(SCORES):
        if as_decimal(row[key]) is not None:
            cells[key] = Cell(
                row[key], UNITS[row["scale"]], AnswerStatus.IMPORTED, (10 * number + place,)
            )
    return cells


def made_up_form() -> FormDefinition:
    """A form about something else, so that nothing can lean on the demo's words."""
    units = [{"key": "percent", "label": "percent", "low": "0", "high": "100", "scale": "0.01"}]
    score = {"type": "number", "units": units, "metric_field": "measure"}
    return from_json({
        "key": "fertiliser",
        "title": "Yield",
        "groups": [
            {
                "key": "study",
                "label": "Study",
                "fields": [
                    {"key": "crop", "label": "Crop", "type": "choice", "allow_other": True,
                     "terms": [{"key": "wheat"}, {"key": "maize"}]},
                    {"key": "regions", "label": "Regions", "type": "choices", "allow_other": True,
                     "terms": [{"key": "north"}, {"key": "south"}]},
                ],
            },
            {
                "key": "trial",
                "label": "Trials",
                "repeating": True,
                "fields": [
                    {"key": "site", "label": "Site"},
                    {"key": "measure", "label": "Measure"},
                    {"key": "dose", "label": "Dose"},
                    {"key": "brand", "label": "Brand"},
                    {"key": "against", "label": "Against"},
                    {"key": "who", "label": "Who measured"},
                    {"key": "treated", "label": "Treated", **score},
                    {"key": "control", "label": "Control", **score},
                    {"key": "plots", "label": "Plots", "type": "number"},
                    {"key": "ripe", "label": "Ripe plots", "type": "number"},
                    {"key": "treated_low", "label": "Treated from", **score},
                    {"key": "treated_high", "label": "Treated to", **score},
                    {"key": "control_low", "label": "Control from", **score},
                    {"key": "control_high", "label": "Control to", **score},
                    {"key": "fallow", "label": "Fallow", **score},
                ],
            },
        ],
        "comparison": {
            "group": "trial",
            "arm": {"field": "treated", "label": "treated",
                    "low": "treated_low", "high": "treated_high"},
            "comparator": {"field": "control", "label": "control",
                           "low": "control_low", "high": "control_high"},
            "cases_field": "plots",
            "positives_field": "ripe",
            "metric_field": "measure",
            "fraction_field": "dose",
            "comparator_field": "against",
            "task_fields": ["site"],
            "model_fields": ["brand"],
            "match_fields": ["site", "measure", "dose"],
            "evaluation_field": "who",
            "group_by": "crop",
            "categories": ["crop", "regions"],
            "policy": {
                "metric_priority": ["accuracy", "F1"],
                "comparators": [
                    {"key": "rival", "label": "another brand", "words": ["brand"], "usable": False},
                    {"key": "plain", "label": "plain soil", "words": ["plain"]},
                    {"key": "manure", "label": "manure", "words": ["manure"]},
                ],
                "comparator_preference": ["plain", "manure"],
                "evaluation_preference": ["authors", "others"],
            },
        },
    })  # fmt: skip


def trial(key: str, treated: str = "90", control: str = "80", **cells: str) -> AnswerRow:
    """One made up experiment; `unit=""` leaves the scale open."""
    unit = cells.pop("unit", "percent")
    words = {"site": "A", "measure": "accuracy", "dose": "100%", "brand": "X", "who": "authors"}
    given = {name: text for name, text in (words | cells).items() if text}
    values = {
        name: Cell(text, unit if name.endswith(("_low", "_high", "fallow")) else "")
        for name, text in given.items()
    }
    for name, text in (("treated", treated), ("control", control)):
        if text:
            values[name] = Cell(text, unit, AnswerStatus.RECONCILED, (len(key),))
    return AnswerRow(key, "trial", int("".join(filter(str.isdigit, key)) or 0), values)


def study(number: int, *rows: AnswerRow, **cells: str | tuple[str, ...]) -> StudyAnswers:
    """One made up study."""
    given = {key: Cell(value) for key, value in cells.items()}
    return StudyAnswers(number, "Author", 2000 + number, f"Title {number}", True, given, rows)


def plain_form() -> FormDefinition:
    """A form about trials that compares nothing, with two kinds of rows and a tool."""
    return from_json({
        "key": "plain",
        "title": "Plain",
        "groups": [
            {"key": "study", "label": "Study", "fields": [
                {"key": "design", "label": "Design", "type": "choice",
                 "terms": [{"key": "rct", "label": "randomised"}]},
                {"key": "n", "label": "Participants", "type": "number"},
                {"key": "remarks", "label": "Remarks", "long": True},
            ]},
            {"key": "arm", "label": "Arms", "repeating": True, "row_keys": ["drug"], "fields": [
                {"key": "dose", "label": "Dose", "type": "number",
                 "units": [{"key": "mg", "label": "mg"}]},
                {"key": "drug", "label": "Drug"},
            ]},
            {"key": "site", "label": "Sites", "repeating": True, "fields": [
                {"key": "country", "label": "Country"},
            ]},
            {"key": "bias", "label": "Bias", "tool": "own", "fields": [
                {"key": "asked", "label": "Asked"},
            ]},
        ],
    })  # fmt: skip


def plain_studies() -> list[StudyAnswers]:
    arms = [
        AnswerRow("a1", "arm", 0, {"drug": Cell("aspirin"), "dose": Cell("100", "mg")}),
        AnswerRow("a2", "arm", 1, {"drug": Cell("placebo")}),
        AnswerRow("a3", "arm", 2, {"drug": Cell("aspirin")}),
        AnswerRow("s1", "site", 0, {"country": Cell("Chad")}),
    ]
    cells = {"design": Cell("rct", page=3), "n": Cell("120"), "asked": Cell("yes")}
    return [
        StudyAnswers(2, "Zorn", 2020, "Two", cells=cells, rows=arms),
        StudyAnswers(1, "Abel", 2021, "One"),
    ]
