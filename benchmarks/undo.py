"""How long people's decisions wait while a large import is undone.

    .venv/bin/python benchmarks/undo.py --records 50000
    DATABASE_URL=postgres://user@host/empty .venv/bin/python benchmarks/undo.py --records 50000

A process of its own undoes an import of made-up records; this one decides on other records of the
review all the while, four people in turn, with a rest between two decisions. The database is a new
one: SQLite in a folder that is thrown away, or the empty one that is named.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PEOPLE, REST = 4, 0.05


def main() -> None:
    """Measure and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        _undo()
        return
    with tempfile.TemporaryDirectory(prefix="undo-") as folder:
        os.environ["REVIEWAPP_DATA_DIR"] = folder
        os.environ["CELERY_BROKER_URL"] = "memory://"  # the work is done here
        _start_django()
        from django.core.management import call_command  # noqa: PLC0415  # once settings are read

        call_command("migrate", verbosity=0)
        _fill(options.records)
        print(json.dumps(_measured(), indent=1))


def _start_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "reviewapp.settings"
    import django  # noqa: PLC0415  # the settings read the data folder

    django.setup()


def _fill(number: int) -> None:
    from screening.models import (  # noqa: PLC0415  # as above
        ImportBatch,
        Membership,
        Record,
        Review,
        Source,
        StageSettings,
        User,
    )

    review = Review.objects.create(slug="undo", title="Undo")
    for stage in ("title_abstract", "full_text"):
        StageSettings.objects.create(review=review, stage=stage)
    for place in range(PEOPLE):
        user = User.objects.create_user(f"s{place}@example.org", name=f"S {place}")
        Membership.objects.create(review=review, user=user, is_lead=True, is_screener=True)
    for name, size in (("other", 20_000), ("large", number)):
        source = Source.objects.create(review=review, name=name, kind="database")
        batch = ImportBatch.objects.create(
            review=review, source=source, original_name=name, sha256="0" * 64, size=1
        )
        records = (
            Record(
                review=review,
                source=source,
                batch=batch,
                position=place,
                fingerprint=f"{place:064x}",
                title=f"Record {place} of {name}",
                abstract="word " * 190,
                raw_text="line\n" * 200,
            )
            for place in range(1, size + 1)
        )
        Record.objects.bulk_create(records, batch_size=1_000)


def _undo() -> None:
    _start_django()
    from screening.models import ImportBatch, Job, JobContext, Membership  # noqa: PLC0415  # as above
    from screening.services.import_undo import undo_import  # noqa: PLC0415
    from screening.tasks import HANDLERS  # noqa: PLC0415

    batch = ImportBatch.objects.get(original_name="large")
    membership = Membership.objects.select_related("review", "user").first()
    began, cpu = time.monotonic(), time.process_time()
    undo_import(membership=membership, batch=batch)
    for job in Job.objects.filter(kind="undo_import"):
        Job.objects.filter(pk=job.pk).update(state="running", owner="bench")
        job.refresh_from_db()
        HANDLERS[job.kind](JobContext(job))
    spent = {"seconds": round(time.monotonic() - began, 1)}
    print(json.dumps(spent | {"cpu": round(time.process_time() - cpu, 1)}))


def _measured() -> dict[str, object]:
    from screening.models import Membership, Record  # noqa: PLC0415  # as above
    from screening.rules.consensus import Stage  # noqa: PLC0415
    from screening.services.decisions import Answer, record_decision  # noqa: PLC0415

    members = list(Membership.objects.select_related("review", "user"))
    ids = Record.objects.filter(batch__original_name="other").values_list("pk", flat=True)
    todo = iter([(member, pk) for pk in ids for member in members[:2]])
    waits: list[float] = []

    def decide() -> None:
        member, pk = next(todo)
        began = time.monotonic()
        record_decision(
            membership=member,
            record_id=pk,
            stage=Stage.TITLE_ABSTRACT,
            answer=Answer(verdict="exclude"),
        )
        waits.append(time.monotonic() - began)
        time.sleep(REST)

    for _ in range(60):
        decide()
    before, waits[:] = _told(waits), []
    worker = subprocess.Popen(
        [sys.executable, __file__, "--worker"], stdout=subprocess.PIPE, text=True
    )
    while worker.poll() is None:
        decide()
    assert worker.stdout is not None  # noqa: S101  # for the type checker
    return {
        "database": os.environ.get("DATABASE_URL", "sqlite").partition(":")[0],
        "load": os.getloadavg()[0],
        "alone": before,
        "while undone": _told(waits),
        "undo": json.loads(worker.stdout.read() or "{}"),
        "left": Record.objects.filter(batch__original_name="large").count(),
    }


def _told(waits: list[float]) -> dict[str, object]:
    ordered = sorted(waits)
    shown = {
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[len(ordered) * 95 // 100],
        "most": ordered[-1],
    }
    return {"decisions": len(waits), **{name: round(1e3 * one) for name, one in shown.items()}}


if __name__ == "__main__":
    main()
