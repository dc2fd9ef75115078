"""Rows as lines of JSON, the same on both databases, so that their hashes can be compared."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from django.apps.registry import Apps
from django.db import models
from django.utils.encoding import force_bytes

OWN_APPS = ("screening", "extraction", "analytics", "reviewapp")
#: Django's own rights, which this app never gives; their ids differ between installations.
LEFT_OUT = {"screening.user_groups", "screening.user_user_permissions"}
CHUNK = 500
Fields = dict[str, "models.Field[Any, Any]"]


@dataclass(frozen=True, slots=True)
class TableSum:
    """What a table held: number of rows and the SHA-256 of its lines."""

    rows: int
    sha256: str


def models_of(apps: Apps) -> list[type[models.Model]]:
    """Every table of the app's own, in a fixed order; of any state of the schema."""
    found = [
        model
        for label in OWN_APPS
        if label in apps.app_configs
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    kept = [model for model in found if model._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.label_lower)


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    """The rows of a table as JSON lines in the order of their keys."""
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        yield (json.dumps(values, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write_table(model: type[models.Model], out: IO[bytes]) -> TableSum:
    """Write a table's lines and say what they were."""
    return _summed(model, out)


def sum_of(model: type[models.Model]) -> TableSum:
    """What the table holds now."""
    return _summed(model, None)


def load_table(model: type[models.Model], lines: Iterable[bytes]) -> None:
    """Insert the rows of a table as they were, with their keys.

    Raises:
        ValueError: A line has other columns than the table.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    left = iter(lines)
    while chunk := list(islice(left, CHUNK)):
        model._base_manager.bulk_create([_row(model, fields, line) for line in chunk])


def _row(model: type[models.Model], fields: Fields, line: bytes) -> models.Model:
    values = json.loads(line)
    if values.keys() != fields.keys():
        odd = ", ".join(sorted(values.keys() ^ fields.keys()))
        raise ValueError(f"rows of {model._meta.label} have other columns: {odd}.")
    return model(**{name: _value(fields[name], value) for name, value in values.items()})


def _summed(model: type[models.Model], out: IO[bytes] | None) -> TableSum:
    digest, count = hashlib.sha256(), 0
    for line in lines_of(model):
        digest.update(line)
        count += 1
        if out:
            out.write(line)
    return TableSum(count, digest.hexdigest())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()  # to the microsecond, which Django's own encoder cuts off
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(force_bytes(value)).decode()
    return value


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return (field.target_field if isinstance(field, models.ForeignKey) else field).to_python(value)
