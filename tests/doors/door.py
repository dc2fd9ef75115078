"""What one row of the table is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from screening.rules.roles import Capability


@dataclass(frozen=True)
class Door:
    """One address and method; `data` is what it sends: a body, or the query of a GET of the API.

    The address's arguments are filled from `World.arguments` by their names (slug, record_id,
    report_id, study_id, ...); `fixed` gives those that are no object of the review (stage, n).
    An answer of 400 or 409 is a refusal of the content and not of the person, so it passes.
    """

    name: str
    capability: Capability
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


def first(model: type[Model]) -> Callable[[], int]:
    """The number of the first row of a table, looked up when the door is asked."""
    return lambda: model._default_manager.order_by("pk").values_list("pk", flat=True)[0]
