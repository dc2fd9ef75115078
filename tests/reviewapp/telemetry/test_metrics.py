"""The numbers for Prometheus: who gets them, that they are right, and what they never hold."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from reviewapp.telemetry import counters, metrics, middleware
from reviewapp.telemetry.counters import Counts, SharedCounts
from screening.models import Job, Membership

TOKEN = "token-of-the-metrics"
LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.]+(e[+-]?[0-9]+)?')


@pytest.fixture
def metered(settings: Any, tmp_path: Path) -> Any:
    settings.METRICS_TOKEN, settings.DATA_DIR = TOKEN, tmp_path
    middleware.shared_counts.cache_clear()
    yield settings
    middleware.shared_counts.cache_clear()


def asked(client: Client) -> str:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_without_a_token_in_the_settings_there_is_no_such_address(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer ", "Bearer é"])
def test_a_missing_or_wrong_token_is_refused(client: Client, metered: Any, given: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert (answer.status_code, b"reviewapp_" in answer.content) == (401, False)


def test_requests_are_counted_by_pattern_and_nothing_is_told_about_people(
    client: Client, metered: Any, lead: Membership
) -> None:
    client.force_login(lead.user)
    for _ in range(3):
        client.get(f"/r/{lead.review.slug}/")
    client.get("/secretive@example.org/")
    client.generic("SECRETIVE", "/healthz")
    said = asked(client)
    route = 'route="/r/<slug:slug>/"'
    assert f'reviewapp_http_requests_total{{{route},method="GET",status="200"}} 3' in said
    assert f"reviewapp_http_request_seconds_count{{{route}}} 3" in said
    assert f'reviewapp_http_request_seconds_bucket{{{route},le="+Inf"}} 3' in said
    assert 'route="(no such address)",method="GET",status="404"' in said
    assert 'method="OTHER"' in said
    for secret in ("secretive", "SECRETIVE", lead.review.slug + "/", lead.user.email):
        assert secret not in said.replace(route, "")
    lines = [line for line in said.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_jobs_queues_and_sizes_are_told(client: Client, metered: Any, db: None) -> None:
    past = timezone.now() - timedelta(seconds=90)
    Job.objects.create(kind="import_records", created_at=past)
    Job.objects.create(kind="deliver_webhook", queue="short", state="failed")
    Job.objects.create(kind="import_records", state="running", owner="a", lease_until=past)
    said = asked(client)
    assert 'reviewapp_jobs{kind="import_records",state="queued"} 1' in said
    assert 'reviewapp_jobs{kind="deliver_webhook",state="failed"} 1' in said
    assert "reviewapp_jobs_without_worker 1" in said
    ages = dict(re.findall(r'oldest_seconds\{queue="(\w+)"\} ([\d.]+)', said))
    assert 90 <= float(ages["long"]) < 150
    assert float(ages["short"]) == 0
    size = re.search(r"reviewapp_database_bytes (\d+)", said)
    assert size
    assert int(size[1]) > 100_000
    assert "reviewapp_database_up 1" in said


def test_a_database_that_is_away_is_a_number_too(
    client: Client, metered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr(metrics, "_jobs", refuse)
    assert "reviewapp_database_up 0" in asked(client)


def test_all_processes_of_a_machine_are_added_up_also_those_that_ended(tmp_path: Path) -> None:
    request = ("/r/<slug:slug>/", "GET", "200")
    code = (
        "import sys, pathlib; from reviewapp.telemetry.counters import SharedCounts; "
        "SharedCounts(pathlib.Path(sys.argv[1])).observe(tuple(sys.argv[2:]), 0.03)"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, str(tmp_path), *request], check=True)
    here = SharedCounts(tmp_path)
    here.observe(request, 7.0)
    for _ in range(2):  # asked twice, nothing is counted twice
        whole = here.sum()
        assert whole.requests[request] == 3
        assert whole.buckets[request[0]][2] == 2
        assert round(whole.seconds[request[0]], 2) == 7.06
    assert len(list(tmp_path.glob("*.json"))) == 2
    assert tmp_path.joinpath(f"{counters._machine()}.ended.json").exists()


def test_a_full_disk_fails_no_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: Path, _counts: Counts) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(counters, "_write", refuse)
    counts = SharedCounts(tmp_path)
    counts.observe(("/", "GET", "200"), 0.1)
    assert counts._counts.requests.total() == 1


def test_labels_are_escaped() -> None:
    sample = metrics.Sample("a", {"b": 'x"\\\n'}, 1)
    family = metrics.Family("a", "gauge", "A.", [sample])
    assert metrics.written([family]).splitlines()[2] == 'a{b="x\\"\\\\\\n"} 1'
