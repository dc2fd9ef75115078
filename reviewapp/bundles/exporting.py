"""Writes a bundle: everything of one review, of one moment, in one open file."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import models

from reviewapp.backups.snapshot import one_moment
from reviewapp.bundles import about
from reviewapp.bundles.belongs import PEOPLE, TABLES, Belonging
from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.options import Options
from reviewapp.bundles.packing import Packing
from reviewapp.bundles.program import program_files
from reviewapp.bundles.results import write_results
from reviewapp.bundles.rows import Rows
from reviewapp.bundles.schema import schema
from reviewapp.bundles.telling import Progress
from reviewapp.whole_file import whole_file
from screening.models import Note, Review
from screening.rules.bundles import Files

BLOCK = 1024 * 1024
#: Which table's stored files go in under which choice, with their folder and ending.
STORED = {
    "full_texts": (Files.FULL_TEXTS, "files/full-texts", ".pdf"),
    "import_batches": (Files.ALL, "files/imports", ""),
    "sheet_imports": (Files.ALL, "files/sheets", ""),
    "batch_pdfs": (Files.ALL, "files/uploaded-pdfs", ".pdf"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a bundle came to.

    Attributes:
        content_sha256: The hash over all that does not depend on when it was made.
        rows: How many rows all tables have.
        files: How many stored files went in.
        missing: Rows whose file the storage does not have, in words.
        size: Bytes of the bundle.
    """

    content_sha256: str
    rows: int
    files: int
    missing: tuple[str, ...]
    size: int


def write_bundle(
    review: Review,
    target: Path,
    options: Options,
    progress: Progress = lambda *_: None,
) -> Written:
    """Write a bundle; the target appears only when it is complete.

    Args:
        review: The review.
        target: The file to make; one that exists is replaced.
        options: What goes in by choice.
        progress: Told tables done, tables in all and a sentence; may raise to stop the work.

    Returns:
        What was written.

    Raises:
        BundleRefusedError: The folder cannot be written, or rows of the review do not fit together.
    """
    with (
        whole_file(target, BundleRefusedError) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        written = _fill(Packing(archive), review, options, progress)
    content, rows, files, missing = written
    return Written(content, rows, files, tuple(missing), target.stat().st_size)


def _fill(
    packing: Packing, review: Review, options: Options, progress: Progress
) -> tuple[str, int, int, list[str]]:
    total = len(TABLES) + 2
    with one_moment():
        review.refresh_from_db()
        rows = Rows(review, options)
        missing = _pack_files(packing, rows)
        counts = {f"tables/{PEOPLE}.csv": packing.add_table(
            f"tables/{PEOPLE}.csv", ("id", "email", "name"), rows.people_rows()
        )}  # fmt: skip
        for done, table in enumerate(TABLES):
            progress(done, total, f"Writing {table.name.replace('_', ' ')}")
            path = f"tables/{table.name}.csv"
            counts[path] = packing.add_table(path, rows.columns(table), rows.cells(table))
        progress(len(TABLES), total, "Computing the results")
        counts |= write_results(packing, rows)
        made = _made(review, options, missing)
        day = rows.last_change().astimezone(UTC).date().isoformat()
        chain = [] if options.has_pseudonyms else about.chain_lines(review)
        with packing.member(about.CHAIN) as out:
            out.writelines(chain)
    progress(total - 1, total, "Writing the manifest")
    packing.add("schema.json", about.pretty(schema()))
    for name, content in program_files():
        packing.add(name, content)
    kept = {path: one for path, one in packing.packed.items() if not path.startswith(about.ABOUT)}
    words = {f"tables/{table.name}.csv": table.about for table in TABLES}
    packing.add(about.CRATE, about.crate(review.title, day, kept, words))
    packing.add(about.MADE, about.pretty(made))
    digest = about.content_sha256(packing.packed)
    packing.add(about.MANIFEST, about.manifest(packing.packed, counts))
    files = len(rows.paths)
    progress(total, total, "Done")
    return digest, sum(counts.values()), files, missing


def _made(review: Review, options: Options, missing: list[str]) -> dict[str, object]:
    private = Note.objects.filter(record__review=review, is_private=True).count()
    return {
        "made_at": datetime.now(UTC).isoformat(),
        "slug": review.slug,
        "options": about.as_plain(options),
        "audit_head": about.head_of_chain(review),
        "private_notes_left_out": 0 if options.has_private_notes else private,
        "missing_files": missing,
    }


def _pack_files(packing: Packing, rows: Rows) -> list[str]:
    """Stored files under their hashes; the same content twice is stored once."""
    missing = []
    chosen = rows.options.files
    for table in TABLES:
        least, folder, ending = STORED.get(table.name, (None, "", ""))
        if least is None or chosen is Files.NONE or (least is Files.ALL and chosen is not least):
            continue
        for number, name in _stored_names(rows, table):
            path = _pack_file(packing, name, folder, ending)
            if path:
                rows.paths[name] = path
            else:
                missing.append(f"the file of row {number} of {table.name}")
    return missing


def _stored_names(rows: Rows, table: Belonging) -> Iterator[tuple[int, str]]:
    column = next(f.name for f in table.fields if isinstance(f, models.FileField))
    names = rows.of(table).values_list(column, flat=True)
    for number, name in enumerate(names.iterator(), start=1):
        if name:
            yield number, name


def _pack_file(packing: Packing, name: str, folder: str, ending: str) -> str | None:
    digest = digest_of(name)
    if digest is None:
        return None
    path = f"{folder}/{digest}{ending}"
    if path not in packing.packed:
        with default_storage.open(name) as stored, packing.member(path) as out:
            while block := stored.read(BLOCK):
                out.write(block)
    return path


def digest_of(name: str) -> str | None:
    """SHA-256 of a stored file, None when it is missing."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as stored:
            while block := stored.read(BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
