"""What must be true of a database before the app lays its tables there."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def speaks_utf8(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """A Postgres made in a house without a language has no letters beyond ASCII."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
        if encoding != "UTF8":
            name = connection.settings_dict["NAME"]
            found.append(
                Error(
                    f"The database {name} has the encoding {encoding}, which cannot hold every "
                    "letter that records have.",
                    hint=f"Make it anew: CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C.UTF-8' "
                    "TEMPLATE template0",
                    id="reviewapp.E001",
                )
            )
    return found
