"""Agreement between reviewers, recomputed from what each said alone."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from reviewapp.bundles.verifying.alone import said_alone
from reviewapp.bundles.verifying.held import Difference
from reviewapp.bundles.verifying.screening import FIRST, SECOND, Screening

Matrix = list[list[float]]
Counts = list[list[int]]
NEAR = 1e-9
ONE = 1e-5  # a chance agreement this near 1 leaves nothing to correct


def differing_agreement(screening: Screening) -> Iterator[Difference]:
    """Coefficients that differ from what the raw verdicts give."""
    exported = screening.held.json("results/agreement.json")
    for stage in (FIRST, SECOND):
        computed = agreement_of(screening, stage)
        yield from _compare(f"{stage}", exported[stage], computed)


def _compare(where: str, told: Any, found: Any) -> Iterator[Difference]:
    """Everything that was computed, against what the export says under the same name."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from _compare(f"{where}, {key}", told.get(key, "nothing"), value)
    elif isinstance(found, list) and isinstance(told, list) and len(found) == len(told):
        for place, (one, other) in enumerate(zip(told, found, strict=True)):
            yield from _compare(f"{where} {place + 1}", one, other)
    elif not same(told, found):
        yield Difference("agreement", where, str(told), str(found))


def same(told: Any, found: Any) -> bool:
    """Whether two values are equal, numbers up to rounding."""
    numbers = isinstance(told, int | float) and isinstance(found, int | float)
    if numbers and not isinstance(told, bool):
        return math.isclose(told, found, rel_tol=NEAR, abs_tol=NEAR)
    return bool(told == found)


def agreement_of(screening: Screening, stage: str) -> dict[str, Any]:
    """The coefficients of a stage, under the names of the export."""
    alone = said_alone(screening, stage)
    used = {one.verdict for said in alone.values() for one in said.values()}
    order = [one for one in ("include", "maybe", "exclude") if one != "maybe" or one in used]
    several = {record: said for record, said in alone.items() if len(said) > 1}
    counts = [_counted([one.verdict for one in said.values()], order) for said in several.values()]
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    for record, said in several.items():
        for pair in combinations(sorted(said, key=int), 2):
            shared[pair].append(record)
    pairs = []
    for (a, b), records in sorted(shared.items(), key=lambda one: tuple(map(int, one[0]))):
        both = [(several[record][a].verdict, several[record][b].verdict) for record in records]
        brought = sum(
            several[record][person].is_imported for record in records for person in (a, b)
        )
        pairs.append({"a": int(a), "b": int(b), "imported_verdicts": brought, **_pair(both, order)})
    return {
        "records": len(several),
        "reviewers": len({person for said in several.values() for person in said}),
        "categories": order,
        "pairs": pairs,
        "fleiss": fleiss(counts),
        "krippendorff_alpha": alpha(counts),
        "ac1": {"value": gwet(counts)},
        "imported_verdicts": sum(
            one.is_imported for said in several.values() for one in said.values()
        ),
    }


def _pair(both: Sequence[tuple[str, str]], order: Sequence[str]) -> dict[str, Any]:
    q, n = len(order), len(both)
    table = [[sum(one == (a, b) for one in both) for b in order] for a in order]
    share = sum(table[i][i] for i in range(q)) / n
    counts = [_counted(pair, order) for pair in both]
    found = {
        "n": n,
        "table": table,
        "percent": 100 * share,
        "kappa": kappa(table, is_weighted=False),
        "pabak": (q * share - 1) / (q - 1),
        "ac1": gwet(counts),
        "fleiss": fleiss(counts),
        "krippendorff_alpha": alpha(counts),
    }
    if "maybe" in order:
        found["weighted_kappa"] = kappa(table, is_weighted=True)
    return found


def _counted(verdicts: Sequence[str], order: Sequence[str]) -> list[int]:
    return [sum(one == name for one in verdicts) for name in order]


def kappa(table: Counts, *, is_weighted: bool) -> float | None:
    """Cohen's kappa (1960), with linear weights (1968) or none."""
    q, n = len(table), sum(map(sum, table))
    rows = [sum(row) / n for row in table]
    columns = [sum(row[j] for row in table) / n for j in range(q)]
    observed = expected = 0.0
    for i in range(q):
        for j in range(q):
            weight = 1 - abs(i - j) / (q - 1) if is_weighted else float(i == j)
            observed += weight * table[i][j] / n
            expected += weight * rows[i] * columns[j]
    return None if abs(expected - 1) < ONE else (observed - expected) / (1 - expected)


def _observed(counts: Counts) -> tuple[float, list[float]] | None:
    """Mean agreement of the items, and the mean share of each category."""
    if not counts:
        return None
    agreed = [sum(c * (c - 1) for c in row) / (sum(row) * (sum(row) - 1)) for row in counts]
    usual = [sum(row[j] / sum(row) for row in counts) / len(counts) for j in range(len(counts[0]))]
    return sum(agreed) / len(agreed), usual


def fleiss(counts: Counts) -> float | None:
    """Fleiss' kappa (1971) over items with any number of verdicts."""
    seen = _observed(counts)
    if seen is None:
        return None
    expected = sum(share**2 for share in seen[1])
    return None if abs(expected - 1) < ONE else (seen[0] - expected) / (1 - expected)


def gwet(counts: Counts) -> float | None:
    """Gwet's AC1 (2008)."""
    seen = _observed(counts)
    if seen is None:
        return None
    expected = sum(share * (1 - share) for share in seen[1]) / (len(counts[0]) - 1)
    return (seen[0] - expected) / (1 - expected)


def alpha(counts: Counts) -> float | None:
    """Krippendorff's nominal alpha (2011), from the coincidences of values."""
    if not counts:
        return None
    q = len(counts[0])
    coincidences: Matrix = [[0.0] * q for _ in range(q)]
    for row in counts:
        raters = sum(row)
        for i in range(q):
            for j in range(q):
                ways = row[i] * (row[i] - 1) if i == j else row[i] * row[j]
                coincidences[i][j] += ways / (raters - 1)
    totals = [sum(row) for row in coincidences]
    n = sum(totals)
    apart = n - sum(coincidences[i][i] for i in range(q))
    expected = n**2 - sum(total**2 for total in totals)
    if abs(1 - expected / n**2 - 1) < ONE:
        return None
    return 1 - (n - 1) * apart / expected
