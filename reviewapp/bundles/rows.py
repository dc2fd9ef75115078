"""The rows of a review's tables as cells, with numbers instead of ids."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from reviewapp.bundles.belongs import (
    ARCHIVE_ACTIONS,
    AUDIT,
    BY_LABEL,
    BY_NAME,
    PEOPLE,
    TABLES,
    Belonging,
)
from reviewapp.bundles.cells import as_json, cell_of
from reviewapp.bundles.inner import turn_audited, turn_column, turn_target
from reviewapp.bundles.numbering import Numbering
from reviewapp.bundles.options import Options
from reviewapp.bundles.pseudonyms import Scrubber, pseudonym
from screening.models import AuditEvent, ImportBatch, Membership, Review, User
from screening.rules.bundles import Files

CHUNK = 500
NOT_HERE = "-"  # in place of a path: there is a file, but not in this bundle
ROW_KEYS = {"full_row", "subset_row"}
KEYED = {"e": "extraction_rows", "c": "consensus_rows"}


class Rows:
    """Everything of one review, read while its moment lasts."""

    def __init__(self, review: Review, options: Options) -> None:
        """Number every table and the people."""
        self.review, self.options = review, options
        self.people = _people(review)
        self._person = {user.pk: number for number, user in enumerate(self.people, start=1)}
        self.numberings = {
            table.name: Numbering(
                table.name, self.of(table).values_list("pk", flat=True).iterator()
            )
            for table in TABLES
        }
        self._keys = self._row_keys()
        self.paths: dict[str, str] = {}  # of stored files that go in: name to path in the bundle
        self.scrubber = Scrubber(self._names()) if options.has_pseudonyms else None

    def of(self, table: Belonging) -> "models.QuerySet[Any]":
        """The rows of a table that go in, in their order."""
        rows = table.model._base_manager.filter(**{table.path: self.review.pk})
        if table.name == AUDIT:
            rows = rows.exclude(action__in=ARCHIVE_ACTIONS)
        if table.name == "notes" and not self.options.has_private_notes:
            rows = rows.filter(is_private=False)
        if table.name == "full_text_pages" and self.options.files is Files.NONE:
            rows = rows.none()
        return rows.order_by("pk")

    def people_rows(self) -> Iterator[Sequence[str]]:
        """The people by number."""
        for number, user in enumerate(self.people, start=1):
            shown = pseudonym(number) if self.scrubber else (user.email, user.name)
            yield (str(number), *shown)

    def columns(self, table: Belonging) -> list[str]:
        """The head of a table's file."""
        names = ["id", *(field.name for field in table.fields)]
        return [*names, "chain"] if table.name == AUDIT else names

    def cells(self, table: Belonging) -> Iterator[list[str]]:
        """The rows of a table."""
        fields = table.fields
        names = [field.attname for field in fields]
        chain = ""
        for number, values in enumerate(self._values(table, names), start=1):
            known = dict(zip((field.name for field in fields), values, strict=True))
            row = [str(number), *(self._cell(table, f, known[f.name], known) for f in fields)]
            if table.name == AUDIT:
                chain = link(chain, row)
                row.append(chain)
            yield row

    def _values(self, table: Belonging, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The rows by their ids, some hundred at a time.

        Asked for all at once in their order, the database would sort whole rows, abstracts and
        all, in its memory.
        """
        ids = self.numberings[table.name].ids
        for start in range(0, len(ids), CHUNK):
            some = table.model._base_manager.filter(pk__in=ids[start : start + CHUNK].tolist())
            yield from some.order_by("pk").values_list(*names)

    def last_change(self) -> datetime:
        """When the last audited change was made, or the review."""
        times = self.of(BY_NAME[AUDIT]).values_list("created_at", flat=True)
        last: datetime | None = times.last()
        return last or self.review.created_at

    def turn(self, table: str, pk: int) -> int:
        """The number of an id; the negative of an id that leads to no row of the bundle."""
        if pk <= 0:
            return pk
        number = self._person.get(pk) if table == PEOPLE else self.numberings[table].number(pk)
        return -pk if number is None else number

    def row_key(self, key: str) -> str:
        """`e12` or `c5`, the row of an extraction or of a reconciliation that has this key."""
        return self._keys.get(key, key)

    def _cell(
        self, table: Belonging, field: "models.Field[Any, Any]", value: Any, row: dict[str, Any]
    ) -> str:
        if isinstance(field, models.ForeignKey):
            return self._reference(field, value)
        if isinstance(field, models.FileField):
            return self.paths.get(value, NOT_HERE) if value else ""
        if table.name == AUDIT and field.name in {"before", "after"}:
            value = turn_audited(self.turn, row["target_type"], value)
        elif table.name == AUDIT and field.name == "target_id":
            value = turn_target(self.turn, row["target_type"], value)
        elif field.name in ROW_KEYS:
            value = self.row_key(value)
        else:
            value = turn_column(self.turn, table.name, field.name, value)
        text = cell_of(field, value)
        return self.scrubber.cell(table.name, field.name, text) if self.scrubber else text

    def _reference(self, field: "models.ForeignKey[Any, Any]", pk: int | None) -> str:
        if pk is None:
            return ""
        label = field.related_model._meta.label_lower
        if field.related_model is User:
            return str(self._person[pk])
        return str(self.numberings[BY_LABEL[label].name].needed(pk))

    def _row_keys(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for letter, name in KEYED.items():
            keys = self.of(BY_NAME[name]).values_list("key", flat=True)
            found |= {key: f"{letter}{number}" for number, key in enumerate(keys, start=1)}
        return found

    def _names(self) -> Iterator[tuple[int, str, str]]:
        """Everybody by their name here, then by the names that imported files call them."""
        for number, user in enumerate(self.people, start=1):
            yield number, user.email, user.name
        members = Membership.objects.filter(review=self.review)
        users = dict(members.values_list("pk", "user_id"))
        for prior in ImportBatch.objects.filter(review=self.review).values_list("prior", flat=True):
            for alias, member in (prior or {}).get("people", {}).items():
                if member in users:
                    yield self._person[users[member]], "", alias


def link(previous: str, row: Sequence[str]) -> str:
    """The mark that chains an audit row to the one before: SHA-256 over both."""
    return hashlib.sha256(as_json([previous, *row]).encode()).hexdigest()


def _people(review: Review) -> list[User]:
    """Members in the order of their joining, then others in the order of what they did."""
    events = AuditEvent.objects.filter(review=review).exclude(action__in=ARCHIVE_ACTIONS)
    places: tuple[Iterable[int | None], ...] = (
        Membership.objects.filter(review=review).order_by("pk").values_list("user_id", flat=True),
        ImportBatch.objects.filter(review=review)
        .order_by("pk")
        .values_list("created_by_id", flat=True),
        events.order_by("pk").values_list("actor_id", flat=True),
    )
    wanted = dict.fromkeys(pk for ids in places for pk in ids if pk is not None)
    users = User.objects.in_bulk(list(wanted))
    return [users[pk] for pk in wanted]
