"""Queries whose SQL is worked out once: what is asked at every decision costs no building again.

Putting a nested queryset together costs some milliseconds of CPU, answering it a tenth of one. A
`Prepared` query keeps the text; each call only fills its slots in.
"""

from collections.abc import Callable
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, DateTimeField, Field, Value
from django.db.models.sql.compiler import SQLCompiler


class Slot(Value):
    """A place in a prepared query that every call fills anew."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        """Name the slot; it holds a whole number unless a field says otherwise."""
        super().__init__(name, output_field=output_field or BigIntegerField())

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """A plain placeholder; the slot itself stands among the parameters."""
        return "%s", [self]

    def filled(self, values: dict[str, Any], connection: Any) -> Any:
        """The value of this slot as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.value], connection)


def moment(name: str) -> Slot:
    """A slot for a point in time."""
    return Slot(name, DateTimeField())


def _plan_once(connection: Any, cursor: Any) -> None:
    """Let Postgres keep the plan, which takes it ten times as long to find as the answer.

    Django sends values inside the text, so that each text is planned anew. Where a pooler of
    transactions stands in between, a plan might be asked of a connection that has not made it:
    there `prepare_threshold` is not set, and nothing changes.
    """
    if connection.vendor != "postgresql" or connection.connection.prepare_threshold is None:
        return
    from django.db.backends.postgresql.base import ServerBindingCursor  # noqa: PLC0415 - psycopg

    binding: Any = ServerBindingCursor  # its stubs do not know psycopg's own arguments
    cursor.cursor.close()
    cursor.cursor = binding(connection.connection)


class Prepared:
    """A queryset of plain values (`values_list`) with slots, compiled at its first use.

    Args:
        build: Puts the queryset together; called once for each kind of database.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        """Keep the recipe."""
        self._build = build
        self._compiled: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask, with every slot filled.

        Raises:
            KeyError: A slot is not filled.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        sql, places = self._text(connection.vendor)
        filled = [
            place.filled(values, connection) if isinstance(place, Slot) else place
            for place in places
        ]
        with connection.cursor() as cursor:
            _plan_once(connection, cursor)
            cursor.execute(sql, filled)
            return cast("list[tuple[Any, ...]]", cursor.fetchall())

    def row(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found = self.rows(**values)
        return found[0] if found else None

    def _text(self, vendor: str) -> tuple[str, tuple[Any, ...]]:
        if vendor not in self._compiled:
            compiler = self._build().query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, places = compiler.as_sql()
            self._compiled[vendor] = (sql, tuple(places))
        return self._compiled[vendor]
