"""The search report of PRISMA-S: the table of searches, and its 16 items."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from analytics.prisma.reporting.facts import ReviewFacts, SearchRun, SourceFacts
from analytics.prisma.reporting.items import SEARCH_ITEMS
from analytics.prisma.reporting.table import TO_BE_WRITTEN, ReportRow, ReportTable, listed

SEARCH_COLUMNS = (
    "Source",
    "Kind",
    "Platform",
    "Date",
    "Full strategy",
    "Limits",
    "Hits reported",
    "Records here",
)


def search_report_of(facts: ReviewFacts) -> ReportTable:
    """The 16 items of PRISMA-S.

    Args:
        facts: What the review knows of itself.

    Returns:
        16 rows in the official order; what the app cannot know is empty and to be written.

    Source:
        Rethlefsen et al. 2021, Systematic Reviews 10:39.
    """
    rows = tuple(
        ReportRow(item, FILLERS[item.number](facts) if item.number in FILLERS else "")
        for item in SEARCH_ITEMS
    )
    return ReportTable("PRISMA-S search report", facts.title, facts.moment, rows)


def search_rows(facts: ReviewFacts) -> list[tuple[str, ...]]:
    """One row per search under `SEARCH_COLUMNS`; what is not known is to be written.

    Args:
        facts: What the review knows of itself.

    Returns:
        Rows of text. Limits stand inside the strategy unless they were told apart.
    """
    return [
        (
            one.source,
            one.kind,
            one.platform or TO_BE_WRITTEN,
            f"{one.searched_on:%Y-%m-%d}" if one.searched_on else TO_BE_WRITTEN,
            one.strategy or TO_BE_WRITTEN,
            one.limits or TO_BE_WRITTEN,
            TO_BE_WRITTEN if one.hits is None else str(one.hits),
            str(one.records),
        )
        for one in facts.searches
    ]


def source_line(source: SourceFacts) -> str:
    """A source with its kind and number of records.

    Args:
        source: Any source.

    Returns:
        E.g. `PubMed (database): 1,320 records, of which 1,200 declared`.
    """
    declared = f", of which {source.declared:,} declared" if source.declared else ""
    noun = "record" if source.records == 1 else "records"
    return f"{source.name} ({source.kind}): {source.records:,} {noun}{declared}"


def strategy_line(search: SearchRun) -> str:
    """A search with its day and full strategy.

    Args:
        search: A search with a strategy.

    Returns:
        E.g. `PubMed, 2022-05-01: (a OR b) AND c`.
    """
    platform = f" via {search.platform}" if search.platform else ""
    day = f", {search.searched_on:%Y-%m-%d}" if search.searched_on else ""
    return f"{search.source}{platform}{day}: {search.strategy}"


def _named(*kinds: str) -> Callable[[ReviewFacts], str]:
    def told(facts: ReviewFacts) -> str:
        return listed([f"- {source_line(one)}" for one in facts.sources if one.kind in kinds])

    return told


def _databases(facts: ReviewFacts) -> str:
    platforms = {one.source: one.platform for one in facts.searches if one.platform}
    lines = []
    for source in facts.sources:
        if source.kind == "database":
            platform = platforms.get(source.name)
            lines.append(f"- {source.name}{f' via {platform}' if platform else ''}")
    return listed(lines)


def _strategies(facts: ReviewFacts) -> str:
    return listed([strategy_line(one) for one in facts.searches if one.strategy])


def _updates(facts: ReviewFacts) -> str:
    days: dict[str, list[str]] = {}
    for one in facts.searches:
        if one.searched_on:
            days.setdefault(one.source, []).append(f"{one.searched_on:%Y-%m-%d}")
    again = {source: sorted(set(found)) for source, found in days.items()}
    return listed(
        [
            f"- {source} was searched again: {', '.join(found)}"
            for source, found in again.items()
            if len(found) > 1
        ]
    )


def _dates(facts: ReviewFacts) -> str:
    days: dict[str, str] = {}
    for one in facts.searches:
        if one.searched_on:
            day = f"{one.searched_on:%Y-%m-%d}"
            days[one.source] = max(day, days.get(one.source, ""))
    return listed([f"- {source}: {day}" for source, day in days.items()])


def _totals(facts: ReviewFacts) -> str:
    total = sum(one.records for one in facts.sources if one.kind != "previous version")
    lines = [f"- {source_line(one)}" for one in facts.sources if one.kind != "previous version"]
    return listed((*lines, f"Together: {total:,} records")) if lines else ""


def deduplication_of(facts: ReviewFacts) -> str:
    """How duplicates were found.

    Args:
        facts: What the review knows of itself.

    Returns:
        Sentences with the number of links per way, or empty when nothing was linked or declared.
    """
    declared = (facts.flow or {}).get("declared_duplicates", 0)
    lines = [f"- {words}: {count:,}" for words, count in facts.duplicates.items()]
    before = f"- Removed before the import, declared: {declared:,}" if declared else ""
    if not lines and not before:
        return ""
    how = (
        "Duplicates were linked, not deleted, by named rules; doubtful pairs were judged by people."
    )
    return listed((how, *lines, before))


Filler = Callable[[ReviewFacts], str]
FILLERS: Mapping[str, Filler] = MappingProxyType(
    {
        "1": _databases,
        "3": _named("register"),
        "4": _named("website", "organisation"),
        "5": _named("citation searching"),
        "7": _named("other"),
        "8": _strategies,
        "12": _updates,
        "13": _dates,
        "15": _totals,
        "16": deduplication_of,
    }
)
