"""The way from a plotted point to its sentence: one experiment and everything that proves it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from analytics.figures.model import signed
from analytics.frames import comparing, experiments_frame
from analytics.frames.studies import parts_of, study_name
from analytics.selectors.comparing import choices_by_hand, comparing_form
from analytics.stats.gains import with_gains
from analytics.tables.policy import mark_reported
from extraction.models import ConsensusValue, ExtractedValue
from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, StudyAnswers
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.selectors import study_answers
from extraction.selectors.standing import Quoted, Standing, standings
from screening.models import Review

UNITS = {"fraction": "", "percent": " %"}
SIDES = ("extraction A", "extraction B")


@dataclass(frozen=True, slots=True)
class RawValue:
    """What one extractor read; the name only once the study is final, or for imports."""

    side: str
    value: str
    page: int | None
    quote: str
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read; rectangles are x, y, width and height in shares of the page."""

    page: int | None
    quote: str
    location: str
    source_url: str
    full_text_id: int | None
    rectangles: tuple[tuple[float, float, float, float], ...]
    standing: Standing | None = None

    @property
    def shown_text_id(self) -> int | None:
        """The file in which the quote is to be read now."""
        return self.standing.full_text_id if self.standing else self.full_text_id

    @property
    def shown_page(self) -> int | None:
        """Its page there."""
        return self.standing.page if self.standing else self.page

    @property
    def shown_rectangles(self) -> tuple[tuple[float, float, float, float], ...]:
        """Its marks there."""
        if self.standing is not None and self.standing.rectangles:
            return _rectangles(self.standing.rectangles)
        return self.rectangles


@dataclass(frozen=True, slots=True)
class TracedCell:
    """One answer of the experiment with its raw values, place and reason."""

    label: str
    value: str
    is_score: bool
    cell: Cell
    raw: tuple[RawValue, ...]
    settled_as: str = ""
    rectangles: tuple[tuple[float, float, float, float], ...] = ()

    @property
    def status(self) -> str:
        """Reconciled, imported or raw, as a word."""
        return str(self.cell.status)


@dataclass(frozen=True, slots=True)
class Trace:
    """One experiment: its gain, its cells, its place in the report of its study."""

    study: StudyAnswers
    name: str
    facts: dict[str, object]
    scores: tuple[TracedCell, ...]
    others: tuple[TracedCell, ...]
    formula: str

    @property
    def relative(self) -> str:
        """The relative gain, signed."""
        return signed(float(str(self.facts["relative_gain"])))

    @property
    def absolute(self) -> str:
        """The absolute gain: points for shares, else in the values' unit."""
        unit = " points" if self.facts["scale"] == "share" else ""
        return signed(float(str(self.facts["absolute_gain"])), 2, unit)

    @property
    def reduction(self) -> str:
        """The error reduction, empty where it is not defined."""
        value = self.facts["error_reduction"]
        return "" if value is None else signed(float(str(value)), 1)

    @property
    def evidence(self) -> tuple[Place, ...]:
        """The places the scores were read at, each once, with all marks on the page."""
        found: dict[tuple[object, ...], Place] = {}
        for score in self.scores:
            cell = score.cell
            key = (cell.quote, cell.page, cell.source_url, cell.location, cell.full_text_id)
            marks = found[key].rectangles if key in found else ()
            found[key] = Place(
                page=cell.page,
                quote=cell.quote,
                location=cell.location,
                source_url=cell.source_url,
                full_text_id=cell.full_text_id,
                rectangles=tuple(dict.fromkeys(marks + score.rectangles)),
            )
        asked = {
            key: Quoted(self.study.study_id, one.full_text_id, one.page, one.quote)
            for key, one in found.items()
            if one.quote
        }
        known = standings(asked.values())
        return tuple(
            replace(one, standing=known[asked[key]]) if key in asked else one
            for key, one in found.items()
        )


def trace_of(
    review: Review, study_id: int, row_key: str, pair: str = "", as_of: datetime | None = None
) -> Trace | None:
    """Everything about one experiment.

    Args:
        review: The review; an experiment of another one is not found.
        study_id: The study.
        row_key: Stable key of the row.
        pair: Two arms to compare instead of the form's own pair, as an address names them.
        as_of: As it stood at this moment; now without it.

    Returns:
        None where the review has no such experiment among reconciled and imported rows, and the
        raw rows of studies whose extractors have all submitted.
    """
    own = comparing_form(review, as_of=as_of)
    form = comparing(own, pair) if own and pair else own
    spec = form.comparison if form else None
    found = study_answers(review=review, include_raw=True, as_of=as_of, studies=[study_id])
    rows = [row for one in found for row in one.rows if row.key == row_key]
    if form is None or spec is None or not rows or rows[0].group != spec.group:
        return None
    by_hand = choices_by_hand(review, found, as_of)
    marked = mark_reported(with_gains(experiments_frame(found, form)), spec.policy, by_hand)
    facts = marked[marked["row_key"] == row_key].iloc[0]
    cells = list(_cells(found[0], rows[0], form, spec))
    return Trace(
        study=found[0],
        name=study_name(found[0]),
        facts={str(key): None if _is_nothing(value) else value for key, value in facts.items()},
        scores=tuple(cell for cell in cells if cell.is_score),
        others=tuple(cell for cell in cells if not cell.is_score),
        formula=_formula(facts, spec),
    )


def _is_nothing(value: object) -> bool:
    return isinstance(value, float) and pd.isna(value)


def _formula(facts: "pd.Series[str]", spec: ComparisonSpec) -> str:
    """How the relative gain comes about, in the digits as extracted."""
    arm, other = str(facts["arm_typed"]), str(facts["other_typed"])
    if not arm or not other:
        return ""
    a, b = (other, arm) if facts["lower_is_better"] else (arm, other)
    return f"({a} − {b}) / {other}, {spec.arm.label} against {spec.comparator.label}"


def _cells(
    study: StudyAnswers, row: AnswerRow, form: FormDefinition, spec: ComparisonSpec
) -> Iterator[TracedCell]:
    scores = (spec.arm.field, spec.comparator.field)
    group = form.group(spec.group)
    raw = _raw_values(row.cells.values())
    settled = _settled_values(row.cells.values())
    for field in group.fields if group else ():
        cell = row.cells.get(field.key)
        if cell is None:
            continue
        values = [raw[pk] for pk in cell.value_ids if pk in raw]
        ruling = settled.get(cell.consensus_id or 0)
        marked = ruling or (values[0] if values else None)
        yield TracedCell(
            label=field.label,
            value=_shown(cell.value, cell.unit),
            is_score=field.key in scores,
            cell=cell,
            raw=tuple(_raw(one, place, cell, study) for place, one in enumerate(values)),
            settled_as=_settled_as(ruling, cell),
            rectangles=_rectangles(marked.rectangles if marked else []),
        )


def _settled_as(ruling: ConsensusValue | None, cell: Cell) -> str:
    if ruling is None:
        return ""
    if cell.status is not AnswerStatus.VERIFIED:
        return str(ruling.get_side_display())
    return "Corrected" if ruling.side == ConsensusValue.Side.THIRD else "Confirmed"


def _raw(value: ExtractedValue, place: int, cell: Cell, study: StudyAnswers) -> RawValue:
    name = value.extraction.extractor.user.name
    is_named = study.is_final or cell.status in {AnswerStatus.IMPORTED, AnswerStatus.VERIFIED}
    return RawValue(
        side=name if is_named else SIDES[place % len(SIDES)],
        value=_shown(_scalar(value.value), value.unit),
        page=value.page,
        quote=value.quote,
        note=value.note,
    )


def _scalar(value: object) -> str | bool | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(part) for part in value)
    return value if isinstance(value, bool) else str(value or "")


def _shown(value: str | bool | tuple[str, ...], unit: str) -> str:  # noqa: FBT001 an answer may be yes or no
    return "; ".join(parts_of(value)) + UNITS.get(unit, f" {unit}".rstrip())


def _raw_values(cells: Iterable[Cell]) -> dict[int, ExtractedValue]:
    ids = {pk for cell in cells for pk in cell.value_ids}
    found = ExtractedValue.objects.filter(pk__in=ids).select_related("extraction__extractor__user")
    return {value.pk: value for value in found}


def _settled_values(cells: Iterable[Cell]) -> dict[int, ConsensusValue]:
    ids = {cell.consensus_id for cell in cells if cell.consensus_id}
    return {value.pk: value for value in ConsensusValue.objects.filter(pk__in=ids)}


def _rectangles(
    corners: Sequence[Sequence[float]],
) -> tuple[tuple[float, float, float, float], ...]:
    """Corners x0, y0, x1, y1 as x, y, width, height."""
    return tuple((x0, y0, round(x1 - x0, 6), round(y1 - y0, 6)) for x0, y0, x1, y1 in corners)
