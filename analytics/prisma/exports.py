"""A flow as JSON with the ids of each box, and as the field CSV the PRISMA2020 tool reads."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from analytics.prisma.flow import (
    FIELD_OF_KIND,
    IDENTIFICATION_KINDS,
    REMOVAL_BOXES,
    Declared,
    Flow,
    Ids,
    Reason,
    SourceKind,
)
from analytics.prisma.invariants import sums_of
from analytics.prisma.wording import (
    NEW_DATABASES,
    NEW_OTHER,
    PREVIOUS,
    STAGES,
    UPDATED_DATABASES,
    UPDATED_OTHER,
    words_of,
)
from screening.rules.spreadsheets import harmless

CSV_HEADER = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
NOT_GIVEN = "NA"
DECLARABLE = frozenset({*FIELD_OF_KIND.values(), *REMOVAL_BOXES})

# Field or title -> node and box of the template, in the template's order.
_PLACES = (
    ("", "node4", "prevstud"),
    ("previous_studies", "node5", "box1"),
    ("previous_reports", "", "box1"),
    ("", "node6", "newstud"),
    ("database_results", "node7", "box2"),
    ("database_specific_results", "", "box2"),
    ("register_results", "", "box2"),
    ("register_specific_results", "", "box2"),
    ("", "node16", "othstud"),
    ("website_results", "node17", "box11"),
    ("organisation_results", "", "box11"),
    ("citations_results", "", "box11"),
    ("duplicates", "node8", "box3"),
    ("excluded_automatic", "", "box3"),
    ("excluded_other", "", "box3"),
    ("records_screened", "node9", "box4"),
    ("records_excluded", "node10", "box5"),
    ("dbr_sought_reports", "node11", "box6"),
    ("dbr_notretrieved_reports", "node12", "box7"),
    ("other_sought_reports", "node18", "box12"),
    ("other_notretrieved_reports", "node19", "box13"),
    ("dbr_assessed", "node13", "box8"),
    ("dbr_excluded", "node14", "box9"),
    ("other_assessed", "node20", "box14"),
    ("other_excluded", "node21", "box15"),
    ("new_studies", "node15", "box10"),
    ("new_reports", "", "box10"),
    ("total_studies", "node22", "box16"),
    ("total_reports", "", "box16"),
    ("identification", "node1", "identification"),
    ("screening", "node2", "screening"),
    ("included", "node3", "included"),
)
_SEPARATORS = re.compile(r"\s*[,;]\s*")


def flow_as_json(flow: Flow) -> dict[str, Any]:
    """The flow as plain data for JSON.

    Args:
        flow: A flow that holds.

    Returns:
        `boxes` (field to count and ids; the two excluded boxes are lists of reason, count, ids),
        `in_progress`, `set_aside`, `sources`, `declared`, `sums`, `units`, `as_of`. Ids are sorted.
        A count is that of the ids and, beside them, of what was declared.
    """
    extra = flow.declared_counts
    boxes: dict[str, Any] = {
        name: _box(ids, extra.get(name, 0) if name in DECLARABLE else None)
        for name, ids in flow.boxes.items()
    }
    boxes["dbr_excluded"] = _reasons(flow.databases.reasons)
    boxes["other_excluded"] = _reasons(flow.other.reasons)
    return {
        "boxes": boxes,
        "in_progress": {name: _box(ids) for name, ids in flow.in_progress.items()},
        "set_aside": {name: _box(ids, extra.get(name, 0)) for name, ids in flow.set_aside.items()},
        "sources": [
            {"kind": rows.kind.value, "name": rows.name}
            | _box(rows.ids, extra.get(f"source.{i}", 0))
            for i, rows in enumerate(flow.sources)
        ],
        "declared": [_declared(flow, one) for one in flow.declared],
        "sums": [
            {"invariant": row.invariant, "words": row.words, "numbers": row.numbers}
            for row in sums_of(flow)
        ],
        "units": {
            "records": "ids of records",
            "reports": "ids of the record kept for the report",
            "studies": "ids of studies",
        },
        "as_of": flow.as_of.isoformat() if flow.as_of else None,
    }


def flow_as_csv(flow: Flow) -> str:
    """The flow as the template CSV of the PRISMA2020 R package and web app.

    Args:
        flow: A flow that holds.

    Returns:
        CSV with the template's header and rows; `n` holds the counts, and `name, count; ...` where
        the template asks for a list. Commas and semicolons inside names become dashes, because the
        tool splits on them. The template has no row for methods of kind "other".

    Source:
        PRISMA2020 R package, inst/extdata/PRISMA.csv.
    """
    numbers = _numbers(flow)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_HEADER)
    for name, node, box in _PLACES:
        words = _title(box, flow) or _description(name, flow)
        url = f"{name or box}.html"
        row = (name, node, box, words, words, words, url, numbers.get(name, "0"))
        writer.writerow([harmless(cell) or NOT_GIVEN for cell in row])
    return out.getvalue()


def _numbers(flow: Flow) -> dict[str, str]:
    sizes = flow.counts
    counts = {name: str(sizes[name]) for name in flow.boxes}
    for kind in IDENTIFICATION_KINDS:
        name = FIELD_OF_KIND[kind].replace("_results", "_specific_results")
        counts[name] = _listed(
            (rows.name, sizes[f"source.{i}"])
            for i, rows in enumerate(flow.sources)
            if rows.kind is kind
        )
    for prefix, reports in (("dbr", flow.databases), ("other", flow.other)):
        counts[f"{prefix}_excluded"] = _listed((one.name, len(one.ids)) for one in reports.reasons)
    return counts


def _listed(named: Iterable[tuple[str, int]]) -> str:
    parts = [f"{_SEPARATORS.sub(' - ', name)}, {count}" for name, count in named]
    return harmless("; ".join(parts)) or NOT_GIVEN


def _title(box: str, flow: Flow) -> str:
    titles = {
        "prevstud": PREVIOUS,
        "newstud": UPDATED_DATABASES if flow.has_previous else NEW_DATABASES,
        "othstud": UPDATED_OTHER if flow.has_previous else NEW_OTHER,
        **dict(zip(("identification", "screening", "included"), STAGES, strict=True)),
    }
    return titles.get(box, "")


def _description(name: str, flow: Flow) -> str:
    if name.endswith("_specific_results"):
        kind = SourceKind(name.removesuffix("_specific_results"))
        return f"Specific {words_of(FIELD_OF_KIND[kind], has_previous=False)}"
    return words_of(name, has_previous=flow.has_previous)


def _box(ids: Ids, declared: int | None = None) -> dict[str, Any]:
    listed = sorted(ids)
    if declared is None:
        return {"count": len(ids), "ids": listed}
    return {"count": len(ids) + declared, "declared": declared, "ids": listed}


def _declared(flow: Flow, one: Declared) -> dict[str, Any]:
    return {
        "source": flow.sources[one.source].name,
        "box": one.box,
        "count": one.count,
        "removed_on": one.removed_on.isoformat() if one.removed_on else None,
        "note": one.note,
        "declared_by": one.declared_by,
        "declared_at": one.declared_at.isoformat() if one.declared_at else None,
    }


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [{"reason": reason.name, **_box(reason.ids)} for reason in reasons]
