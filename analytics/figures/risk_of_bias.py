"""Risk of bias: the traffic light (study by domain) and the summary (shares by domain)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.figures.model import Column, DataTable, counted
from extraction.schema.fields import Judges, Level
from extraction.schema.risk import RiskColumn, RiskTool

LEVELS = (Level.LOW, Level.SOME, Level.HIGH, Level.UNCLEAR)
SIGNS = {Level.LOW: "+", Level.SOME: "!", Level.HIGH: "×", Level.UNCLEAR: "?"}
NAMES = {
    Level.LOW: "low",
    Level.SOME: "some concerns",
    Level.HIGH: "high",
    Level.UNCLEAR: "unclear",
}
KINDS = {
    Judges.BIAS: "risk of bias",
    Judges.APPLICABILITY: "concern about applicability",
    Judges.OVERALL: "overall risk of bias",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement as settled: its word, level and what carries it."""

    level: Level
    words: str
    reason: str = ""
    page: int | None = None
    quote: str = ""
    status: str = ""

    @property
    def sign(self) -> str:
        """The sign that stands for the level where there is no room for words."""
        return SIGNS.get(self.level, "–")


@dataclass(frozen=True, slots=True)
class Assessment:
    """One study, or one result of it, with its judgements by column key."""

    study: str
    link: str
    row: str
    judgements: Mapping[str, Judgement]

    @property
    def name(self) -> str:
        """Study and row."""
        return f"{self.study}: {self.row}" if self.row else self.study


@dataclass(frozen=True, slots=True)
class Share:
    """How many assessments have one level in one column; `start` and `width` in percent."""

    level: Level
    count: int
    start: float
    width: float

    @property
    def words(self) -> str:
        """Level, count and percentage in words."""
        return f"{NAMES[self.level]}: {self.count} ({self.width:.0f} %)"


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the tool over all assessments that judge it."""

    column: RiskColumn
    total: int
    shares: tuple[Share, ...]

    @property
    def sentence(self) -> str:
        """The bar in words."""
        parts = ", ".join(share.words for share in self.shares if share.count)
        return parts or "not judged yet"


def levels_of(tool: RiskTool) -> tuple[Level, ...]:
    """The levels that the words of a tool can have, from low to unclear."""
    known = {level for column in tool.columns for level in column.levels.values()}
    return tuple(level for level in LEVELS if level in known)


def title_of(column: RiskColumn) -> str:
    """A column's heading: domain and what of it is judged."""
    if column.judges is Judges.APPLICABILITY:
        return f"{column.label} (applicability)"
    return column.label


def summary(tool: RiskTool, assessments: Sequence[Assessment]) -> tuple[Bar, ...]:
    """Count the levels of each domain.

    Args:
        tool: The tool.
        assessments: Its assessments; a judgement may be missing.

    Returns:
        One bar per column; the widths of a bar's shares sum to 100 where anything is judged.

    Raises:
        ValueError: Never.

    Source:
        Unweighted counts, as in McGuinness and Higgins 2021 (robvis) without weights.
    """
    return tuple(_bar(column, assessments) for column in tool.columns)


def reading(tool: RiskTool, assessments: Sequence[Assessment]) -> str:
    """Say in one sentence what the plots show.

    Args:
        tool: The tool.
        assessments: Its assessments.

    Returns:
        E.g. `3 of 12 results are at low overall risk of bias, 4 at high.`; without an overall
        judgement, the domain most often at high risk.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    bars = [bar for bar in summary(tool, assessments) if bar.total]
    if not bars:
        return "Nothing is judged yet."
    overall = next((bar for bar in bars if bar.column.judges is Judges.OVERALL), None)
    if overall is not None:
        low, high = (_count(overall, level) for level in (Level.LOW, Level.HIGH))
        noun = tool.row_label if tool.group else "study"
        whole = counted(overall.total, noun, "studies" if noun == "study" else "")
        return f"Of {whole} judged overall, {low} at low and {high} at high risk of bias."
    bias = [bar for bar in bars if bar.column.judges is Judges.BIAS] or bars
    worst = max(bias, key=lambda bar: _count(bar, Level.HIGH) / bar.total)
    if not _count(worst, Level.HIGH):
        return "No domain is at high risk of bias in any study."
    return (
        f"High risk of bias is most frequent in {worst.column.label.lower()}: "
        f"{_count(worst, Level.HIGH)} of {worst.total}."
    )


def table_of(tool: RiskTool, assessments: Sequence[Assessment]) -> DataTable:
    """Every judgement as one row, with what carries it.

    Args:
        tool: The tool.
        assessments: Its assessments.

    Returns:
        Columns study, row, domain, judged, judgement, level, reason, page, quote, status.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    names = (
        "study",
        "row",
        "domain",
        "judged",
        "judgement",
        "level",
        "reason",
        "page",
        "quote",
        "status",
    )
    rows = tuple(
        {
            "study": one.study,
            "row": one.row,
            "domain": column.label,
            "judged": KINDS[column.judges],
            "judgement": found.words,
            "level": found.level.value,
            "reason": found.reason,
            "page": found.page,
            "quote": found.quote,
            "status": found.status,
            "link": one.link,
        }
        for one in assessments
        for column in tool.columns
        if (found := one.judgements.get(column.key)) is not None
    )
    return DataTable(tuple(Column(name, name.capitalize()) for name in names), rows)


def _bar(column: RiskColumn, assessments: Sequence[Assessment]) -> Bar:
    found = [one.judgements[column.key] for one in assessments if column.key in one.judgements]
    shares, start = [], 0.0
    for level in LEVELS:
        count = sum(one.level is level for one in found)
        width = 100 * count / len(found) if found else 0.0
        shares.append(Share(level, count, start, width))
        start += width
    return Bar(column, len(found), tuple(shares))


def _count(bar: Bar, level: Level) -> int:
    return next(share.count for share in bar.shares if share.level is level)
