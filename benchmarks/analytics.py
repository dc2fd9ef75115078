"""The dashboard: how fast it is served, drawn and redrawn, on the demo and on a large review.

    .venv/bin/python benchmarks/analytics.py            # all of it
    .venv/bin/python benchmarks/analytics.py bootstrap server browser --studies 2000

Starts `manage.py up --demo` on a folder of its own, adds a made-up review of 2,000 studies with
20,000 experiments, and asks for both dashboards over HTTP and in Chromium. Server time is that of
the whole request on this machine; the memory is the web process's own.
"""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The folder of this file would hide the app `screening` behind the benchmark of that name.
HERE = ROOT / "benchmarks"
sys.path = [str(ROOT), *(one for one in sys.path if Path(one or ".").resolve() != HERE)]
TIMES = 7
SETTLED = 20  # seconds
DEMO = "/r/ssl-medical-imaging/figures/"
LARGE = "/r/large/figures/"
GROUPS = ("contrastive", "combined", "generative", "self-prediction")
PARTS = ("bootstrap", "server", "browser")
# From the press on Apply, in the page that is open, to all figures in sight drawn anew, and to the
# arrival of all others.
REDRAWN = """async (asked) => {
  const form = document.querySelector("form.filters");
  for (const [name, value] of Object.entries(asked)) form.elements[name].value = value;
  const old = document.querySelector(".figures");
  const begun = performance.now();
  form.querySelector("button[type=submit]").click();
  const isInSight = (one) => one.getBoundingClientRect().top < innerHeight;
  const isDone = () => {
    const seen = [...document.querySelectorAll("[data-figure], [data-waits]")].filter(isInSight);
    return !old.isConnected && seen.every((one) => one.dataset.isDrawn);
  };
  while (!isDone()) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const inSight = performance.now() - begun;
  while (document.querySelector("[data-waits]")) await new Promise(requestAnimationFrame);
  return [inSight, performance.now() - begun];
}"""
DRAWN = "() => document.querySelector('.js-plotly-plot .main-svg') !== null"


def main() -> None:
    """Measure what is asked for and print one JSON document."""
    options = _options()
    options.parts = options.parts or list(PARTS)
    if unknown := set(options.parts) - set(PARTS):
        raise SystemExit(f"No part is called {', '.join(sorted(unknown))}.")
    found: dict[str, object] = {"load average": [round(one, 2) for one in os.getloadavg()]}
    if "bootstrap" in options.parts:
        found["bootstrap"] = bootstrap()
    if {"server", "browser"} & set(options.parts):
        with tempfile.TemporaryDirectory(prefix="analytics-") as folder:
            found |= _with_app(Path(folder), options)
    found["load average after"] = [round(one, 2) for one in os.getloadavg()]
    print(json.dumps(found, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--studies", type=int, default=2_000)
    parser.add_argument("--experiments", type=int, default=20_000)
    parser.add_argument("--port", type=int, default=8197)
    return parser.parse_args()


def bootstrap() -> dict[str, float]:
    """10,000 draws over 36 and over 2,000 studies, mean and median."""
    import numpy as np  # noqa: PLC0415  # the app's folder is chosen first

    from analytics.stats.synthesis.bootstrap import Statistic, cluster_bootstrap  # noqa: PLC0415

    found = {}
    for studies in (36, 2_000):
        values = np.random.default_rng(1).normal(5, 3, size=studies)
        clusters = np.arange(studies)
        for statistic in Statistic:
            started = time.perf_counter()
            cluster_bootstrap(values, clusters, statistic, draws=10_000)
            found[f"{statistic} of {studies} studies, s"] = round(time.perf_counter() - started, 3)
    return found


def _with_app(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    os.environ["REVIEWAPP_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "reviewapp.settings"
    base = f"http://127.0.0.1:{options.port}"
    found: dict[str, object] = {}
    with _running(folder, options):
        session = _prepared(options)
        found["nothing read before"] = _nothing_read(base, session)
    with _running(folder, options) as up:
        time.sleep(SETTLED)  # large reviews are read ahead when a process has nothing else to do
        if "server" in options.parts:
            found["server"] = _server(base, session, up)
        if "browser" in options.parts:
            found["browser"] = _browser(base, session)
    return found


@contextmanager
def _running(folder: Path, options: argparse.Namespace) -> Iterator[int]:
    """The app as everybody starts it, until the end of the block; the id of its supervisor."""
    command = [sys.executable, str(ROOT / "manage.py"), "up", "--demo", "--port", str(options.port)]
    with (folder / "up.log").open("ab") as log:
        up = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_until_ready(f"http://127.0.0.1:{options.port}")
        yield up.pid
    finally:
        os.killpg(up.pid, signal.SIGTERM)
        up.wait(60)


def _nothing_read(base: str, session: str) -> dict[str, float]:
    """The very first request for a large review that came past the app's own doors."""
    import httpx  # noqa: PLC0415  # a benchmark's own tool

    with httpx.Client(base_url=base, cookies={"sessionid": session}, timeout=300) as client:
        return {"large, s": _timed(client, LARGE)[0]}


def _wait_until_ready(base: str) -> None:
    import httpx  # noqa: PLC0415  # a benchmark's own tool

    for _ in range(1800):
        try:
            if httpx.get(f"{base}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("The app did not start.")


def _prepared(options: argparse.Namespace) -> str:
    """Make the large review; the session of a person who may see both."""
    import django  # noqa: PLC0415  # the settings read the data folder

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415  # as above

    from screening.models import Membership, User  # noqa: PLC0415  # as above

    sys.path.append(str(ROOT / "benchmarks"))
    from analytics_seed import make_large  # noqa: PLC0415  # as above

    review = make_large(options.studies, options.experiments)
    user = User.objects.filter(is_superuser=True).first()
    assert user is not None  # noqa: S101  # `up` made it
    Membership.objects.get_or_create(review=review, user=user, defaults={"is_lead": True})
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _server(base: str, session: str, up: int) -> dict[str, object]:
    import httpx  # noqa: PLC0415  # a benchmark's own tool

    found: dict[str, object] = {}
    with httpx.Client(base_url=base, cookies={"sessionid": session}, timeout=300) as client:
        for name, path in (("demo", DEMO), ("large", LARGE)):
            first, page = _timed(client, path)
            found[f"{name}, first request, s"] = first
            again = sorted(_timed(client, path)[0] for _ in range(TIMES))
            found[f"{name}, median of {TIMES}, s"] = statistics.median(again)
            filtered = [_timed(client, f"{path}?group={group}")[0] for group in GROUPS]
            found[f"{name}, filtered, median, s"] = statistics.median(filtered)
            found[f"{name}, page without plotly.js, MB"] = round(len(page) / 1e6, 3)
    found["memory of each process"] = [_memory(one) for one in _processes(up)]
    return found


def _timed(client: "httpx.Client", path: str) -> tuple[float, bytes]:  # noqa: F821  # a lazy import
    started = time.perf_counter()
    answer = client.get(path)
    answer.raise_for_status()
    return round(time.perf_counter() - started, 3), answer.content


def _processes(parent: int) -> list[int]:
    """A process and everything that it started."""
    asked = subprocess.run(
        ["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False
    )
    return [parent, *(one for child in asked.stdout.split() for one in _processes(int(child)))]


def _memory(process: int) -> str:
    """What is its own, and the most that was resident.

    The latter counts the mapped file of an embedded database once for each thread's connection.
    """
    words = Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    own, peak = (re.search(rf"{name}:\s+(\d+)", status) for name in ("RssAnon", "VmHWM"))
    if own is None or peak is None:  # it ended just now
        return " ".join(words[1:4])
    name = " ".join(words[1:4])[-30:].strip()
    return f"{name}: own {int(own[1]) // 1024} MB, resident at most {int(peak[1]) // 1024} MB"


def _browser(base: str, session: str) -> dict[str, object]:
    """From the start of the navigation to the first plot, and from Apply to the new drawings."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # a benchmark's own tool

    found: dict[str, object] = {}
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        page = context.new_page()
        page.set_default_timeout(300_000)
        for name, path in (("demo", DEMO), ("large", LARGE)):
            page.goto(base + path)
            times = []
            for _ in range(5):
                page.goto(base + path, wait_until="commit")
                page.wait_for_function(DRAWN)
                times.append(page.evaluate("() => performance.now()"))
            found[f"{name}: first plot drawn, ms"] = round(statistics.median(times))
            for metric in ("", "AUROC"):  # each filter for the first time
                changes = [{"group": group, "metric": metric} for group in GROUPS]
                times = [page.evaluate(REDRAWN, asked) for asked in changes]
                what = f"{name}: {'two filters' if metric else 'a filter'} changed"
                for at, until in enumerate(("in sight redrawn", "all there")):
                    found[f"{what}, {until}, ms"] = sorted(round(one[at]) for one in times)
        chromium.close()
    return found


if __name__ == "__main__":
    main()
