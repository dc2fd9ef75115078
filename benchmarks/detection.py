"""What 1,000 new records cost in a review of 50,000: the whole answer, written by the service.

    .venv/bin/python benchmarks/detection.py DATA_DIR [--known 50000] [--new 1000]

DATA_DIR holds one folder per set with `records.csv` and `groups.csv`; the large set is made of
them as in `dedup.py` and shuffled. Runs on a database of its own in a temporary folder. The new
records come in a second import; the groups must be those of one run over all.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

if TYPE_CHECKING:
    from screening.dedup import DedupRecord
    from screening.models import Review


def start(folder: str) -> None:
    """Make an empty database in a folder."""
    os.environ["REVIEWAPP_DATA_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    import django  # noqa: PLC0415 (settings first)
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def bring(review: "Review", rows: Sequence["DedupRecord"], name: str) -> None:
    """Store rows as one import."""
    from screening.models import ImportBatch, Record, Source  # noqa: PLC0415 (after setup)

    source = Source.objects.create(review=review, name=name, kind="database")
    batch = ImportBatch.objects.create(
        review=review, source=source, original_name=name, sha256=name, size=1, file="none"
    )
    records = (
        Record(
            review=review,
            source=source,
            batch=batch,
            position=place,
            title=row.title,
            abstract=row.abstract,
            authors=list(row.authors),
            year=row.year,
            venue=row.venue,
            volume=row.volume[:100],
            issue=row.issue[:100],
            pages=row.pages[:100],
            doi=row.doi[:300],
            record_type=row.type,
            raw_text=row.title,
            fingerprint=row.id,
        )
        for place, row in enumerate(rows, start=1)
    )
    Record.objects.bulk_create(records, batch_size=500)


def timed(review: "Review", words: str, *, is_afresh: bool = False) -> set[frozenset[int]]:
    """Look for duplicates, say what it cost, give the groups."""
    from screening.selectors.duplicates import groups  # noqa: PLC0415 (after setup)
    from screening.services.detection import detect_duplicates  # noqa: PLC0415

    cpu, clock = time.process_time(), time.monotonic()
    detect_duplicates(review=review, is_afresh=is_afresh)
    spent = time.process_time() - cpu
    found = {frozenset(group) for group in groups(review=review)}
    linked = sum(len(group) - 1 for group in found)
    print(
        f"{words}: {spent:.2f} CPU s, {time.monotonic() - clock:.2f} s, {linked} linked", flush=True
    )
    return found


def main() -> None:
    """Print what the first run, the new records and a run over all cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--known", type=int, default=50_000)
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--afresh", action="store_true", help="compare with one run over all")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        from dedup import write_scaled  # noqa: PLC0415 (the sibling module)

        from screening.dedup.reading import read_csv  # noqa: PLC0415 (after setup)
        from screening.models import Review  # noqa: PLC0415

        table = Path(folder) / "scaled.csv"
        write_scaled(options.data, options.known + options.new, table)
        rows = list(read_csv(table))
        random.Random(1).shuffle(rows)  # noqa: S311
        review = Review.objects.create(slug="large", title="Large")
        bring(review, rows[: options.known], "known")
        timed(review, f"{options.known} at once")
        bring(review, rows[options.known :], "new")
        del rows
        found = timed(review, f"{options.new} new ones")
        timed(review, "nothing new")
        if options.afresh:
            same = found == timed(review, "all afresh", is_afresh=True)
            print("same groups" if same else "OTHER GROUPS")
            sys.exit(not same)


if __name__ == "__main__":
    main()
