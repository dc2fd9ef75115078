"""The reporting policy: which experiment of a study stands in Table 1 and in the figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pandas as pd

from analytics.tables.rules import Candidate, Rows, amount_rank, chosen_by_rules
from extraction.schema.comparison import ReportingPolicy

__all__ = ["ByHand", "Role", "Selection", "amount_rank", "mark_reported", "select", "selections"]


class Role(StrEnum):
    """What an experiment is in the report of its study."""

    FULL = "full"
    SUBSET = "subset"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Selection:
    """The reported experiments of one study.

    Attributes:
        full: Row key at the largest amount of labels; None where no experiment has a gain.
        subset: Row key at the smallest amount; None where there is only one.
        trace: One sentence per rule that made a difference, in order.
        is_by_hand: Whether a person chose instead of the rules.
    """

    full: str | None
    subset: str | None
    trace: tuple[str, ...]
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person chose for one study instead of what the rules choose.

    Attributes:
        full: Row key for full data.
        subset: Row key for the subset, empty for none.
        rationale: Why.
        by: Who, in words.
    """

    full: str
    subset: str = ""
    rationale: str = ""
    by: str = ""


NOBODY: Mapping[int, ByHand] = MappingProxyType({})


def select(experiments: pd.DataFrame, policy: ReportingPolicy) -> Selection:
    """Choose one study's reported experiments.

    Args:
        experiments: Rows of one study out of `with_gains(experiments_frame(...))`.
        policy: The review's rules.

    Returns:
        Row keys for full data and subset, and why these.

    Raises:
        ValueError: Rows of several studies are given.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, Methods (rules M11-M15); what they leave
        open is decided here: a model's average runs over its distinct tasks and label
        fractions, the strongest of several comparators of one class is taken.
    """
    rows = _candidates(experiments)
    studies = len({row.study_id for row in rows})
    if studies > 1:
        raise ValueError(f"{studies} studies were given, one is needed")
    return _select(rows, policy)


def selections(
    experiments: pd.DataFrame, policy: ReportingPolicy, by_hand: Mapping[int, ByHand] = NOBODY
) -> dict[int, Selection]:
    """Choose the reported experiments of every study.

    Args:
        experiments: `with_gains(experiments_frame(...))`.
        policy: The review's rules.
        by_hand: By study, what a person chose instead. It stands while the chosen rows are among
            the experiments and have a gain; otherwise the rules choose and the trace says why.

    Returns:
        The selection by study, for every study that has a row.

    Raises:
        ValueError: A column is missing.

    Source:
        As for `select`.
    """
    return _selections(_candidates(experiments), policy, by_hand)


def mark_reported(
    experiments: pd.DataFrame, policy: ReportingPolicy, by_hand: Mapping[int, ByHand] = NOBODY
) -> pd.DataFrame:
    """Mark the reported experiments of every study.

    Args:
        experiments: `with_gains(experiments_frame(...))`.
        policy: The review's rules.
        by_hand: By study, what a person chose instead.

    Returns:
        A new frame with `role` (full / subset / other) and `policy_trace` (sentences of the
        study's selection joined by a blank), both str.

    Raises:
        ValueError: A column is missing.

    Source:
        Own definition.
    """
    rows = _candidates(experiments)
    chosen = _selections(rows, policy, by_hand)
    traces = [" ".join(chosen[row.study_id].trace) for row in rows]
    roles = [str(_role(row.row_key, chosen[row.study_id])) for row in rows]
    return experiments.assign(
        role=pd.Series(roles, index=experiments.index, dtype="str"),
        policy_trace=pd.Series(traces, index=experiments.index, dtype="str"),
    )


def _candidates(experiments: pd.DataFrame) -> Rows:
    copied = [name for name in Candidate.__slots__ if name not in {"arm", "other"}]
    missing = {*copied, "arm_value", "other_value", "lower_is_better"} - set(experiments.columns)
    if missing:
        raise ValueError(f"the frame has no column {', '.join(sorted(missing))}")
    sign = experiments["lower_is_better"].map({True: -1.0, False: 1.0}).astype("float64")
    values = experiments[copied].assign(
        arm=sign * experiments["arm_value"], other=sign * experiments["other_value"]
    )
    lists = [values[name].astype("object").tolist() for name in Candidate.__slots__]
    return [Candidate(*row) for row in zip(*lists, strict=True)]


def _selections(
    rows: Rows, policy: ReportingPolicy, by_hand: Mapping[int, ByHand]
) -> dict[int, Selection]:
    studies: dict[int, Rows] = {}
    for row in rows:
        studies.setdefault(row.study_id, []).append(row)
    return {
        number: _with_hand(own, _select(own, policy), by_hand.get(number))
        for number, own in studies.items()
    }


def _with_hand(rows: Rows, ruled: Selection, hand: ByHand | None) -> Selection:
    """Let a person's choice stand before that of the rules, and say so."""
    if hand is None:
        return ruled
    known = {row.row_key: row for row in rows}
    wanted = [key for key in (hand.full, hand.subset) if key]
    if any(key not in known for key in wanted):
        gone = "An experiment chosen by hand is not among these, so the rules choose."
        return Selection(ruled.full, ruled.subset, (gone, *ruled.trace))
    refused = next((known[key].refused_reason for key in wanted if known[key].refused_reason), "")
    if refused:
        lost = f"An experiment chosen by hand has no gain ({refused}), so the rules choose."
        return Selection(ruled.full, ruled.subset, (lost, *ruled.trace))
    who = f" by {hand.by}" if hand.by else ""
    said = f"Chosen by hand{who}: {hand.rationale.rstrip('.')}."
    is_same = (ruled.full, ruled.subset or "") == (hand.full, hand.subset)
    rules = "The rules choose the same." if is_same else f"The rules choose {_named(ruled, known)}."
    return Selection(hand.full, hand.subset or None, (said, rules), is_by_hand=True)


def _named(ruled: Selection, known: Mapping[str, Candidate]) -> str:
    names = [
        " · ".join(filter(None, (row.task, row.metric, row.fraction, row.model)))
        for row in (known[key] for key in (ruled.full, ruled.subset) if key)
    ]
    return " and ".join(names) or "none"


def _role(key: str, chosen: Selection) -> Role:
    if key == chosen.full:
        return Role.FULL
    return Role.SUBSET if key == chosen.subset else Role.OTHER


def _select(rows: Rows, policy: ReportingPolicy) -> Selection:
    return Selection(*chosen_by_rules(rows, policy))
