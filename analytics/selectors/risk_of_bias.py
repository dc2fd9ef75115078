"""The risk-of-bias assessments of a review: reconciled ones, else imported ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import slugify

from analytics.figures.files import csv_of
from analytics.figures.risk_drawing import summary_svg, traffic_light_svg
from analytics.figures.risk_of_bias import (
    Assessment,
    Bar,
    Judgement,
    reading,
    summary,
    table_of,
)
from extraction.models import Study
from extraction.schema.answers import Cell, StudyAnswers
from extraction.schema.fields import Level
from extraction.schema.risk import RiskTool, tools_of
from extraction.selectors import current_form, definition_of, study_answers
from screening.models import Review

DRAWINGS = {"traffic-light": traffic_light_svg, "summary": summary_svg}


@dataclass(frozen=True, slots=True)
class ToolFile:
    """A file of one tool."""

    name: str
    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """One tool with its assessments and what they say; `missing` studies have none yet."""

    slug: str
    tool: RiskTool
    assessments: list[Assessment]
    missing: int

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Shares of each level by domain."""
        return summary(self.tool, self.assessments)

    @property
    def reading(self) -> str:
        """The plots in one sentence."""
        return reading(self.tool, self.assessments)


def risk_of_bias(review: Review) -> list[ToolResult]:
    """Read what was settled with each risk-of-bias tool of the form in force.

    Raw values are never read, so that nobody is unblinded by a plot.
    """
    form = current_form(review)
    tools = tools_of(definition_of(form)) if form else ()
    if not tools:
        return []
    answers = study_answers(review=review)
    links = {study.pk: study.get_absolute_url() for study in _studies(review)}
    return [_result(tool, answers, links) for tool in tools]


def risk_file_of(review: Review, slug: str, kind: str) -> ToolFile | None:
    """Every judgement with a tool as `csv`, or its `traffic-light` or `summary` as SVG.

    Returns:
        None where the form has no such tool, or there is no such kind of file.
    """
    found = next((one for one in risk_of_bias(review) if one.slug == slug), None)
    if found is None:
        return None
    name = f"{review.slug}-{found.slug}"
    if kind == "csv":
        text = csv_of(table_of(found.tool, found.assessments))
        return ToolFile(f"{name}.csv", "text/csv; charset=utf-8", text)
    if kind not in DRAWINGS:
        return None
    text = DRAWINGS[kind](found.tool, found.assessments)
    return ToolFile(f"{name}-{kind}.svg", "image/svg+xml", text)


def _studies(review: Review) -> list[Study]:
    return list(Study.objects.filter(review=review).select_related("review"))


def _result(tool: RiskTool, answers: list[StudyAnswers], links: Mapping[int, str]) -> ToolResult:
    assessments: list[Assessment] = []
    missing = 0
    for study in answers:
        name = f"{study.first_author} {study.year or ''}".strip() or study.title
        own = [
            Assessment(name, links[study.study_id], row, judgements)
            for row, cells in _places(tool, study)
            if (judgements := _judgements(tool, cells))
        ]
        assessments += own
        missing += not own
    suffix = f"-{tool.group}" if tool.group else ""
    return ToolResult(slugify(tool.name) + suffix, tool, assessments, missing)


def _places(tool: RiskTool, study: StudyAnswers) -> list[tuple[str, Mapping[str, Cell]]]:
    if not tool.group:
        return [("", study.cells)]
    return [
        (" · ".join(_text(row.cells[key]) for key in tool.row_keys if key in row.cells), row.cells)
        for row in study.rows
        if row.group == tool.group
    ]


def _judgements(tool: RiskTool, cells: Mapping[str, Cell]) -> dict[str, Judgement]:
    found = {}
    for column in tool.columns:
        cell = cells.get(column.key)
        if cell is None:
            continue
        word = _text(cell)
        reason = cells.get(column.reason) if column.reason else None
        proof = cell if cell.quote or cell.page else reason or cell
        found[column.key] = Judgement(
            level=column.levels.get(word, Level.NONE),
            words=column.words.get(word, word),
            reason=_text(reason) if reason else "",
            page=proof.page,
            quote=proof.quote,
            status=cell.status.value,
        )
    return found


def _text(cell: Cell) -> str:
    return "; ".join(cell.value) if isinstance(cell.value, tuple) else str(cell.value)
