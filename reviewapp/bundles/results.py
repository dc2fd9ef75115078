"""What the app computes of a review, in the numbers of its bundle: the claims to be proven."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from analytics.frames import experiments_frame
from analytics.frames.rows import records
from analytics.prisma.exports import flow_as_json
from analytics.prisma.flow import FlowError
from analytics.selectors.agreement import PairAgreement, agreement_of
from analytics.selectors.agreement_rows import agreement_as_json
from analytics.selectors.comparing import choices_by_hand, comparing_form
from analytics.selectors.prisma import flow_of
from analytics.selectors.table1 import table1_of
from analytics.stats.gains import with_gains
from analytics.tables.policy import mark_reported
from extraction.schema.metrics import METRICS, Metric
from extraction.selectors.answers import study_answers
from reviewapp.bundles.cells import as_json
from reviewapp.bundles.packing import Packing
from reviewapp.bundles.rows import Rows
from screening.models import Record
from screening.rules.consensus import Stage
from screening.selectors.stages import in_stage

GAINS = (
    "study", "experiment", "status", "metric", "fraction", "scale", "value", "comparator_value",
    "absolute_gain", "relative_gain", "refused_reason", "role", "values",
)  # fmt: skip
#: Who the two of a pair are in this installation; a bundle names them by their rows.
OF_HERE = frozenset({"a_id", "b_id", "a_name", "b_name"})


def write_results(packing: Packing, rows: Rows) -> dict[str, int]:
    """Write statuses, PRISMA boxes, agreement, gains and Table 1; rows by file."""
    counts = {
        "results/statuses.csv": packing.add_table(
            "results/statuses.csv", ("stage", "record", "status"), _statuses(rows)
        )
    }
    for name, document in (("prisma", _prisma(rows)), ("agreement", _agreement(rows))):
        packing.add(f"results/{name}.json", _document(rows, document))
    packing.add("results/metrics.json", _document(rows, [_metric(one) for one in METRICS]))
    packing.add_table("results/gains.csv", GAINS, _scrubbed(rows, "gains", _gains(rows)))
    columns, lines = _table1(rows)
    packing.add_table("results/table1.csv", columns, _scrubbed(rows, "table1", lines))
    return counts


def _metric(metric: Metric) -> dict[str, Any]:
    bounds = {"low": metric.low, "high": metric.high}
    return {
        "key": metric.key,
        "names": sorted(metric.names),
        "direction": metric.direction.value,
        **{name: None if bound is None else str(bound) for name, bound in bounds.items()},
    }


def _document(rows: Rows, document: Any) -> bytes:
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    if rows.scrubber:
        text = rows.scrubber.cell("results", "", text)
    return (text + "\n").encode()


def _scrubbed(rows: Rows, name: str, lines: Iterator[list[str]]) -> Iterator[list[str]]:
    for line in lines:
        yield [rows.scrubber.cell(name, "", cell) for cell in line] if rows.scrubber else line


def _statuses(rows: Rows) -> Iterator[Sequence[str]]:
    """The team's status of every record of a stage."""
    numbering = rows.numberings["records"]
    for stage in Stage:
        here = in_stage(Record.objects.filter(review=rows.review), stage).with_status(stage)
        found = here.order_by("pk").values_list("pk", "team_status")
        for pk, status in found.iterator(chunk_size=2000):
            yield (stage.value, str(numbering.needed(pk)), status)


def _prisma(rows: Rows) -> Any:
    try:
        flow = flow_as_json(flow_of(review=rows.review))
    except FlowError as error:
        return {"does_not_add_up": [one.invariant for one in error.violations]}
    parts = {name: flow[name] for name in ("boxes", "in_progress", "set_aside")}
    turned = {
        part: {name: _box(rows, name, box) for name, box in boxes.items()}
        for part, boxes in parts.items()
    }
    sources = [_box(rows, "source", box) for box in flow["sources"]]
    return {**turned, "sources": sources}


def _box(rows: Rows, name: str, box: Any) -> Any:
    if isinstance(box, list):
        return [_box(rows, name, one) for one in box]
    table = "studies" if name.endswith("_studies") else "records"
    ids = sorted(rows.numberings[table].needed(pk) for pk in box["ids"])
    return {**box, "ids": ids}


def _agreement(rows: Rows) -> Any:
    found = {}
    for stage in Stage:
        agreement = agreement_of(review=rows.review, stage=stage)
        told = agreement_as_json(agreement)
        pairs = zip(agreement.pairs, told["pairs"], strict=True)
        told["pairs"] = sorted((_pair(rows, *both) for both in pairs), key=_order_of_pair)
        found[stage.value] = told
    return found


def _pair(rows: Rows, pair: PairAgreement, told: dict[str, Any]) -> dict[str, Any]:
    members = rows.numberings["memberships"]
    told = {name: value for name, value in told.items() if name not in OF_HERE}
    return {**told, "a": members.needed(pair.first.pk), "b": members.needed(pair.second.pk)}


def _order_of_pair(pair: dict[str, Any]) -> tuple[int, int]:
    return pair["a"], pair["b"]


def _gains(rows: Rows) -> Iterator[list[str]]:
    """Every experiment with its gain, or why there is none."""
    form = comparing_form(rows.review)
    if form is None or form.comparison is None:
        return
    studies = study_answers(review=rows.review)
    frame = with_gains(experiments_frame(studies, form))
    by_hand = choices_by_hand(rows.review, studies)
    values = rows.numberings["extracted_values"]
    for row in records(mark_reported(frame, form.comparison.policy, by_hand)):
        ids = row["value_ids"] if isinstance(row["value_ids"], tuple) else ()
        study = int(str(row["study_id"]))
        yield [
            str(rows.numberings["studies"].needed(study)),
            rows.row_key(str(row["row_key"])),
            *(str(row[name]) for name in ("status", "metric", "fraction", "scale")),
            *(
                _number(row[name])
                for name in ("arm_value", "other_value", "absolute_gain", "relative_gain")
            ),
            str(row["refused_reason"]),
            str(row["role"]),
            as_json([values.needed(pk) for pk in ids]),
        ]


def _number(value: object) -> str:
    number = float(str(value))
    return repr(number) if math.isfinite(number) else ""


def _table1(rows: Rows) -> tuple[list[str], Iterator[list[str]]]:
    table = table1_of(review=rows.review)
    if table is None:
        return ["study", "group", "experiment", "subset_experiment", "reason"], iter(())
    keys = [one.key for one in table.columns if one.key != "study_id"]
    columns = ["study", "group", "experiment", "subset_experiment", "reason", *keys]
    studies = rows.numberings["studies"]

    def lines() -> Iterator[list[str]]:
        for row in table.rows:
            experiments = (rows.row_key(key) for key in (row.experiment, row.subset))
            number = str(studies.needed(row.study_id))
            yield [number, row.group, *experiments, row.reason, *(row.text(key) for key in keys)]

    return columns, lines()
