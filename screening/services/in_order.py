"""What lists that a lead keeps in order share: looked up, named once, moved by one place."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError

from screening.models import Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability


class Listed(Protocol):
    """A row of such a list."""

    pk: Any
    position: Any


Row = TypeVar("Row", bound=Listed)


def lock_lists(lead: Membership) -> None:
    """Let one change of a review's lists happen at a time.

    Raises:
        PermissionDenied: Only a lead may.
    """
    require(lead, Capability.MANAGE)
    Review.objects.select_for_update().get(pk=lead.review_id)


def found_in(rows: Sequence[Row], row: Listed, missing: str) -> Row:
    """The row as the database holds it.

    Args:
        rows: The list.
        row: The one that is meant.
        missing: What is said when it is not in the list.

    Raises:
        ValidationError: It is not.
    """
    found = next((one for one in rows if one.pk == row.pk), None)
    if found is None:
        raise ValidationError(missing, code="not_here")
    return found


def last_position(rows: Iterable[Listed]) -> int:
    """The position behind which a new row comes; 0 in an empty list."""
    return max((int(one.position) for one in rows), default=0)


def free_words(
    words: str, rows: Iterable[Row], row: Listed, *, empty: str
) -> tuple[str, Row | None]:
    """Words with single spaces, and the other row that says the same already, in any case.

    Args:
        words: What was written.
        rows: The list.
        row: The one that is to say so.
        empty: What is said when nothing was written.

    Raises:
        ValidationError: Nothing was written.
    """
    words = " ".join(words.split())
    if not words:
        raise ValidationError(empty)
    others = (one for one in rows if one.pk != row.pk)
    return words, next((one for one in others if str(one).casefold() == words.casefold()), None)


def swapped(rows: Sequence[Row], row: Listed, *, is_up: bool) -> list[Row] | None:
    """The rows with one of them a place higher or lower; None when it stands at the end."""
    order = list(rows)
    place = next(at for at, one in enumerate(order) if one.pk == row.pk)
    to = place - 1 if is_up else place + 1
    if not 0 <= to < len(order):
        return None
    order[place], order[to] = order[to], order[place]
    return order


def number(rows: Iterable[Listed]) -> None:
    """Give rows their positions, from 1; the caller saves them."""
    for position, one in enumerate(rows, start=1):
        one.position = position
