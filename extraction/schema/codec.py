"""Forms to JSON and back, with an error that names the place of every fault."""

import dataclasses
import types
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from extraction.schema.definition import (
    FormDefinition,
    FormInvalidError,
    FormProblem,
    FormSketch,
)

_MISSING = object()
_PARTS = tuple(item.name for item in dataclasses.fields(FormSketch))


def to_json(form: FormSketch) -> dict[str, Any]:
    """Write a form as JSON data.

    Args:
        form: Any form.

    Returns:
        Nested dicts, lists, texts and booleans; numbers are texts, so that no digit is lost;
        what equals its default is left out.

    Source:
        Own definition.
    """
    encoded: dict[str, Any] = _encode(form)
    return encoded


def from_json(data: object) -> FormDefinition:
    """Read a form from JSON data.

    Args:
        data: What `json.loads` returns for a document written by `to_json` or by hand.

    Returns:
        The checked form.

    Raises:
        FormInvalidError: With every fault of shape (unknown key, wrong type, missing value) and its
            path, e.g. `groups[1].fields[0].type`; when the shape is right, with every
            contradiction inside the form.

    Source:
        Own definition.
    """
    sketch = sketch_from_json(data)
    return FormDefinition(**{name: getattr(sketch, name) for name in _PARTS})


def sketch_from_json(data: object) -> FormSketch:
    """Read a form that may still contradict itself.

    Args:
        data: As for `from_json`.

    Returns:
        The form, right in shape.

    Raises:
        FormInvalidError: With every fault of shape and its path.

    Source:
        Own definition.
    """
    problems: list[FormProblem] = []
    form = _decode(FormSketch, data, "form", problems)
    if problems:
        raise FormInvalidError(problems)
    if not isinstance(form, FormSketch):  # pragma: no cover - decode answers with its type
        raise TypeError(f"expected a form, got {type(form).__name__}")
    return form


def _encode(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: _encode(getattr(value, item.name))
            for item in dataclasses.fields(value)
            if getattr(value, item.name) != _default(item)
        }
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def _default(item: "dataclasses.Field[Any]") -> object:
    if item.default is not dataclasses.MISSING:
        return item.default
    if item.default_factory is not dataclasses.MISSING:
        return item.default_factory()
    return _MISSING


def _decode(kind: Any, data: object, path: str, problems: list[FormProblem]) -> object:
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if data is None else _decode(inner, data, path, problems)
    if origin is tuple:
        return _decode_list(get_args(kind)[0], data, path, problems)
    if dataclasses.is_dataclass(kind):
        return _decode_object(kind, data, path, problems)
    return _decode_leaf(kind, data, path, problems)


def _decode_list(
    kind: object, data: object, path: str, problems: list[FormProblem]
) -> tuple[object, ...]:
    if not isinstance(data, list | tuple):
        problems.append(FormProblem(path, f"expected a list, got {_shown(data)}"))
        return ()
    return tuple(
        _decode(kind, item, f"{path}[{position}]", problems) for position, item in enumerate(data)
    )


def _decode_object(kind: Any, data: object, path: str, problems: list[FormProblem]) -> object:
    if not isinstance(data, Mapping):
        problems.append(FormProblem(path, f"expected an object, got {_shown(data)}"))
        return _MISSING
    before = len(problems)
    hints = get_type_hints(kind)
    items = {item.name: item for item in dataclasses.fields(kind)}
    problems.extend(
        FormProblem(f"{path}.{key}", "unknown; known are " + ", ".join(items))
        for key in data
        if key not in items
    )
    arguments: dict[str, object] = {}
    for name, item in items.items():
        if name in data:
            arguments[name] = _decode(hints[name], data[name], f"{path}.{name}", problems)
        elif _default(item) is _MISSING:
            problems.append(FormProblem(f"{path}.{name}", "is missing"))
    return kind(**arguments) if len(problems) == before else _MISSING


def _decode_leaf(kind: Any, data: object, path: str, problems: list[FormProblem]) -> object:
    if kind is Decimal:
        return _decode_number(data, path, problems)
    if isinstance(kind, type) and issubclass(kind, Enum):
        known = [member.value for member in kind]
        if data in known:
            return kind(data)
        problems.append(FormProblem(path, f"{_shown(data)} is none of {', '.join(known)}"))
        return _MISSING
    if isinstance(data, kind):
        return data
    words = {str: "a text", bool: "true or false"}
    problems.append(FormProblem(path, f"expected {words[kind]}, got {_shown(data)}"))
    return _MISSING


def _decode_number(data: object, path: str, problems: list[FormProblem]) -> Decimal | None:
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        try:
            number = Decimal(str(data))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    problems.append(FormProblem(path, f"expected a number, got {_shown(data)}"))
    return None


def _shown(data: object) -> str:
    return "nothing" if data is None else f"“{data}”" if isinstance(data, str) else repr(data)
