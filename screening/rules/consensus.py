"""The status rule: what the team's status is, given what each reviewer said alone.

It stands here once as a pure function and once as SQL (`RecordQuerySet.with_status`); a property
test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """A stage of screening."""

    TITLE_ABSTRACT = "title_abstract"
    FULL_TEXT = "full_text"


class Verdict(StrEnum):
    """What one reviewer says of one record."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"


class Status(StrEnum):
    """What the team's verdicts amount to."""

    AWAITING = "awaiting"
    CONFLICT = "conflict"
    INCLUDED = "included"
    EXCLUDED = "excluded"


class MaybeMeans(StrEnum):
    """What a maybe amounts to when the team's status is derived."""

    INCLUDE = "include"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class StageRule:
    """What of a stage's settings the status depends on.

    Attributes:
        verdicts_needed: How many verdicts a record needs, 1 to 3.
        maybe_means: Whether a maybe counts as include, or leaves a conflict to be settled.
        needs_group: Whether one of the verdicts has to be of a member of the stage's group.
    """

    verdicts_needed: int = 2
    maybe_means: MaybeMeans = MaybeMeans.INCLUDE
    needs_group: bool = False

    def __post_init__(self) -> None:
        """Refuse what no stage can be set to."""
        if self.verdicts_needed not in {1, 2, 3}:
            raise ValueError(f"verdicts_needed is {self.verdicts_needed}; it must be 1, 2 or 3.")


@dataclass(frozen=True, slots=True)
class Opinion:
    """One current verdict with its primary exclusion reason, if it has one.

    `is_of_group` says whether its reviewer is a member of the group that the stage needs.
    """

    verdict: Verdict
    reason_id: int | None = None
    is_of_group: bool = False


def team_status(
    opinions: Sequence[Opinion], rule: StageRule, *, ruling: Opinion | None = None
) -> Status:
    """Derive the team's status of one record at one stage.

    A ruling (adjudication) settles the matter. Without one, fewer than `verdicts_needed` opinions
    mean awaiting, and so does a missing opinion of the group, where the stage needs one. Maybe
    counts as include, or where the stage is set so, makes a conflict. Then agreement is the
    status, and any difference is a conflict; two exclusions for different reasons are a conflict
    of reason, since each excluded report is counted once under one primary reason.

    Args:
        opinions: Current opinions, one per reviewer, in any order.
        rule: How the stage is set.
        ruling: The current adjudication, if there is one; never a maybe.

    Returns:
        The team's status.

    Raises:
        ValueError: The ruling is a maybe.

    Source:
        DESIGN sections 1 and 3; own definition.
    """
    if ruling is not None:
        if ruling.verdict == Verdict.MAYBE:
            raise ValueError("A ruling cannot be a maybe.")
        return _settled(ruling.verdict)
    if len(opinions) < rule.verdicts_needed or lacks_group(opinions, rule):
        return Status.AWAITING
    if rule.maybe_means == MaybeMeans.CONFLICT and _has_maybe(opinions):
        return Status.CONFLICT
    has_exclusion = any(opinion.verdict == Verdict.EXCLUDE for opinion in opinions)
    has_inclusion = any(opinion.verdict != Verdict.EXCLUDE for opinion in opinions)
    reasons = {opinion.reason_id for opinion in opinions if opinion.reason_id is not None}
    if has_exclusion and (has_inclusion or len(reasons) > 1):
        return Status.CONFLICT
    return Status.EXCLUDED if has_exclusion else Status.INCLUDED


def lacks_group(opinions: Sequence[Opinion], rule: StageRule) -> bool:
    """Whether the stage needs an opinion of its group and none is there."""
    return rule.needs_group and not any(opinion.is_of_group for opinion in opinions)


def has_place(opinions: Sequence[Opinion], rule: StageRule, *, is_of_group: bool) -> bool:
    """Whether a record takes a further verdict of somebody who has not decided on it.

    The last free place is the group's while none of the group has decided; a record that has all
    its verdicts but the group's takes one more of the group.

    Args:
        opinions: Current opinions of others, without a ruling.
        rule: How the stage is set.
        is_of_group: Whether the person is a member of the group.
    """
    if lacks_group(opinions, rule):
        return is_of_group or len(opinions) < rule.verdicts_needed - 1
    return len(opinions) < rule.verdicts_needed


def _has_maybe(opinions: Sequence[Opinion]) -> bool:
    return any(opinion.verdict == Verdict.MAYBE for opinion in opinions)


def _settled(verdict: Verdict) -> Status:
    return Status.EXCLUDED if verdict == Verdict.EXCLUDE else Status.INCLUDED
