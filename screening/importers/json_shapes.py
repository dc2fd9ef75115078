"""Parts of a JSON item in the shape a reader expects; what has another shape is kept and told."""

import json
from collections.abc import Mapping
from typing import Any

from screening.importers.draft import Draft

_EMPTY: Mapping[str, Any] = {}


def text_of(value: object) -> str:
    """Return a value as text.

    Args:
        value: Anything that JSON can hold.

    Returns:
        The text of a string or number, of a list that of its first element; else "".

    Source: own definition.
    """
    while isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None or isinstance(value, dict | bool) else str(value)


def shown(value: object) -> str:
    """Return a value as it stands in the file: a string plain, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def object_of(draft: Draft, item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object under a name.

    Args:
        draft: Takes what has another shape, with a warning.
        item: The object around it.
        name: Its name.

    Returns:
        The object; empty when there is none.

    Source: own definition.
    """
    value = item.get(name)
    if not value:
        return _EMPTY
    if isinstance(value, dict):
        return value
    _keep_strange(draft, name, value, "object")
    return _EMPTY


def list_of(draft: Draft, item: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list under a name; arguments and warning as for `object_of`."""
    value = item.get(name)
    if not value:
        return []
    if isinstance(value, list):
        return value
    _keep_strange(draft, name, value, "list")
    return []


def objects_of(draft: Draft, item: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of the list under a name; arguments and warning as for `object_of`."""
    values = list_of(draft, item, name)
    strange = [one for one in values if not isinstance(one, dict)]
    if strange:
        _keep_strange(draft, name, strange, "list of objects")
    return [one for one in values if isinstance(one, dict)]


def _keep_strange(draft: Draft, name: str, value: object, wanted: str) -> None:
    text = shown(value)
    draft.keep(name, text)
    draft.warn(f"{name!r} is no {wanted} here; it was kept as it stands.", text)
