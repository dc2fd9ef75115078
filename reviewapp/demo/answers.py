"""The two tables as spreadsheets of an extraction, with the words that prove each cell.

They come in by the door of anybody's spreadsheet, which checks every cell.
"""

import csv
import io
from collections.abc import Iterable, Mapping

from extraction.schema.checks import as_decimal
from reviewapp.demo.evidence import proof_of_basis, proof_of_result
from reviewapp.demo.tables import Row, read_table, studies

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
PROOFS = ("note", "quote", "location", "source_url")
CERTAINTY = {
    "A": "certain: named in the paper, or stated by title, list, abstract or repository",
    "B": "likely: only by the position in a block of the right size",
    "C": "doubtful: the position says one thing, the title another",
}
STUDY_MEANING: Mapping[str, str] = {"study": "study"} | {
    name: target
    for key in STUDY_COLUMNS
    for name, target in (
        (key, f"value::{key}"),
        *((f"{key}_{part}", f"{part}::{key}") for part in PROOFS),
    )
}
RESULT_MEANING: Mapping[str, str] = (
    {"study": "study", "result": "row", "unit": "unit::*"}
    | {key: f"value:{GROUP}:{key}" for key in (*EXPERIMENT_COLUMNS, *PERFORMANCES, "value_note")}
    | {part: f"{part}::*" for part in PROOFS}
)


def studies_sheet() -> bytes:
    """The studies as a sheet: for each question its answer, note, quote, place and address."""
    return _sheet(STUDY_MEANING, map(study_line, studies()))


def results_sheet() -> bytes:
    """The results as a sheet: one row per experiment with its unit and its evidence."""
    return _sheet(RESULT_MEANING, map(result_line, read_table("results.csv")))


def study_line(row: Row) -> Row:
    """One row of `studies.csv` as a line of the sheet; an empty cell proves nothing."""
    line = {"study": row["ref_no"]}
    for key, (column, basis) in STUDY_COLUMNS.items():
        if row[column]:
            proof = proof_of_basis(row[basis], row["title"])
            if key == "strategy":
                proof["note"] += f" ({CERTAINTY[row['strategy_certainty']]})"
            line |= {key: row[column]} | {f"{key}_{part}": proof[part] for part in PROOFS}
    return line


def result_line(row: Row) -> Row:
    """One row of `results.csv` as a line of the sheet; what is no number goes into the note."""
    line = {"study": row["ref_no"], "result": row["result_id"], "unit": UNITS.get(row["scale"], "")}
    line |= {key: row[column] for key, column in EXPERIMENT_COLUMNS.items()}
    line |= {key: row[key] for key in PERFORMANCES if as_decimal(row[key]) is not None}
    return line | proof_of_result(row) | {"value_note": value_note(row)}


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


def _sheet(meaning: Mapping[str, str], lines: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(meaning), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()
