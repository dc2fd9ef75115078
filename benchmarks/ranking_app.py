"""The order by relevance in the running app: an import, then decisions over HTTP.

    nice -n 0 .venv/bin/python benchmarks/ranking_app.py --records 10000 --decisions 60
    .venv/bin/python benchmarks/ranking_app.py --records 24000 --decisions 60 --screeners 10

Starts `manage.py up` on a data folder of its own, imports made-up records through a worker, then
lets screeners decide as the page does: POST a verdict (the answer holds the next record), load
one ahead, think. Times are those of the whole request on this machine, so they hold the server's.
"""

import argparse
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "benchmark-only-9271"  # noqa: S105  # of accounts in a folder that is thrown away
RELEVANT = ("contrastive", "pretraining", "radiograph", "transformer", "unlabelled")
PAGE = "/r/speed/screening/title-abstract/"


def main() -> None:
    """Measure and print one JSON document."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ranking-app-") as folder:
        os.environ["REVIEWAPP_DATA_DIR"] = folder
        command = [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(options.port)]
        log = (Path(folder) / "up.log").open("wb")
        up = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            base = f"http://127.0.0.1:{options.port}"
            _wait_until_ready(base)
            _make_review(options.screeners)
            print(json.dumps(_measured(base, options, Path(folder)), indent=1))
        finally:
            os.killpg(up.pid, signal.SIGTERM)
            up.wait(30)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--decisions", type=int, default=60, help="of each screener")
    parser.add_argument("--screeners", type=int, default=1)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two decisions")
    parser.add_argument("--port", type=int, default=8197)
    return parser.parse_args()


def _wait_until_ready(base: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{base}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("The app did not start.")


def _make_review(screeners: int) -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "reviewapp.settings"
    import django  # noqa: PLC0415  # the settings read the data folder

    django.setup()
    from screening.models import Membership, Review, StageSettings, User  # noqa: PLC0415  # as above

    question = "Contrastive pretraining on radiographs"
    review = Review.objects.create(slug="speed", title="Speed", question=question)
    for stage in ("title_abstract", "full_text"):
        StageSettings.objects.create(review=review, stage=stage, order="relevance")
    for number in range(screeners):
        user = User.objects.create_user(f"s{number}@example.org", PASSWORD, name=f"S {number}")
        Membership.objects.create(review=review, user=user, is_lead=True, is_screener=True)


def _records(number: int) -> str:
    """RIS of made-up abstracts with the word frequencies of real ones; one in thirty relevant."""
    dice = random.Random(1)  # noqa: S311  # texts, no secrets
    words = [f"{dice.choice('bcdfgklmnprstv')}{dice.randrange(36**4):x}o" for _ in range(40_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    drawn = dice.choices(words, weights, k=number * 190)
    entries = []
    for row in range(number):
        text = drawn[row * 190 : row * 190 + 190]
        if row % 30 == 0:
            text[20:30] = dice.choices(RELEVANT, k=10)
        title, abstract = " ".join(text[:12]), " ".join(text[12:])
        entries.append(f"TY  - JOUR\nTI  - {row} {title}\nAB  - {abstract}\nER  - \n")
    return "\n".join(entries)


def _measured(base: str, options: argparse.Namespace, folder: Path) -> dict[str, object]:
    first, after = _imported(folder, options.records)
    before = _memory()
    runs: list[list[dict[str, float]]] = [[] for _ in range(options.screeners)]
    errors: list[str] = []
    threads = [
        threading.Thread(target=_screen, args=(base, number, options, runs[number], errors))
        for number in range(options.screeners)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    steps = [step for run in runs for step in run]
    return {
        "records": options.records,
        "screeners": options.screeners,
        "seconds_to_import": round(first, 2),
        "seconds_from_import_to_vectors": round(after, 2),
        "first_record_ms": round(runs[0][0]["first_ms"], 1) if runs[0] else None,
        "decision_and_next_ms": _quantiles([step["ms"] for step in steps]),
        "ahead_ms": _quantiles([step["ahead_ms"] for step in steps]),
        "behind": sorted({step["behind"] for step in steps}),
        "errors": errors,
        "web_memory_mb": {"before": before, "after": _memory()},
    }


def _imported(folder: Path, number: int) -> tuple[float, float]:
    """Import through a worker; seconds until it is done, and from then until the vectors are."""
    from django.core.files.base import ContentFile  # noqa: PLC0415  # after the set-up

    from screening.models import Job, Membership, RankingVectors, Review  # noqa: PLC0415
    from screening.selectors.import_files import reading_of  # noqa: PLC0415
    from screening.services import imports  # noqa: PLC0415

    lead = Membership.objects.select_related("user", "review").first()
    if lead is None:
        raise SystemExit("The review has no lead.")
    file = ContentFile(_records(number).encode(), name="speed.ris")
    batch = imports.take_in(membership=lead, source_name="Made up", kind="database", upload=file)
    begun = time.monotonic()
    imports.start_import(membership=lead, batch=batch, reading=reading_of(batch))
    while Job.objects.filter(kind="import_records").exclude(state="done").exists():
        time.sleep(0.1)
    imported = time.monotonic()
    review = Review.objects.get(slug="speed")
    while not RankingVectors.objects.filter(review=review, records=number).exists():
        time.sleep(0.1)
    return imported - begun, time.monotonic() - imported


def _screen(
    base: str,
    number: int,
    options: argparse.Namespace,
    run: list[dict[str, float]],
    errors: list[str],
) -> None:
    from screening.models import Decision, Ranking  # noqa: PLC0415  # after the set-up

    with httpx.Client(base_url=base, timeout=30, follow_redirects=True) as browser:
        _sign_in(browser, f"s{number}@example.org")
        begun = time.perf_counter()
        page = browser.get(PAGE).text
        first = (time.perf_counter() - begun) * 1e3
        for _ in range(options.decisions):
            found = re.search(r'data-record="(\d+)"', page)
            if found is None:
                errors.append("no record")
                return
            record, is_relevant = found[1], any(word in page for word in RELEVANT)
            ahead = _timed(browser, "GET", f"{PAGE}?near={record}&ahead=1", None, errors)
            made = Ranking.objects.filter(member__user__email=f"s{number}@example.org").last()
            said = Decision.objects.current().filter(reviewer__user__email=f"s{number}@example.org")
            behind = said.count() - (made.examples if made and made.method == "model" else 0)
            time.sleep(options.think)
            sent = {"verdict": "include" if is_relevant else "exclude"}
            decided = _timed(browser, "POST", f"{PAGE}records/{record}/decide/", sent, errors)
            page = decided[1]
            step = {"ms": decided[0], "ahead_ms": ahead[0], "first_ms": first}
            if made is not None and made.method == "model":
                step["behind"] = behind
            run.append(step | {"behind": step.get("behind", 0)})


def _sign_in(browser: httpx.Client, email: str) -> None:
    browser.get("/login/")
    token = browser.cookies["csrftoken"]
    sent = {"username": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    browser.post("/login/", data=sent)


def _timed(
    browser: httpx.Client, method: str, url: str, sent: dict[str, str] | None, errors: list[str]
) -> tuple[float, str]:
    headers = {"HX-Request": "true", "X-CSRFToken": browser.cookies["csrftoken"]}
    begun = time.perf_counter()
    answer = browser.request(method, url, data=sent, headers=headers)
    took = (time.perf_counter() - begun) * 1e3
    if answer.status_code != httpx.codes.OK:
        errors.append(f"{answer.status_code} {url}")
    return took, answer.text


def _memory() -> float:
    """Resident megabytes of the web process."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            line = (status.parent / "cmdline").read_text()
            mine = (status.parent / "environ").read_text()
        except OSError:
            continue
        if "supervisor.web" in line and os.environ["REVIEWAPP_DATA_DIR"] in mine:
            rss = re.search(r"VmRSS:\s+(\d+)", status.read_text())
            return round(int(rss[1]) / 1024, 1) if rss else 0.0
    return 0.0


def _quantiles(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "max": round(ordered[-1], 1),
    }


if __name__ == "__main__":
    main()
