"""Questions about more than two records, and those that are sure enough to accept many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from screening.dedup.differences import Piece, mark_differences
from screening.models import DuplicateSuggestion, Membership, Record, Review
from screening.selectors.duplicates import (
    best_of,
    heads_of_questions,
    members_of,
    open_suggestions,
    own_verdicts,
)
from screening.selectors.shown import LABELS, as_text

MOST = 12
MANY = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One record of a group in question: its fields with what differs from the first marked."""

    record: Record
    fields: Sequence[tuple[str, Sequence[Piece]]]
    linked_to: int | None
    verdicts: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Group:
    """All records that questions and links connect, the one that would be kept first."""

    columns: Sequence[Column]
    kept: Record
    questions: int
    is_cut: bool


def connected_heads(*, review: Review, head: int) -> tuple[set[int], int]:
    """The kept records that open questions connect with this one, and how many questions."""
    partners: dict[int, set[int]] = {}
    pairs = [(one, two) for _, one, two in heads_of_questions(review=review)]
    for one, two in pairs:
        partners.setdefault(one, set()).add(two)
        partners.setdefault(two, set()).add(one)
    found, rest = {head}, [head]
    while rest:
        more = partners.get(rest.pop(), set()) - found
        found |= more
        rest += more
    return found, sum(one in found for one, _ in pairs)


def group_in_question(*, membership: Membership, head: Record) -> Group:
    """Set all records side by side that questions connect with a record's group.

    Args:
        membership: Who looks; only their own verdicts are shown.
        head: A kept record of the member's review.
    """
    heads, questions = connected_heads(review=membership.review, head=head.pk)
    found = members_of(heads=sorted(heads)[: MOST + 1])
    kept = best_of([one for one in found if one.pk in heads])
    ordered = sorted(found, key=lambda one: (one.pk != kept.pk, one.pk))[:MOST]
    verdicts = own_verdicts(membership=membership, records=ordered)
    return Group(
        columns=[
            Column(one, _fields(kept, one), _linked_to(one), verdicts.get(one.pk, []))
            for one in ordered
        ],
        kept=kept,
        questions=questions,
        is_cut=len(found) > MOST,
    )


def _linked_to(record: Record) -> int | None:
    links = [link for link in record.duplicate_links.all() if link.undone_at is None]
    return links[0].kept_id if links else None


def _fields(kept: Record, record: Record) -> list[tuple[str, Sequence[Piece]]]:
    rows: list[tuple[str, Sequence[Piece]]] = []
    for name, label in LABELS.items():
        mine, theirs = as_text(getattr(kept, name)), as_text(getattr(record, name))
        if mine and theirs:
            rows.append((label, mark_differences(mine, theirs)[1]))
        else:
            rows.append((label, [Piece(theirs, is_other=False)] if theirs else []))
    return rows


def sure_suggestions(*, review: Review, least: float) -> list[DuplicateSuggestion]:
    """Open questions of at least this likeness, the likeliest first.

    Left out is what no likeness can decide: a pair of which only one is a preprint, a notice, a
    registration or another special kind, and titles that name different numbers.

    Args:
        review: The review.
        least: The least score, 0 to 1.
    """
    rows = open_suggestions(review=review).filter(score__gte=least).order_by("-score", "pk")
    return [row for row in rows[:MANY] if not _is_never_sure(row)]


def _is_never_sure(row: DuplicateSuggestion) -> bool:
    return any(
        reason.get("agrees") is False
        and (reason.get("field") == "type" or "Numbers" in str(reason.get("text")))
        for reason in row.reasons
    )
