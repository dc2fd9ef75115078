"""What was asked of an endpoint, as the forms of the pages read it."""

from typing import Any

from django.http import QueryDict


def as_query(given: dict[str, Any]) -> QueryDict:
    """What was asked, in the shape that the forms of the pages read."""
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in given.items() if value is not None})
    return query
