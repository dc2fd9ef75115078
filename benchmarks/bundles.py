"""Memory and time of a bundle of a large review: written, proved, taken in again.

    .venv/bin/python benchmarks/bundles.py [--records 50000]

Each step runs in a process of its own on a database in a temporary folder; the peak is what the
system counted for that process, with Django and pandas in it. Every record has a raw text and two
verdicts, a tenth a ruling.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEPS = ("seed", "start", "write", "verify", "import")
ABSTRACT = "Self-supervised learning of medical images with few labels and many of them. " * 18
CHUNK = 2000


def seed(records: int) -> None:
    """An empty database, then the review."""
    from django.core.management import call_command  # noqa: PLC0415 (after setup)

    from screening import models as tables  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    review = tables.Review.objects.create(slug="large", title="Large")
    for stage in ("title_abstract", "full_text"):
        tables.StageSettings.objects.create(review=review, stage=stage)
    people = [
        tables.Membership.objects.create(
            review=review,
            user=tables.User.objects.create_user(f"p{n}@example.org", None, name=f"Person {n}"),
            is_lead=not n,
            is_screener=True,
        )
        for n in range(2)
    ]
    source = tables.Source.objects.create(review=review, name="Seed", kind="database")
    batch = tables.ImportBatch.objects.create(
        review=review, source=source, original_name="x", sha256="0" * 64, size=1, file=""
    )
    for start in range(0, records, CHUNK):
        made = tables.Record.objects.bulk_create(
            tables.Record(
                review=review,
                source=source,
                batch=batch,
                position=n,
                fingerprint=str(n),
                title=f"Record number {n} of a large review",
                abstract=ABSTRACT,
                authors=["Moreau, A", "Okafor, B"],
                year=2021,
                raw_text=f"TY  - JOUR\nTI  - Record {n}\nAB  - {ABSTRACT}\nER  - ",
            )
            for n in range(start, min(start + CHUNK, records))
        )
        tables.Decision.objects.bulk_create(
            tables.Decision(
                record=record,
                reviewer=person,
                stage="title_abstract",
                verdict=("include", "exclude", "exclude")[(record.pk + place * (n % 10 == 0)) % 3],
            )
            for n, record in enumerate(made)
            for place, person in enumerate(people)
        )


def write(folder: Path) -> None:
    """The bundle itself."""
    from reviewapp.bundles.exporting import write_bundle  # noqa: PLC0415 (after setup)
    from reviewapp.bundles.options import Options  # noqa: PLC0415
    from screening.models import Review  # noqa: PLC0415

    told = write_bundle(Review.objects.get(), folder / "large.zip", Options())
    sys.stdout.write(f"{told.rows} rows, {told.size / 1e6:.0f} MB; ")


def verify(folder: Path) -> None:
    """Its own program, as `manage.py verify` runs it."""
    from reviewapp.bundles.verifying.__main__ import verify as proved  # noqa: PLC0415

    odd = sum(map(len, proved(folder / "large.zip").values()))
    sys.stdout.write(f"{odd} differences; ")


def take_in(folder: Path) -> None:
    """The bundle taken in beside the first."""
    from reviewapp.bundles.importing import import_bundle  # noqa: PLC0415 (after setup)

    import_bundle(folder / "large.zip", slug="twin")


def step(name: str, records: int) -> None:
    """One step, and what it took."""
    folder = Path(os.environ["REVIEWAPP_DATA_DIR"])
    sys.path[:0] = [str(HERE.parent)]
    if name != "verify":
        import django  # noqa: PLC0415 (settings first)

        django.setup()
    begin = time.monotonic()
    acts = {"seed": lambda: seed(records), "start": lambda: None, "write": lambda: write(folder)}
    acts |= {"verify": lambda: verify(folder), "import": lambda: take_in(folder)}
    acts[name]()
    took = time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{took:.1f} s, peak {peak:.0f} MiB\n")


def main() -> None:
    """All steps, each alone."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--keep", type=Path, help="a folder to work in, kept at the end")
    options = parser.parse_args()
    if options.step:
        step(options.step, options.records)
        return
    with tempfile.TemporaryDirectory() as folder:
        data = str(options.keep or folder)
        given = {"REVIEWAPP_DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "reviewapp.settings"}
        for name in STEPS:
            sys.stdout.write(f"{name}: ")
            sys.stdout.flush()
            command = [sys.executable, __file__, "--step", name, "--records", str(options.records)]
            subprocess.run(command, env=os.environ | given, check=True)


if __name__ == "__main__":
    main()
