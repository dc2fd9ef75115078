"""Dashboards of the work itself: how far it is, day by day, and how far reviewers agree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.figures.model import (
    Cell,
    Column,
    DataTable,
    Figure,
    Part,
    PlotJson,
    counted,
    finite,
)
from analytics.figures.theme import axis, colour, layout, named_rows, symbol

LANE = 30
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Series:
    """What was done on which day.

    Attributes:
        name: What is counted.
        days: Number by day, each > 0.
        goal: How many there are in all; None where nobody can know.
        link: Where the rows are.
    """

    name: str
    days: Mapping[date, int]
    goal: int | None = None
    link: str = ""

    @property
    def total(self) -> int:
        """All of it, up to the last day."""
        return sum(self.days.values())


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One coefficient with its interval: of two people, or of everybody at a stage."""

    stage: str
    who: str
    records: int
    coefficient: str
    value: float | None
    low: float | None
    high: float | None
    note: str = ""
    link: str = ""


def progress_over_time(
    key: str, title: str, series: Sequence[Series], nouns: tuple[str, str]
) -> Figure:
    """Draw what was done, added up day by day.

    Args:
        key: Stable name of the figure.
        title: Heading.
        series: One line each.
        nouns: What is counted, in the singular and in the plural.

    Returns:
        Lines that rise on the days on which something was done; what is done of how much, and in
        the last seven days with any work, in the reading.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    shown = [one for one in series if one.days]
    columns = (
        Column("day", "Day"),
        Column("series", "What"),
        Column("count", "On this day", 0),
        Column("total", "Up to this day", 0),
    )
    return Figure(
        key=key,
        title=title,
        reading=tuple(_reading(shown, nouns)),
        plot={
            "data": [_line(one, series.index(one)) for one in shown],
            "layout": layout(
                320,
                xaxis=axis(type="date", tickformat="%d %b %Y", **_span(shown)),
                yaxis=axis(
                    title={"text": f"{nouns[1]}, added up", "font": {"size": 12}},
                    rangemode="tozero",
                    tickformat="d",
                ),
                margin={"l": 8, "r": 12, "t": 12, "b": 48},
            ),
        },
        table=DataTable(columns, tuple(row for one in shown for row in _days(one))),
        legend=tuple(
            (one.name, colour(series.index(one)), symbol(series.index(one))) for one in shown
        ),
        is_wide=True,
    )


def _reading(shown: Sequence[Series], nouns: tuple[str, str]) -> Iterator[Part]:
    if not shown:
        yield Part("Nothing was done yet.")
        return
    last = max(day for one in shown for day in one.days)
    for number, one in enumerate(shown):
        recent = sum(count for day, count in one.days.items() if day > last - WEEK)
        of = f" of {one.goal:,}" if one.goal is not None else ""
        yield Part("; " if number else "")
        yield Part(f"{one.name}: ")
        yield Part(counted(one.total, *nouns), one.link)
        yield Part(f"{of}, {recent:,} in the seven days up to {last.isoformat()}")
    yield Part(".")


def _span(shown: Sequence[Series]) -> PlotJson:
    """A day of room on both sides; whole days where there are few."""
    days = [day for one in shown for day in one.days]
    if not days:
        return {}
    ends = [(min(days) - DAY).isoformat(), (max(days) + DAY).isoformat()]
    is_short = max(days) - min(days) < WEEK
    return {"range": ends} | ({"dtick": 86_400_000} if is_short else {})


def _sums(one: Series) -> list[tuple[date, int, int]]:
    total, found = 0, []
    for day in sorted(one.days):
        total += one.days[day]
        found.append((day, one.days[day], total))
    return found


def _line(one: Series, position: int) -> PlotJson:
    sums = _sums(one)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": one.name,
        "x": [day.isoformat() for day, _, _ in sums],
        "y": [total for _, _, total in sums],
        "customdata": [one.link for _ in sums],
        "text": [f"{one.name}<br>{day.isoformat()}: +{n:,} to {total:,}" for day, n, total in sums],
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": colour(position), "width": 2, "shape": "hv"},
        "marker": {"color": colour(position), "symbol": symbol(position), "size": 7},
    }


def _days(one: Series) -> Iterator[Mapping[str, Cell]]:
    for day, count, total in _sums(one):
        yield {
            "day": day.isoformat(),
            "series": one.name,
            "count": count,
            "total": total,
            "link": one.link,
        }


def agreement_figure(rows: Sequence[AgreementRow]) -> Figure:
    """Draw coefficients of agreement with their 95 % intervals.

    Args:
        rows: Of all stages that may be shown to the asking person.

    Returns:
        One line each, from -1 to 1; what is not defined is said.

    Raises:
        ValueError: Never.

    Source:
        Coefficients: `analytics.stats.agreement`.
    """
    drawn = [one for one in rows if one.value is not None]
    columns = (
        Column("stage", "Stage"),
        Column("who", "Reviewers"),
        Column("coefficient", "Coefficient"),
        Column("records", "Records", 0),
        Column("value", "Value", 3),
        Column("low", "95 % from", 3),
        Column("high", "to", 3),
    )
    names = [f"{one.stage} · {one.who} · {one.coefficient}" for one in drawn]
    return Figure(
        key="agreement",
        title="Agreement with 95 % intervals",
        reading=tuple(_agreeing(drawn)),
        plot={
            "data": [_coefficients(drawn)] if drawn else [],
            "layout": layout(
                70 + LANE * max(len(drawn), 2),
                xaxis=axis(range=[-1.05, 1.05], zeroline=True),
                yaxis=named_rows(names, count=max(len(drawn), 1)),
                margin={"l": 8, "r": 12, "t": 12, "b": 32},
            ),
        },
        table=DataTable(columns, tuple(_agreement_row(one) for one in drawn)),
        left_out=tuple(
            f"{one.stage}, {one.who}: {one.coefficient} is {one.note}."
            for one in rows
            if one.value is None
        ),
        is_wide=True,
        note="From what each person said alone, before anybody ruled.",
    )


def _agreeing(drawn: Sequence[AgreementRow]) -> Iterator[Part]:
    if not drawn:
        yield Part("No agreement can be shown: nothing was judged by two people, or it is hidden.")
        return
    low, high = (pick(drawn, key=lambda one: one.value or 0) for pick in (min, max))
    yield Part(counted(len(drawn), "coefficient"), drawn[0].link)
    yield Part(f", from {low.value:.2f} ({low.who}, {low.coefficient}) ")
    yield Part(f"to {high.value:.2f} ({high.who}, {high.coefficient}).")


def _coefficients(drawn: Sequence[AgreementRow]) -> PlotJson:
    def reach(a: float | None, b: float | None) -> float:
        return 0.0 if a is None or b is None else round(a - b, 4)

    return {
        "type": "scatter",
        "mode": "markers",
        "x": [finite(one.value, 4) for one in drawn],
        "y": list(range(len(drawn))),
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [reach(one.high, one.value) for one in drawn],
            "arrayminus": [reach(one.value, one.low) for one in drawn],
            "color": "@group-2",
            "thickness": 1.5,
            "width": 4,
        },
        "customdata": [one.link for one in drawn],
        "text": [f"{one.value:.3f}, {counted(one.records, 'record')}" for one in drawn],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 9, "symbol": "square", "color": "@group-2"},
    }


def _agreement_row(one: AgreementRow) -> Mapping[str, Cell]:
    numbers: dict[str, Cell] = {
        name: finite(value)
        for name, value in (("value", one.value), ("low", one.low), ("high", one.high))
    }
    return numbers | {
        "stage": one.stage,
        "who": one.who,
        "coefficient": one.coefficient,
        "records": one.records,
        "link": one.link,
    }
