"""Keeps the append-only triggers out of the way of Django's flush between transactional tests."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

TRIGGERS = import_module("screening.migrations.0025_life_of_a_review")


@pytest.fixture(autouse=True)
def flush_may_empty_the_audit_trail(request: pytest.FixtureRequest) -> Iterator[None]:
    marker = request.node.get_closest_marker("django_db")
    is_transactional = (marker is not None and marker.kwargs.get("transaction")) or {
        "transactional_db",
        "live_server",
    } & set(request.fixturenames)
    if not is_transactional or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_event_is_never_deleted'")
        is_missing = cursor.fetchone() is None
    if is_missing:
        with connection.schema_editor() as editor:
            TRIGGERS.install(apps, editor)
    yield
    with connection.schema_editor() as editor:
        TRIGGERS.remove(apps, editor)
