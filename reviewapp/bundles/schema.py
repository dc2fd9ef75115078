"""The documented schema of a bundle, made from the models so that it cannot lag behind them."""

from typing import Any

from django.db import models

from reviewapp.bundles.belongs import AUDIT, BY_LABEL, LEFT_OUT, PEOPLE, TABLES, Belonging
from reviewapp.bundles.cells import is_text
from screening.models import User

VERSION = 1
KINDS: tuple[tuple[type, str], ...] = (
    (models.JSONField, "JSON"),
    (models.BinaryField, "base64"),
    (models.BooleanField, "true or false"),
    (models.DateTimeField, "time (ISO 8601, UTC)"),
    (models.DateField, "date (ISO 8601)"),
    (models.FloatField, "number"),
    (models.FileField, "path in the bundle; - for a file that is not in it"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)


def schema() -> dict[str, Any]:
    """Every table with its columns, for `schema.json`."""
    people = {"id": "number", "email": "text", "name": "text"}
    return {
        "version": VERSION,
        "rules": [
            "CSV by RFC 4180, UTF-8, CRLF; an empty cell is a missing value or an empty text.",
            "A cell that starts with ' has one ' too many: it keeps spreadsheets from taking the "
            "text for a formula.",
            "Rows are numbered from 1 in each table; a column that names a table holds such "
            "numbers. A negative number stands for a row that is gone or outside of the bundle.",
            "In audit_events the column chain is the SHA-256 of the JSON list of the chain before "
            "it and all cells of the row.",
            "e12 and c5 name rows of extraction_rows and consensus_rows.",
        ],
        "tables": {
            PEOPLE: {"about": "A person.", "columns": people},
            **{table.name: _table(table) for table in TABLES},
        },
        "left_out": dict(LEFT_OUT),
    }


def _table(table: Belonging) -> dict[str, Any]:
    columns = {"id": "number", **{field.name: _kind(field) for field in table.fields}}
    if table.name == AUDIT:
        columns["chain"] = "text"
    return {"about": table.about, "columns": columns, "left_out": sorted(table.left_out)}


def _kind(field: "models.Field[Any, Any]") -> str:
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        name = PEOPLE if target is User else BY_LABEL[target._meta.label_lower].name
        return f"number in {name}" + (", or empty" if field.null else "")
    kind = next((words for base, words in KINDS if isinstance(field, base)), "whole number")
    return kind + (", or empty" if field.null and not is_text(field) else "")
