"""Rows of a bundle as rows of this installation: numbers become ids, texts become values."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models

from extraction.models import ConsensusRow, ExtractionRow
from reviewapp.bundles.belongs import AUDIT, BY_LABEL, PEOPLE, Belonging
from reviewapp.bundles.cells import value_of
from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.inner import turn_audited, turn_column, turn_target
from reviewapp.bundles.numbering import Numbering
from reviewapp.bundles.reading import Bundle
from reviewapp.bundles.rows import NOT_HERE, ROW_KEYS
from screening.models import User

NOWHERE = "not-in-bundle"
KEYED: dict[str, type[models.Model]] = {"e": ExtractionRow, "c": ConsensusRow}
TABLE_OF_LETTER = {"e": "extraction_rows", "c": "consensus_rows"}


@dataclass(slots=True)
class Builder:
    """Builds model rows of one review out of cells.

    Attributes:
        bundle: Where stored files come from.
        review_id: The new review.
        people: Ids of accounts, by number from 1.
        numberings: Ids of the rows to be, by table.
        stored: Names of files that were stored so far, to be taken back on failure.
    """

    bundle: Bundle
    review_id: int
    people: Sequence[int]
    numberings: dict[str, Numbering]
    stored: list[str]

    def row(self, table: Belonging, number: int, cells: Sequence[str]) -> models.Model:
        """One row.

        Raises:
            BundleRefusedError: A cell holds what its column cannot; says which.
        """
        fields = table.fields
        if cells[0] != str(number):
            raise BundleRefusedError(
                f"tables/{table.name}.csv, row {number}: the id is {cells[0]!r}; rows are numbered "
                "from 1."
            )
        values: dict[str, Any] = {"pk": self.numberings[table.name].pk(number)}
        if any(field.name == "review" for field in table.model._meta.concrete_fields):
            values["review_id"] = self.review_id
        files = []
        for field, cell in zip(fields, cells[1:], strict=False):
            try:
                if isinstance(field, models.FileField):
                    files.append((field, cell))
                else:
                    values[field.attname] = self._value(table, field, cell)
            except (ValueError, KeyError, TypeError, RecursionError, ValidationError) as error:
                told = "; ".join(error.messages) if isinstance(error, ValidationError) else error
                raise BundleRefusedError(
                    f"tables/{table.name}.csv, row {number}, {field.name}: {told}."
                ) from error
        if table.name == AUDIT:
            _turn_audit(values, self.turn)
        built = table.model(**values)
        for field, cell in files:
            self._store(built, field, cell)
        return built

    def turn(self, table: str, number: int) -> int:
        """The id of a number; negative numbers stand for nothing and stay."""
        if number <= 0:
            return number
        if table == PEOPLE:
            if number > len(self.people):
                raise ValueError(f"there is no row {number} of {table}")
            return self.people[number - 1]
        found = self.numberings[table].pk(number)
        if found is None:
            raise ValueError(f"there is no row {number} of {table}")
        return found

    def _value(self, table: Belonging, field: "models.Field[Any, Any]", cell: str) -> Any:
        if isinstance(field, models.ForeignKey):
            return self._reference(field, cell)
        if "\x00" in cell:
            raise ValueError("a NUL character")
        value = value_of(field, cell)
        if field.name in ROW_KEYS:
            return self._row_key(value)
        if value is not None and not isinstance(field, models.JSONField | models.BinaryField):
            field.run_validators(value)
            known = field.flatchoices
            if known and value not in {key for key, _ in known} and value != "":
                raise ValueError(f"{value!r} is none of its choices")
        return turn_column(self.turn, table.name, field.name, value)

    def _reference(self, field: "models.ForeignKey[Any, Any]", cell: str) -> int | None:
        if not cell:
            if not field.null:
                raise ValueError("a row is needed and none is named")
            return None
        is_person = field.related_model is User
        table = PEOPLE if is_person else BY_LABEL[field.related_model._meta.label_lower].name
        if int(cell) < 1:
            raise ValueError(f"there is no row {cell} of {table}")
        return self.turn(table, int(cell))

    def _row_key(self, value: str) -> str:
        letter, number = value[:1], value[1:]
        if letter not in KEYED or not number.isdecimal():
            return value
        pk = self.turn(TABLE_OF_LETTER[letter], int(number))
        key: str = KEYED[letter]._base_manager.values_list("key", flat=True).get(pk=pk)
        return key

    def _store(self, row: models.Model, field: models.FileField, cell: str) -> None:
        if not cell:
            return
        if cell == NOT_HERE:
            setattr(row, field.attname, f"{NOWHERE}/{secrets.token_hex(8)}")
            return
        with self.bundle.open_file(cell) as packed:
            name = field.generate_filename(row, "upload")
            stored = default_storage.save(name, File(packed))
        self.stored.append(stored)
        setattr(row, field.attname, stored)


def _turn_audit(values: dict[str, Any], turn: Callable[[str, int], int]) -> None:
    target = values["target_type"]
    values["target_id"] = turn_target(turn, target, values["target_id"])
    for side in ("before", "after"):
        values[side] = turn_audited(turn, target, values[side])
