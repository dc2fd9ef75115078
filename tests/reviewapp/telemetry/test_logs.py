"""What the log tells, and what it never tells."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client

from reviewapp import health, jobs
from reviewapp.logs import logging_settings
from reviewapp.telemetry import context
from reviewapp.telemetry.formats import Context, JsonLine, Line
from screening.models import Job, Membership, Record, User
from tests import factories

SECRETS = ("secretive", "token-4711", "My own note", "10.9.8.7")


@pytest.fixture(params=["line", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that the app's handler would write, down to the least level that is offered."""
    stream = io.StringIO()
    form = logging_settings("DEBUG")["formatters"]["line"]["format"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine() if request.param == "json" else Line(form, style="{"))
    handler.addFilter(Context())
    loggers = [logging.getLogger(name) for name in ("", "reviewapp", "screening")]
    before = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers[1:]:
        logger.setLevel(logging.DEBUG)
    yield stream
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def raising(error: Exception) -> jobs.Handler:
    def handle(_context: Any) -> None:
        raise error from ValueError(SECRETS[0])

    return handle


def test_no_line_tells_what_people_typed(
    log: io.StringIO, client: Client, lead: Membership, settings: Any, monkeypatch: Any
) -> None:
    settings.LOG_REQUESTS = True
    client.raise_request_exception = False
    address = {"REMOTE_ADDR": "10.9.8.7", "HTTP_AUTHORIZATION": "Bearer token-4711"}
    wrong = {"username": "secretive@example.org", "password": "secretive"}
    for _ in range(9):  # the last is locked out
        client.post("/login/", wrong, REMOTE_ADDR="10.9.8.7")
    client.get("/api/v1/reviews/", **address)
    client.get("/secretive@example.org/?q=secretive")
    client.get("/", HTTP_HOST="secretive.example.org")
    client.get("/r/secretive/", HTTP_REFERER="https://example.org/token-4711")
    Client(enforce_csrf_checks=True).post("/login/", wrong, HTTP_ORIGIN="https://secretive.org")
    client.force_login(lead.user)
    record: Record = factories.make_record(lead.review)
    client.get(f"/r/{lead.review.slug}/records/{record.pk}/", {"q": "My own note"})
    fault = raising(IntegrityError(f"Key (email)=({SECRETS[0]}) exists already"))
    monkeypatch.setitem(health.CHECKS, "database", lambda: fault(None))
    assert client.get("/readyz").status_code == 500
    monkeypatch.setattr(
        jobs, "handlers", lambda: {"check_worker": raising(IntegrityError("secretive"))}
    )
    jobs.perform(Job.objects.create(kind="check_worker").pk, owner="here:1:aa")
    said = log.getvalue()
    assert [secret for secret in SECRETS if secret in said] == []
    for expected in (
        "/login/",
        "(no such address)",
        "IntegrityError",
        "ValueError",
        "check_worker",
    ):
        assert expected in said


def test_an_error_tells_its_code_and_its_place(log: io.StringIO) -> None:
    name = "/data/" + SECRETS[0]
    try:
        Path(name).read_bytes()
    except OSError:
        logging.getLogger("reviewapp").exception("The file was not stored")
    said = log.getvalue()
    assert "No such file or directory" in said
    assert "test_logs.py" in said
    assert "secretive" not in said


def test_each_answer_names_its_request_and_takes_a_harmless_name_from_outside(
    client: Client, db: None
) -> None:
    made = client.get("/healthz")["X-Request-ID"]
    assert context.ACCEPTED.fullmatch(made)
    assert client.get("/healthz")["X-Request-ID"] != made
    given = client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})
    assert given["X-Request-ID"] == "from-the-proxy-1"
    for harmful in ("a b", "x" * 65, '"}evil', "short"):
        answer = client.get("/healthz", headers={"X-Request-ID": harmful})
        assert answer["X-Request-ID"] != harmful


def test_json_lines_hold_the_request_the_route_and_the_time(client: Client, settings: Any) -> None:
    settings.LOG_REQUESTS = True
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    handler.addFilter(Context())
    logger = logging.getLogger("reviewapp.requests")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    try:
        answer = client.get("/healthz")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    line = json.loads(stream.getvalue())
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/healthz", 200)
    assert line["milliseconds"] >= 0
    assert line["time"].endswith("+00:00")


def test_a_job_writes_under_the_name_of_the_request_that_asked_for_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers: dict[str, Any] = {}
    with context.working_for("asked-by-this"):
        jobs._name_the_request(headers=headers)
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(
        jobs,
        "perform",
        lambda *_, **__: seen.append((context.current_request_id(), context.current_job())),
    )
    jobs.run_job.apply(args=[7], headers=headers)
    jobs.run_job.apply(args=[8])
    assert seen[0] == ("asked-by-this", "7")
    assert seen[1][0] not in {"", "asked-by-this"}
    assert (context.current_request_id(), context.current_job()) == ("", "")


def test_an_unknown_form_of_the_log_is_refused() -> None:
    with pytest.raises(ValueError, match="write line or json"):
        logging_settings("INFO", "xml")


def test_a_command_writes_json_from_its_first_line_on() -> None:
    code = (
        "import django, logging; django.setup(); "
        "logging.getLogger('reviewapp').warning('Sent again: jobs %s', [7])"
    )
    around = {**os.environ, "LOG_FORMAT": "json", "DJANGO_SETTINGS_MODULE": "reviewapp.settings"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=True)
    line = json.loads(done.stderr.strip().splitlines()[-1])
    assert (line["level"], line["message"]) == ("WARNING", "Sent again: jobs [7]")


def test_refusals_of_a_job_are_told_to_its_owner_not_to_the_log(
    log: io.StringIO, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = raising(ValidationError("secretive@example.org is no column."))
    monkeypatch.setattr(jobs, "handlers", lambda: {"check_worker": refusal})
    job = Job.objects.create(kind="check_worker")
    jobs.perform(job.pk, owner="here:1:aa")
    job.refresh_from_db()
    assert "secretive" in job.error
    assert "secretive" not in log.getvalue()
    assert User.objects.count() == 0
