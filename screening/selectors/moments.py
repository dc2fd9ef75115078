"""What stood at a moment: rows that existed then and were not yet undone or replaced."""

from datetime import datetime

from django.db.models import Q


def existing(as_of: datetime | None, prefix: str = "") -> Q:
    """Rows made at the moment or before; everything for now."""
    return Q() if as_of is None else Q(**{f"{prefix}created_at__lte": as_of})


def standing(as_of: datetime | None, end: str) -> Q:
    """Rows that stood at the moment: made by then, and not yet ended (`end` names the column)."""
    return existing(as_of) & not_ended(as_of, end)


def not_ended(as_of: datetime | None, end: str) -> Q:
    """Rows that nothing had ended by the moment, whenever they were made."""
    never = Q(**{f"{end}__isnull": True})
    return never if as_of is None else never | Q(**{f"{end}__gt": as_of})
