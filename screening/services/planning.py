"""Keeping the planner of a team database up to date while a table grows quickly."""

from django.db import connection

from screening.models import Record

_FIRST = 500
_FACTOR = 2


def next_mark(done: int) -> int:
    """After how many rows the planner is told again: 500, 1,000, 2,000, ..."""
    mark = _FIRST
    while mark <= done:
        mark *= _FACTOR
    return mark


def tell_planner() -> None:
    """Renew what Postgres knows about the records; nothing to do elsewhere.

    Its own housekeeping comes once a minute. Until then it takes a grown table for a small one,
    and the next record, which stands first in an index, is sorted for among all of them: 390 ms
    instead of 0.6 at 50,000 records.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {connection.ops.quote_name(Record._meta.db_table)}")
