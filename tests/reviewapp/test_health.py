from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from reviewapp import health


@pytest.fixture
def broker_folder(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "messages"
    folder.mkdir()
    settings.CELERY = {"broker_transport_options": {"data_folder_out": str(folder)}}
    return folder


def test_the_process_says_that_it_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_when_all_parts_are_there(client: Client, broker_folder: Path) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": "ok", "schema": "ok", "broker": "ok", "files": "ok"},
    }


@pytest.mark.django_db
def test_a_missing_broker_is_named(client: Client, broker_folder: Path) -> None:
    broker_folder.rmdir()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == "its folder is missing"


@pytest.mark.django_db
def test_a_team_broker_that_does_not_answer_is_named(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CELERY = {"broker_transport_options": {}}
    assert health.broker_state() == "ok"

    def refuse() -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(health.current_app, "connection_for_write", refuse)
    assert client.get("/readyz").json()["checks"]["broker"] == "does not answer"


@pytest.mark.django_db
def test_a_waiting_migration_is_named(
    client: Client, broker_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: [1, 2])
    assert client.get("/readyz").json()["checks"]["schema"] == "2 migrations wait"


@pytest.mark.django_db
def test_a_folder_of_files_that_is_not_there_is_named(
    client: Client, broker_folder: Path, settings: Any, tmp_path: Path
) -> None:
    def state_with(folder: Path) -> str:
        held = {"BACKEND": "reviewapp.diskfull.WholeFiles", "OPTIONS": {"location": folder}}
        settings.STORAGES = settings.STORAGES | {"default": held}
        return client.get("/readyz").json()["checks"]["files"]

    assert state_with(tmp_path / "files") == "ok"  # made with the first file
    assert state_with(tmp_path / "not-mounted" / "files") == "their folder is missing"


def test_a_database_that_is_away_is_named(
    client: Client, broker_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(health, "MigrationExecutor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "does not answer"
    assert answer.json()["checks"]["schema"] == "unknown"
