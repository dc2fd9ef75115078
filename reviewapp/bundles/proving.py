"""Proves a review where it lives: its bundle by its own program, its files by their rows."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import models

from reviewapp.bundles.belongs import TABLES, Belonging
from reviewapp.bundles.building import NOWHERE
from reviewapp.bundles.exporting import STORED, digest_of, write_bundle
from reviewapp.bundles.options import Options
from reviewapp.bundles.verifying.__main__ import verify
from reviewapp.bundles.verifying.held import Difference
from screening.models import RankingVectors, Review
from screening.selectors.bundles import bundles_of

FOLDERS = ("full-texts", "imports", "extraction-sheets", "pdf-batches", "rankings", "bundles")


def prove(review: Review) -> dict[str, list[Difference]]:
    """Recompute everything from the raw rows, follow the audit chain, look at every stored file.

    Args:
        review: The review.

    Returns:
        By check, each difference.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.zip"
        write_bundle(review, path, Options())
        found = verify(path)
    return {**found, "storage": list(_differing_storage(review))}


def _differing_storage(review: Review) -> Iterator[Difference]:
    """Stored files that are missing, changed, or that no row names."""
    vectors = RankingVectors.objects.filter(review=review)
    known = set(vectors.values_list("file", flat=True))
    known |= {bundle.file for bundle in bundles_of(review)}
    for table in TABLES:
        if table.name not in STORED:
            continue
        for row, name, told in _told_files(table, review):
            known.add(name)
            if name.startswith(f"{NOWHERE}/"):
                continue  # it came without its files
            found = digest_of(name)
            where = f"{table.name}, row with id {row}"
            if found is None:
                yield Difference("missing file", where, name, "not there")
            elif told and found != told:
                yield Difference("changed file", where, told, found)
    for folder in FOLDERS:
        for name in _stored_in(f"{folder}/{review.pk}"):
            if name not in known:
                yield Difference("orphan file", name, "named by a row", "named by none")


def _told_files(table: Belonging, review: Review) -> Iterator[tuple[int, str, str]]:
    fields = {field.name for field in table.fields}
    column = next(field.name for field in table.fields if isinstance(field, models.FileField))
    rows = table.model._base_manager.filter(**{table.path: review.pk}).exclude(**{column: ""})
    names = ("pk", column, *(["sha256"] if "sha256" in fields else []))
    for row, name, *told in rows.order_by("pk").values_list(*names).iterator():
        yield row, str(name), told[0] if told else ""


def _stored_in(folder: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from _stored_in(f"{folder}/{inner}")
