"""Cells of the two tables as checked values of the extraction form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extraction.schema.checks import Refused, as_decimal, check_value
from extraction.schema.definition import FormDefinition
from extraction.schema.metrics import Metric, metric_of
from reviewapp.demo.evidence import proof_of_basis, proof_of_result
from reviewapp.demo.tables import Row

GROUP = "experiment"
UNITS = {"0-1": "fraction", "percent": "percent"}
STUDY_COLUMNS = {
    "strategy": ("strategy", "strategy_basis"),
    "combined_method": ("combined_components", "strategy_basis"),
    "imaging_modality": ("imaging_modality", "modality_basis"),
    "clinical_domain": ("clinical_domain", "domain_basis"),
    "outcome_task": ("outcome_task", "task_basis"),
    "ssl_framework": ("ssl_framework", "framework_basis"),
    "fine_tuning": ("fine_tuning", "fine_tuning_basis"),
}
EXPERIMENT_COLUMNS = {
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
PERFORMANCES = ("ssl_performance", "supervised_performance")
CERTAINTY = {
    "A": "certain: named in the paper, or stated by title, list, abstract or repository",
    "B": "likely: only by the position in a block of the right size",
    "C": "doubtful: the position says one thing, the title another",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table as it stands there, with the unit and metric of a number."""

    text: str
    unit: str = ""
    metric: Metric | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One cell that is known: checked value, unit, and the columns that prove it."""

    field: str
    value: object
    unit: str
    proof: Mapping[str, str]


def study_answers_of(form: FormDefinition, row: Row) -> Iterator[Answer]:
    """The answers of one row of `studies.csv`; an empty cell gives none."""
    for key, (column, basis) in STUDY_COLUMNS.items():
        if row[column]:
            proof = proof_of_basis(row[basis], row["title"])
            if key == "strategy":
                proof["note"] += f" ({CERTAINTY[row['strategy_certainty']]})"
            yield _answer(form, "", key, Cell(row[column]), proof)


def experiment_answers_of(form: FormDefinition, row: Row) -> Iterator[Answer]:
    """The answers of one row of `results.csv`; an empty cell gives none."""
    proof = proof_of_result(row)
    for key, column in EXPERIMENT_COLUMNS.items():
        if row[column]:
            yield _answer(form, GROUP, key, Cell(row[column]), proof)
    for key in PERFORMANCES:
        if as_decimal(row[key]) is not None:
            number = Cell(row[key], UNITS[row["scale"]], metric_of(row["metric"]))
            yield _answer(form, GROUP, key, number, proof)
    note = value_note(row)
    if note:
        yield _answer(form, GROUP, "value_note", Cell(note), proof)


def value_note(row: Row) -> str:
    """What must be said of a row's numbers: printed ranges, stated differences, remarks."""
    parts = [
        f"{key.replace('_', ' ').capitalize()} printed as {row[key]} ({row['scale']})."
        for key in PERFORMANCES
        if row[key] and as_decimal(row[key]) is None
    ]
    if row["stated_difference"]:
        parts.append(f"Stated difference: {row['stated_difference']}.")
    if row["value_type"] in {"difference_vs_other_ssl", "pair_vs_other_ssl"}:
        parts.append("The comparator is not purely supervised.")
    if row["notes"]:
        parts.append(f"{row['notes'][0].upper()}{row['notes'][1:]}.")
    return " ".join(parts)


def _answer(
    form: FormDefinition, group: str, key: str, cell: Cell, proof: Mapping[str, str]
) -> Answer:
    field = form.find(key, group)
    if field is None:
        raise ValueError(f"The form has no field {key}.")
    checked = check_value(field, cell.text, cell.unit, cell.metric)
    match checked:
        case Refused(message):
            raise ValueError(f"{proof['note']}: {message}")
    value = list(checked.value) if isinstance(checked.value, tuple) else checked.value
    return Answer(key, value, checked.unit, proof)
