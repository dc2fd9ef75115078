"""How fast records are decided, and when that ends."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PAUSE = timedelta(minutes=10)  # a longer gap between two verdicts is no work
LEAST_GAPS = 5
WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast verdicts come, and what is left.

    Attributes:
        left: Verdicts that are left.
        per_hour: Verdicts in an hour of work; None before enough were given in a row.
        per_day: Verdicts a day over the last days, days without work too; None without any.
        today: The day it is told.
    """

    left: int
    per_hour: float | None
    per_day: float | None
    today: date

    @property
    def hours_left(self) -> float | None:
        """Hours of work until nothing is left; None when the pace is not known."""
        return self.left / self.per_hour if self.per_hour else None

    @property
    def ends_on(self) -> date | None:
        """The day on which nothing is left if it goes on like this; None when not known."""
        if not self.left or not self.per_day:
            return None
        days = self.left / self.per_day
        return self.today + timedelta(days=round(days)) if days < 20 * 365 else None


def pace_of(times: Sequence[datetime], *, left: int, now: datetime) -> Pace:
    """Work the pace out.

    Args:
        times: When verdicts were given, with time zone, in any order.
        left: How many verdicts are left, 0 or more.
        now: The present moment, with time zone.

    Returns:
        The pace: an hour of work holds the gaps of at most `PAUSE` between verdicts; a day counts
        from the first verdict within `WINDOW` on.

    Source:
        Own definition.
    """
    ordered = sorted(times)
    gaps = [after - before for before, after in itertools.pairwise(ordered)]
    worked = [gap for gap in gaps if gap <= PAUSE]
    hours = sum(worked, timedelta()) / timedelta(hours=1)
    per_hour = len(worked) / hours if len(worked) >= LEAST_GAPS and hours > 0 else None
    recent = [one for one in ordered if now - one <= WINDOW]
    days = max(1.0, (now - recent[0]) / timedelta(days=1)) if recent else 0
    return Pace(left, per_hour, len(recent) / days if recent else None, now.date())
