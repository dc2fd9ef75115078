"""Flows for tests: random ones by hypothesis, and one like the page's."""

from hypothesis import strategies as st

from analytics.prisma.flow import (
    IDENTIFICATION_KINDS,
    NONE,
    OTHER_KINDS,
    Flow,
    Included,
    Reason,
    Removed,
    Reports,
    Screening,
    SourceKind,
    SourceRows,
)

REASONS = ("Wrong task", "=1+1; not, original", "No images")


def ids(*numbers):
    return frozenset(numbers)


def _reports(sought, fates):
    by_fate = {}
    for number in sought:
        by_fate.setdefault(fates[number], set()).add(number)
    get = {fate: frozenset(found) for fate, found in by_fate.items()}.get
    reasons = tuple(Reason(name, get(name, NONE)) for name in REASONS if name in by_fate)
    missing, waiting = get("not retrieved", NONE), get("no full text", NONE)
    return Reports(
        sought=frozenset(sought),
        not_retrieved=missing,
        awaiting_retrieval=waiting,
        assessed=frozenset(sought) - missing - waiting,
        excluded=frozenset().union(*(reason.ids for reason in reasons)),
        reasons=reasons,
        awaiting=get("awaiting", NONE),
        conflict=get("conflict", NONE),
    )


@st.composite
def flow_parts(draw):
    """Arguments of a flow that holds: every record gets one fate, the boxes follow."""
    sizes = draw(st.lists(st.integers(0, 12), min_size=0, max_size=5))
    kinds = draw(
        st.lists(st.sampled_from([*IDENTIFICATION_KINDS, *OTHER_KINDS]), min_size=5, max_size=5)
    )
    sources, start = [], 0
    for i, size in enumerate(sizes):
        rows = frozenset(range(start, start + size))
        sources.append(SourceRows(kinds[i], f"Source {i}", rows))
        start += size
    pick = lambda *names: draw(  # noqa: E731 (a short word for a long draw)
        st.lists(st.sampled_from(names), min_size=start, max_size=start)
    )
    before = pick("screened", "duplicate", "automatic", "other", "screened")
    first = pick("excluded", "awaiting", "conflict", "included", "included")
    second = pick(
        "not retrieved", "no full text", "awaiting", "conflict", "included", "included", *REASONS
    )
    databases = {n for rows in sources if rows.kind in IDENTIFICATION_KINDS for n in rows.ids}
    removed = {
        is_database: Removed(
            *(
                frozenset(
                    n for n in range(start) if before[n] == fate and (n in databases) is is_database
                )
                for fate in ("duplicate", "automatic", "other")
            )
        )
        for is_database in (True, False)
    }
    screened = {n for n in databases if before[n] == "screened"}
    status = {
        fate: frozenset(n for n in screened if first[n] == fate)
        for fate in ("excluded", "awaiting", "conflict", "included")
    }
    found = {n for n in range(start) if n not in databases and before[n] == "screened"}
    columns = _reports(status["included"], second), _reports(found, second)
    new_reports = columns[0].included | columns[1].included
    study_of = {report: draw(st.integers(1, 9)) for report in new_reports if draw(st.booleans())}
    previous = draw(st.sampled_from([NONE, ids(2, 3, 20)]))
    previous_reports = frozenset(10_000 + study for study in previous)
    if previous:
        sources.append(SourceRows(SourceKind.PREVIOUS_VERSION, "Before", previous_reports))
    new_studies = frozenset(study_of.values()) - previous
    return {
        "sources": tuple(sources),
        "removed": removed[True],
        "screening": Screening(
            frozenset(screened), status["excluded"], status["awaiting"], status["conflict"]
        ),
        "databases": columns[0],
        "other_removed": removed[False],
        "other": columns[1],
        "included": Included(
            new_reports,
            new_studies,
            previous_reports,
            previous,
            previous_reports | new_reports,
            previous | new_studies,
            study_of | {10_000 + study: study for study in previous},
        ),
    }


def small_flow(*, previous=False, other=False):
    """Ten records of two databases, a website if asked for, an earlier version if asked for."""
    sources = [
        SourceRows(SourceKind.DATABASE, "PubMed", frozenset(range(1, 7))),
        SourceRows(SourceKind.REGISTER, "Trials & tests", frozenset(range(7, 11))),
    ]
    found = Reports()
    if other:
        sources.append(SourceRows(SourceKind.WEBSITE, "Website", ids(21, 22)))
        found = Reports(sought=ids(22), assessed=ids(22))
    new_reports = ids(9, 10) | found.included
    old = ids(901) if previous else NONE
    study_of = dict.fromkeys(new_reports, 501)
    if previous:
        sources.append(SourceRows(SourceKind.PREVIOUS_VERSION, "Version of 2019", old))
        study_of[901] = 901
    return Flow(
        sources=tuple(sources),
        removed=Removed(ids(1), ids(2), NONE),
        screening=Screening(frozenset(range(3, 11)), ids(3), ids(4), NONE),
        databases=Reports(
            sought=frozenset(range(5, 11)),
            not_retrieved=ids(5),
            assessed=ids(6, 7, 8, 9, 10),
            excluded=ids(6, 7),
            reasons=(Reason("Wrong task", ids(6)), Reason("No <images>", ids(7))),
            conflict=ids(8),
        ),
        other_removed=Removed(ids(21)) if other else Removed(),
        other=found,
        included=Included(
            new_reports, ids(501), old, old, old | new_reports, old | ids(501), study_of
        ),
    )
