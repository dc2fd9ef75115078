"""What stands in each box of the diagram, before anything has a place."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.prisma.flow import (
    FIELD_OF_KIND,
    IDENTIFICATION_KINDS,
    OTHER_KINDS,
    REMOVAL_BOXES,
    Flow,
    Reports,
    SourceKind,
)
from analytics.prisma.wording import DECLARED, IDENTIFIED, REMOVED, words_of


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a box: words and, in most, a number of rows.

    Attributes:
        key: What it links to: a field name, `dbr_excluded.2` for the third reason (from 0), or
            `source.1` for the second source; empty for a mere heading.
        words: The text before the number.
        count: Number of rows, or nothing.
        indent: Steps to the right.
        is_quiet: Smaller in rank: our additions to the official words.
    """

    key: str
    words: str
    count: int | None = None
    indent: int = 0
    is_quiet: bool = False

    @property
    def number(self) -> str:
        """`(n = 1,234)`, which never breaks, or empty."""
        return "" if self.count is None else f"(n\u00a0=\u00a0{self.count:,})"


@dataclass(frozen=True, slots=True)
class Content:
    """The rows of one box; dashed when it only shows work in progress."""

    rows: tuple[Row, ...]
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """What goes on, and beside it what leaves and what waits."""

    main: Content
    side: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the diagram; a level without boxes is nothing."""

    identified: Content
    removed: Content | None
    levels: tuple[Level | None, ...]


def databases_column(flow: Flow) -> Column:
    """Boxes of databases and registers, from identification to eligibility.

    Args:
        flow: A flow that holds.

    Returns:
        Levels: screened and excluded; sought and not retrieved; assessed and excluded.
    """
    counts = flow.counts
    identified = (Row("", IDENTIFIED), *_sources(flow, IDENTIFICATION_KINDS))
    removed = [row for name in REMOVAL_BOXES for row in _with_declared(flow, name)]
    waiting = _running(counts, "records_awaiting", "records_conflict")
    return Column(
        Content(identified),
        Content((Row("", REMOVED), *removed)),
        (
            Level(
                _single(counts, "records_screened"), (_single(counts, "records_excluded"), *waiting)
            ),
            *_report_levels("dbr", flow.databases, counts),
        ),
    )


def other_column(flow: Flow) -> Column:
    """Boxes of the other methods: no removal box and no screening.

    Args:
        flow: A flow that holds.

    Returns:
        Levels: nothing beside the screening of the databases; sought and not retrieved; assessed
        and excluded.
    """
    counts = flow.counts
    aside = [name for name in ("other_duplicates", "other_removed") if counts[name]]
    identified = (
        Row("", IDENTIFIED),
        *_sources(flow, OTHER_KINDS),
        *(row for name in aside for row in _with_declared(flow, name, is_quiet=True)),
    )
    return Column(Content(identified), None, (None, *_report_levels("other", flow.other, counts)))


def previous_content(flow: Flow) -> Content:
    """The box of the earlier version of the review."""
    counts = flow.counts
    rows = [_row(counts, name) for name in ("previous_studies", "previous_reports")]
    aside = [name for name in ("previous_duplicates", "previous_removed") if counts[name]]
    return Content((*rows, *(_row(counts, name, indent=1, is_quiet=True) for name in aside)))


def included_content(flow: Flow) -> Content:
    """The box of what this version brings in."""
    counts = flow.counts
    names = ["new_studies", "new_reports"]
    rows = [_row(counts, name, has_previous=flow.has_previous) for name in names]
    return Content((*rows, *(() if flow.has_previous else _without_study(counts))))


def total_content(flow: Flow) -> Content:
    """The box of the earlier and this version together."""
    counts = flow.counts
    rows = [_row(counts, name) for name in ("total_studies", "total_reports")]
    return Content((*rows, *_without_study(counts)))


def _without_study(counts: Mapping[str, int]) -> tuple[Row, ...]:
    name = "reports_without_study"
    return (_row(counts, name, indent=1, is_quiet=True),) if counts[name] else ()


def _with_declared(flow: Flow, name: str, *, is_quiet: bool = False) -> list[Row]:
    row = _row(flow.counts, name, indent=1, is_quiet=is_quiet)
    return [row, *_declared(flow, name, indent=2)]


def _declared(flow: Flow, key: str, indent: int) -> list[Row]:
    """The part of a number that no row stands for, on a line of its own."""
    count = flow.declared_counts.get(key)
    return [Row("declared", DECLARED, count, indent, is_quiet=True)] if count else []


def _row(
    counts: Mapping[str, int],
    name: str,
    *,
    indent: int = 0,
    is_quiet: bool = False,
    has_previous: bool = True,
) -> Row:
    words = words_of(name, has_previous=has_previous)
    return Row(name, words, counts[name], indent, is_quiet)


def _single(counts: Mapping[str, int], name: str) -> Content:
    return Content((_row(counts, name),))


def _running(counts: Mapping[str, int], *names: str) -> tuple[Content, ...]:
    rows = tuple(_row(counts, name, is_quiet=True) for name in names if counts[name])
    return (Content(rows, is_running=True),) if rows else ()


def _sources(flow: Flow, kinds: tuple[SourceKind, ...]) -> list[Row]:
    rows, counts = [], flow.counts
    for kind in kinds:
        name = FIELD_OF_KIND[kind]
        numbered = [(i, one) for i, one in enumerate(flow.sources) if one.kind is kind]
        if kind is SourceKind.OTHER and not numbered:
            continue
        rows.append(_row(counts, name, indent=1, has_previous=False))
        for i, one in numbered:
            key = f"source.{i}"
            rows.append(Row(key, one.name, counts[key], 2, is_quiet=True))
            rows += _declared(flow, key, indent=3)
    return rows


def _report_levels(prefix: str, reports: Reports, counts: Mapping[str, int]) -> list[Level]:
    retrieval = _running(counts, f"{prefix}_awaiting_retrieval")
    eligibility = _running(counts, f"{prefix}_awaiting", f"{prefix}_conflict")
    missing = _single(counts, f"{prefix}_notretrieved_reports")
    return [
        Level(_single(counts, f"{prefix}_sought_reports"), (missing, *retrieval)),
        Level(
            _single(counts, f"{prefix}_assessed"),
            (_excluded(prefix, reports, counts), *eligibility),
        ),
    ]


def _excluded(prefix: str, reports: Reports, counts: Mapping[str, int]) -> Content:
    name = f"{prefix}_excluded"
    if not reports.reasons:
        return _single(counts, name)
    heading = Row(name, f"{words_of(name, has_previous=False)}:")
    listed = (
        Row(f"{name}.{i}", reason.name, len(reason.ids), 1)
        for i, reason in enumerate(reports.reasons)
    )
    return Content((heading, *listed))
