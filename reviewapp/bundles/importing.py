"""Takes a bundle in as a new review, or leaves nothing behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import cast

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import validate_slug
from django.db import DatabaseError, connection, models, transaction

from extraction.models import ExtractionForm
from extraction.schema.definition import FormDefinition
from extraction.selectors.forms import definition_of
from reviewapp.bundles.belongs import AUDIT, PEOPLE, TABLES, Belonging
from reviewapp.bundles.building import Builder
from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.numbering import Numbering
from reviewapp.bundles.reading import Bundle
from reviewapp.bundles.rows import link
from screening.models import AuditEvent, Membership, Review, StageSettings, User
from screening.rules.consensus import Stage

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in.

    Attributes:
        review: The new review.
        rows: How many rows of all tables.
        files: How many stored files.
        known: People who have an account here already, matched by their address.
        made: People for whom an account without a way in was made.
    """

    review: Review
    rows: int
    files: int
    known: int
    made: int


def import_bundle(path: Path, *, slug: str = "", lead: User | None = None) -> Imported:
    """Recreate a review out of a bundle.

    Args:
        path: The bundle.
        slug: The address of the new review; empty for the one it had.
        lead: An account that leads the new review from now on, whoever is a member of it.

    Returns:
        What came in. Ids are new; everything else is as it was.

    Raises:
        BundleRefusedError: The bundle is damaged, hostile or does not fit; nothing was kept.
    """
    stored: list[str] = []
    try:
        with Bundle(path) as bundle, transaction.atomic():
            return _Import(bundle, _free_slug(slug or bundle.slug), stored).run(lead)
    except (DatabaseError, ValidationError, OverflowError) as error:
        _take_back(stored)
        raise BundleRefusedError(
            f"The rows of the bundle contradict each other, so nothing was taken in: {error}"
        ) from error
    except BaseException:
        _take_back(stored)
        raise


def _take_back(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _free_slug(slug: str) -> str:
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise BundleRefusedError("Say with --slug which address the review gets.") from error
    if Review.objects.filter(slug=slug).exists():
        raise BundleRefusedError(
            f"There is a review {slug} here already. Give the new one another address: --slug NEW."
        )
    return slug


class _Import:
    """One import inside its transaction."""

    def __init__(self, bundle: Bundle, slug: str, stored: list[str]) -> None:
        self.bundle, self.slug = bundle, slug
        self.numberings = {
            table.name: Numbering(table.name, _new_ids(table.model, bundle.rows_of(table.name)))
            for table in TABLES
        }
        if len(self.numberings["review"]) != 1:
            raise BundleRefusedError("tables/review.csv has to hold one review.")
        people, self.known, self.made = self._people()
        review_id = cast("int", self.numberings["review"].pk(1))
        self.builder = Builder(bundle, review_id, people, self.numberings, stored)

    def run(self, lead: User | None) -> Imported:
        """Insert every table, look whether it fits together, and note it."""
        for table in TABLES:
            if table.name == AUDIT:
                self._audit(table)
            else:
                self._table(table)
        connection.check_constraints()
        review = Review.objects.get(pk=self.builder.review_id)
        _check_sense(review)
        AuditEvent.objects.append(
            action="bundle.imported",
            target=review,
            review=review,
            after={"content_sha256": self.bundle.content_sha256},
        )
        if lead is not None:
            _appoint(review, lead)
        rows = sum(map(len, self.numberings.values()))
        return Imported(review, rows, len(self.builder.stored), self.known, self.made)

    def _people(self) -> tuple[list[int], int, int]:
        found, made = [], 0
        for number, email, name in self.bundle.table(PEOPLE, ("id", "email", "name")):
            address = email.strip().lower()
            user = User.objects.filter(email=address).first()
            if user is None:
                try:
                    user = User.objects.create_user(address, name=name, is_active=False)
                except ValidationError as error:
                    told = "; ".join(error.messages)
                    raise BundleRefusedError(f"tables/people.csv, row {number}: {told}") from error
                made += 1
            found.append(user.pk)
        if len(set(found)) != len(found):
            raise BundleRefusedError("tables/people.csv names somebody twice.")
        return found, len(found) - made, made

    def _table(self, table: Belonging) -> None:
        columns = ["id", *(field.name for field in table.fields)]
        built = (
            self._named(self.builder.row(table, number, cells))
            for number, cells in enumerate(self.bundle.table(table.name, columns), start=1)
        )
        while chunk := list(islice(built, CHUNK)):
            table.model._base_manager.bulk_create(chunk)

    def _named(self, row: models.Model) -> models.Model:
        if isinstance(row, Review):
            row.slug = self.slug
        return row

    def _audit(self, table: Belonging) -> None:
        """The trail as it was told, chained anew with the ids of this installation."""
        events = self._events(table)
        while chunk := list(islice(events, CHUNK)):
            AuditEvent.objects.bulk_create(chunk)

    def _events(self, table: Belonging) -> Iterator[AuditEvent]:
        columns = ["id", *(field.name for field in table.fields), "chain"]
        chain = previous = ""
        for number, cells in enumerate(self.bundle.table(table.name, columns), start=1):
            chain = link(chain, cells[:-1])
            if chain != cells[-1]:
                raise BundleRefusedError(
                    f"tables/{AUDIT}.csv, row {number}: the chain is broken; this row or one "
                    "before it was changed."
                )
            event = cast("AuditEvent", self.builder.row(table, number, cells[:-1]))
            event.previous_hash = previous
            event.hash = previous = event.computed_hash()
            yield event


def _new_ids(model: type[models.Model], count: int) -> Iterator[int]:
    """Ids that nobody has and nobody will get, rising."""
    if not count:
        return iter(())
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return iter(sorted(pk for (pk,) in cursor.fetchall()))
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        first = int(cursor.fetchone()[0]) + 1
    return iter(range(first, first + count))


def _check_sense(review: Review) -> None:
    """What the app relies on beside its constraints."""
    stages = set(StageSettings.objects.filter(review=review).values_list("stage", flat=True))
    if stages != {stage.value for stage in Stage}:
        raise BundleRefusedError("tables/stages.csv has to hold each stage once.")
    for form in ExtractionForm.objects.filter(review=review):
        try:
            definition: FormDefinition = definition_of(form)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleRefusedError(
                f"tables/forms.csv: version {form.version} is no extraction form: {error}"
            ) from error
        del definition


def _appoint(review: Review, lead: User) -> None:
    member, _ = Membership.objects.get_or_create(
        review=review, user=lead, defaults={"is_lead": True}
    )
    member.is_lead, member.deactivated_at = True, None
    member.save()
    AuditEvent.objects.append(
        action="member.appointed", target=member, review=review, after={"roles": ["lead"]}
    )
