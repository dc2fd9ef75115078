"""The team's answers: the reconciled value, else that of the newest import."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from reviewapp.bundles.verifying.held import Held, Row


@dataclass(slots=True)
class Answer:
    """One cell: its value, unit, standing, and the raw values behind it."""

    value: Any
    unit: str
    status: str
    values: list[int]


@dataclass(slots=True)
class Line:
    """One row of a repeating group."""

    key: str
    group: str
    position: int
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass(slots=True)
class Study:
    """One study with its answers."""

    number: int
    row: Row
    answers: dict[str, Answer] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def studies_of(held: Held) -> list[Study]:
    """Every study that counts, in order."""
    layers = [_reconciled(held), _imported(held)]
    found = []
    for row in held.table("studies"):
        if row["joined_into"]:
            continue
        study = Study(int(row["id"]), row)
        answers: dict[str, Answer | None] = {}
        for cells, lines in layers:
            for key, answer in cells[row["id"]].items():
                answers.setdefault(key, answer)
            known = {line.group for line in study.lines}
            study.lines += [line for line in lines[row["id"]] if line.group not in known]
        study.answers = {key: one for key, one in answers.items() if one is not None}
        found.append(study)
    return found


Cells = dict[str, dict[str, Answer | None]]
Layer = tuple[Cells, dict[str, list[Line]]]


def _scalar(text: str) -> Any:
    value = json.loads(text) if text else None
    if isinstance(value, list):
        return tuple(map(str, value))
    return value if isinstance(value, bool | str) else None


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (int(row["position"]), int(row["id"])))


def _imported(held: Held) -> Layer:
    newest = {r["study"]: r["id"] for r in held.table("extractions") if r["origin"] == "import"}
    study_of = {extraction: study for study, extraction in newest.items()}
    cells: Cells = defaultdict(dict)
    of_row: dict[str, dict[str, Answer]] = defaultdict(dict)
    for row in held.table("extracted_values"):
        value = _scalar(row["value"])
        if row["superseded_at"] or value is None or row["extraction"] not in study_of:
            continue
        answer = Answer(value, row["unit"], "imported", [int(row["id"])])
        if row["row"]:
            of_row[row["row"]][row["field"]] = answer
        else:
            cells[study_of[row["extraction"]]][row["field"]] = answer
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in _in_order(held.table("extraction_rows")):
        if row["extraction"] in study_of and not row["removed_at"]:
            line = Line(f"e{row['id']}", row["group"], int(row["position"]), of_row[row["id"]])
            lines[study_of[row["extraction"]]].append(line)
    return cells, lines


def _reconciled(held: Held) -> Layer:
    reconciliations = {row["id"]: row for row in held.table("reconciliations")}
    cells: Cells = defaultdict(dict)
    of_row: dict[str, dict[str, Answer | None]] = defaultdict(dict)
    for row in held.table("consensus_values"):
        if row["superseded_at"]:
            continue
        of = reconciliations[row["reconciliation"]]
        value = _scalar(row["value"])
        status = "verified" if of["extraction_a"] and not of["extraction_b"] else "reconciled"
        raw = [int(row[side]) for side in ("value_a", "value_b") if row[side]]
        answer = None if value is None else Answer(value, row["unit"], status, raw)
        if row["row"]:
            of_row[row["row"]][row["field"]] = answer
        else:
            cells[of["study"]][row["field"]] = answer
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in _in_order(held.table("consensus_rows")):
        if row["retired_at"] or row["is_left_out"] == "true":
            continue
        known = {key: one for key, one in of_row[row["id"]].items() if one is not None}
        line = Line(f"c{row['id']}", row["group"], int(row["position"]), known)
        lines[reconciliations[row["reconciliation"]]["study"]].append(line)
    return cells, lines
