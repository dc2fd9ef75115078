"""Days in addresses: the moment a day ends, and the day a text names."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date


def end_of(day: date | None) -> datetime | None:
    """The first moment after a day; nothing for today and for no day, which mean now."""
    if day is None or day == timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)


def day_of(text: str) -> date | None:
    """The day that an address names; nothing for an empty text.

    Raises:
        ValueError: It is no day, or has not come yet; the message says so.
    """
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"“{text}” is no date; write it like 2026-11-22.")
    if day > timezone.localdate():
        raise ValueError(f"{text} has not come yet: choose today or an earlier day.")
    return day


def moment_asked(day: date | None) -> datetime | None:
    """The end of a day that a form or a program asks for.

    Raises:
        ValidationError: The day has not come.
    """
    if day is not None and day > timezone.localdate():
        raise ValidationError("This day has not come yet: choose today or an earlier one.")
    return end_of(day)
