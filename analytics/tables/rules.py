"""The rules that choose one study's reported experiments, one after the other."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from types import MappingProxyType

from extraction.schema.comparison import FractionChoice, ModelChoice, ReportingPolicy, TaskChoice

NO_WORDS: Mapping[str, str] = MappingProxyType({})
WORD = re.compile(r"[a-z0-9]{4,}")
# Words that stand in most titles and tasks and therefore match nothing in particular.
COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        "classification detection diagnosis recognition prediction disease versus with from "
        "binary label class image finding control normal task",
    )
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One experiment as the rules see it; scores are signed so that higher is better."""

    study_id: int
    row_key: str
    position: int
    title: str
    evaluation: str
    metric: str
    model: str
    task: str
    task_name: str
    comparator_class: str
    fraction: str
    fraction_share: float
    fraction_count: float
    arm: float
    other: float
    refused_reason: str


Rows = list[Candidate]
Rule = Callable[[Rows, ReportingPolicy, list[str]], Rows]


def chosen_by_rules(
    rows: Rows, policy: ReportingPolicy
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Apply every rule in its order.

    Args:
        rows: The experiments of one study.
        policy: The review's rules.

    Returns:
        Row key for full data, row key for the subset, and one sentence per rule that made a
        difference.

    Raises:
        ValueError: Never.

    Source:
        As for `analytics.tables.policy.select`.
    """
    usable = [row for row in rows if not row.refused_reason]
    if not usable:
        return None, None, (_nothing(rows),)
    trace: list[str] = []
    for rule in RULES:
        usable = rule(usable, policy, trace)
    full, subset = _by_fraction(usable, policy, trace)
    return full, subset, tuple(trace)


def _nothing(rows: Rows) -> str:
    if not rows:
        return "No experiment was extracted."
    reason = Counter(row.refused_reason for row in rows).most_common(1)[0][0]
    return f"None of {len(rows)} experiments has a gain: {reason}."


def _by_evaluation(rows: Rows, policy: ReportingPolicy, trace: list[str]) -> Rows:
    return _first_choice(
        rows, lambda row: row.evaluation, policy.evaluation_preference, ("Evaluation", trace)
    )


def _by_metric(rows: Rows, policy: ReportingPolicy, trace: list[str]) -> Rows:
    return _first_choice(rows, lambda row: row.metric, policy.metric_priority, ("Metric", trace))


def _by_comparator(rows: Rows, policy: ReportingPolicy, trace: list[str]) -> Rows:
    return _first_choice(
        rows,
        lambda row: row.comparator_class,
        policy.comparator_preference,
        ("Comparator", trace),
        {one.key: one.label for one in policy.comparators},
    )


def _first_choice(
    rows: Rows,
    value: Callable[[Candidate], str],
    preference: Sequence[str],
    said: tuple[str, list[str]],
    words: Mapping[str, str] = NO_WORDS,
) -> Rows:
    """Keep the rows of the best placed value; values outside the list come last, as found."""
    found = list(dict.fromkeys(value(row) for row in rows))
    if len(found) == 1:
        return rows
    chosen = next((one for one in preference if one in found), found[0])
    named = {one: words.get(one, one) or "unclassified" for one in found}
    others = ", ".join(named[one] for one in found if one != chosen)
    name, trace = said
    trace.append(f"{name}: {named[chosen]} before {others}.")
    return [row for row in rows if value(row) == chosen]


def _by_model(rows: Rows, policy: ReportingPolicy, trace: list[str]) -> Rows:
    arms: dict[str, dict[tuple[str, str], float]] = {}
    for row in rows:
        arms.setdefault(row.model, {}).setdefault((row.task, row.fraction), row.arm)
    if len(arms) == 1:
        return rows
    is_average = policy.model_choice is ModelChoice.BEST_AVERAGE
    best = max(arms, key=lambda model: (fmean if is_average else max)(arms[model].values()))
    how = "best average" if is_average else "highest value"
    trace.append(f"Model: {how} of {len(arms)}: {best or 'not named'}.")
    return [row for row in rows if row.model == best]


def _by_task(rows: Rows, policy: ReportingPolicy, trace: list[str]) -> Rows:
    if policy.task_choice is TaskChoice.TITLE_THEN_HIGHEST:
        rows = _matching_title(rows, trace)
    tasks = {row.task for row in rows}
    if len(tasks) == 1:
        return rows
    best = _best(rows).task
    trace.append(f"Task: highest value of {len(tasks)}: {best}.")
    return [row for row in rows if row.task == best]


def _matching_title(rows: Rows, trace: list[str]) -> Rows:
    hits = [len(_words(row.task_name) & _words(row.title)) for row in rows]
    if max(hits) == min(hits):
        return rows
    kept = [row for row, hit in zip(rows, hits, strict=True) if hit == max(hits)]
    trace.append(f"Task: the title names {', '.join(dict.fromkeys(r.task_name for r in kept))}.")
    return kept


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in WORD.findall(text.casefold())} - COMMON_WORDS


def _best(rows: Iterable[Candidate]) -> Candidate:
    """The best arm; of equal arms the strongest comparator, then the first in the form."""
    return max(rows, key=lambda row: (row.arm, row.other, -row.position))


def _by_fraction(rows: Rows, policy: ReportingPolicy, trace: list[str]) -> tuple[str, str | None]:
    ranked = _comparable(rows, trace)
    if not ranked:
        return _best(rows).row_key, None
    high, low = max(ranked), min(ranked)
    full = _best(ranked[high]).row_key
    if high == low or policy.fraction_choice is FractionChoice.HIGHEST:
        return full, None
    trace.append("Labels: largest and smallest amount.")
    return full, _best(ranked[low]).row_key


def _comparable(rows: Rows, trace: list[str]) -> dict[float, Rows]:
    """Rows by amount of labels: unknown amounts are dropped, and counts beside shares."""
    kinds: dict[str, dict[float, Rows]] = {}
    for row in rows:
        kind, number = amount_rank(row.fraction_share, row.fraction_count)
        kinds.setdefault(kind, {}).setdefault(number, []).append(row)
    unknown = kinds.pop("unknown", {})
    if unknown and kinds:
        count = sum(map(len, unknown.values()))
        trace.append(f"Labels: left out without a stated amount: {count}.")
    if "share" in kinds and "count" in kinds:
        del kinds["count"]
        trace.append("Labels: counts cannot be ordered beside shares and are left out.")
    return {number: own for ranked in kinds.values() for number, own in ranked.items()}


def amount_rank(share: float, count: float) -> tuple[str, float]:
    """Place an amount of labels in an order.

    Args:
        share: 0-1, NaN where unknown.
        count: Labelled examples, NaN where unknown.

    Returns:
        Kind (all / share / count / unknown) and number; shares and counts cannot be compared
        with each other, `all` stands above both.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    if not math.isnan(share):
        return ("all", math.inf) if share >= 1 else ("share", share)
    return ("unknown", 0.0) if math.isnan(count) else ("count", count)


RULES: tuple[Rule, ...] = (_by_evaluation, _by_metric, _by_model, _by_task, _by_comparator)
