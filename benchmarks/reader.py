"""The reader beside the form: time to the first page, turning pages, searching, small pages.

    .venv/bin/python benchmarks/reader.py [--rounds 5]

Makes a data folder of its own with a review, a study and papers of 30 and 500 pages, and asks the
pages through Django's test client: the time is the server's whole work for a request, with no
network. "Cold" is without any drawn page and with a worker just started; "first page" is the
page with form and text layer and, after it, the picture.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (30, 500)


def main() -> None:
    """Measure and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="reader-") as folder:
        os.environ |= {"REVIEWAPP_DATA_DIR": folder, "ALLOWED_HOSTS": "testserver"}
        os.environ["LOG_LEVEL"] = "ERROR"
        sys.path.insert(0, str(ROOT))
        import benchmarks.django_here  # noqa: F401, PLC0415 after the folder is named

        results = {"load before": os.getloadavg()[0]}
        results |= {f"{pages} pages": _measured(pages, rounds) for pages in SIZES}
        print(json.dumps(results, indent=1))


def _measured(pages: int, rounds: int) -> dict[str, object]:
    """Median milliseconds of each step, and of the upload."""
    from django.test import Client  # noqa: PLC0415

    from screening.pdfs import shared_pool  # noqa: PLC0415
    from screening.selectors.full_texts import cache_folder  # noqa: PLC0415

    study, text, upload = _seed(pages)
    client = Client()
    client.force_login(study.extractions.get().extractor.user)
    base = f"/r/{study.review.slug}/extraction/studies/{study.pk}/extract/"
    pictures = f"/r/{study.review.slug}/extraction/full-texts/{text.pk}/pages/"
    part = {"HX-Request": "true"}

    def get(url: str, **headers: str) -> None:
        answer = client.get(url, headers=headers)
        if answer.status_code >= 400:  # noqa: PLR2004 no success
            raise SystemExit(f"{url}: {answer.status_code}")

    def clean() -> None:
        shutil.rmtree(cache_folder(), ignore_errors=True)

    def cold() -> None:
        clean()
        shared_pool().close()
        shared_pool().warm()
        time.sleep(0.5)  # started with the server, long before anybody clicks

    def open_first() -> None:
        get(base)
        get(f"{pictures}1/?scale=1.5")

    middle = pages // 2
    steps: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "first page, cold": (cold, open_first),
        "first page, drawn before": (lambda: None, open_first),
        "turn to a page, not drawn": (
            clean,
            lambda: (
                get(f"{base}page/?page={middle}", **part),
                get(f"{pictures}{middle}/?scale=1.5"),
            ),
        ),
        "small pages, the list": (lambda: None, lambda: get(f"{base}pages/", **part)),
        "one small page, not drawn": (clean, lambda: get(f"{pictures}{middle}/?scale=0.25")),
        "search, many places": (
            lambda: None,
            lambda: get(f"{base}page/?page={middle}&find=held-out+test", **part),
        ),
        "find candidates": (
            lambda: None,
            lambda: get(f"{base}candidates/?field=imaging_modality", **part),
        ),
    }
    found: dict[str, object] = {"upload, s": upload}
    for name, (before, step) in steps.items():
        times = [round(one) for one in _times(before, step, rounds)]
        found[name] = {"median ms": statistics.median(times), "worst": max(times)}
    return found


def _times(before: Callable[[], None], step: Callable[[], object], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        before()
        begun = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - begun))
    return times


def _seed(pages: int):  # noqa: ANN202 models are known only after the set-up
    """A study with an extraction and a paper of that many pages; and the seconds of its upload."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from extraction.schema.codec import to_json  # noqa: PLC0415
    from extraction.schema.templates import template  # noqa: PLC0415
    from extraction.services.extractions import start_extraction  # noqa: PLC0415
    from screening.rules.consensus import Stage, Verdict  # noqa: PLC0415
    from screening.services.full_texts import store_full_text  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415
    from tests.paper import make_paper  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    review = factories.make_review()
    factories.make_form(review, to_json(template("ssl_classification")))
    people = [factories.make_member(review, "screener", "extractor") for _ in range(2)]
    record = factories.make_record(review)
    for person in people:
        for stage in Stage:
            factories.make_decision(record, person, Verdict.INCLUDE, stage)
    report = factories.make_report(record)
    study = factories.make_study(review, report)
    start_extraction(membership=people[0], study=study)
    paper = SimpleUploadedFile("paper.pdf", make_paper(pages))
    begun = time.perf_counter()
    text = store_full_text(membership=people[0], report=report, upload=paper)
    return study, text, round(time.perf_counter() - begun, 2)


if __name__ == "__main__":
    main()
