"""What the page of a reconciliation or verification shows to one member."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from extraction.models import ExtractedValue
from extraction.models.values import Location
from extraction.selectors.comparison import ComparedCell, Comparison
from extraction.selectors.desk import readable_texts
from extraction.selectors.own import refusal_to_settle
from extraction.selectors.proof import settled_proof, unproven_cells
from extraction.selectors.settings import settings_of
from screening.models import Membership
from screening.rules.roles import Capability

RECONCILING = {"begin": "begin", "cell": "settle", "row": "settle-row", "finish": "finalise"}
VERIFYING = {"begin": "verify-begin", "cell": "verify", "row": "verify-row"}
VERIFYING["finish"] = "verify-finalise"


@dataclass(frozen=True, slots=True)
class LinkedCell:
    """A cell of the page: the id of its place there, and its words."""

    anchor: str
    words: str


def settling_of(membership: Membership, comparison: Comparison) -> dict[str, Any]:
    """Everything the page needs: the comparison, what the member may do, where it is sent."""
    study, is_verification = comparison.study, comparison.is_verification
    asked = Capability.VERIFY if is_verification else Capability.RECONCILE
    refusal = refusal_to_settle(membership, study, is_verification=is_verification)
    can_reconcile = membership.can(asked) and not refusal
    settings = settings_of(membership.review)
    is_blinded = settings.is_reconciliation_blinded
    names = VERIFYING if is_verification else RECONCILING
    where = {"slug": membership.review.slug, "study_id": study.pk}
    return {
        "study": study,
        "comparison": comparison,
        "is_verification": is_verification,
        "refusal": refusal if membership.can(asked) else "",
        "shows_names": comparison.is_final or not is_blinded or is_verification,
        "can_reconcile": can_reconcile,
        "can_settle": can_reconcile
        and not comparison.is_final
        and comparison.reconciliation is not None,
        "texts": list(readable_texts(study)) if can_reconcile else [],
        "locations": Location.choices,
        "proof": settled_proof(comparison),
        "unproven": list(_mark_unproven(comparison, settings.evidence_needed)),
        "to": {key: reverse(f"extraction:{name}", kwargs=where) for key, name in names.items()},
    }


def _mark_unproven(comparison: Comparison, needed: str) -> Iterator[LinkedCell]:
    """Mark the settled cells that lack the evidence which the review asks for, and name them."""
    if comparison.is_final:
        return
    lacking = {id(cell) for cell in unproven_cells(comparison, needed)}
    for shown in comparison.groups:
        lines = [(0, "", shown.cells)]
        words = f", {shown.group.row_label} "
        lines += [(row.number, f"{words}{row.number}", row.cells) for row in shown.rows]
        for place, where, cells in lines:
            for cell in cells:
                if id(cell) in lacking:
                    cell.is_unproven = True
                    anchor = f"cell-{shown.group.key}-{place}-{cell.field.key}"
                    yield LinkedCell(anchor, f"{cell.field.label}{where}")


def place_of(comparison: Comparison, asked: Mapping[str, str]) -> dict[str, Any] | None:
    """One side's value of the cell that an address names by group, row number and field.

    Returns:
        The cell, the side's letter, its value and its rectangles as x, y, width and height; None
        when there is no such value.
    """
    cell = _cell(comparison, asked)
    side = asked.get("side", "")
    value: ExtractedValue | None = {"a": cell.a, "b": cell.b}.get(side) if cell else None
    if cell is None or value is None:
        return None
    boxes = [(x0, y0, round(x1 - x0, 6), round(y1 - y0, 6)) for x0, y0, x1, y1 in value.rectangles]
    name = "" if comparison.is_verification else side.upper()
    return {"cell": cell, "side": name, "value": value, "boxes": boxes}


def _cell(comparison: Comparison, asked: Mapping[str, str]) -> ComparedCell | None:
    for shown in comparison.groups:
        if shown.group.key != asked.get("group"):
            continue
        for row in shown.rows:
            if str(row.number) == asked.get("number"):
                return _named(row.cells, asked)
        return _named(shown.cells, asked)
    return None


def _named(cells: list[ComparedCell], asked: Mapping[str, str]) -> ComparedCell | None:
    return next((one for one in cells if one.field.key == asked.get("field")), None)
