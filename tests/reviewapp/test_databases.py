import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from reviewapp.databases import database_from_url, sqlite_database


def test_a_team_database_is_read_from_its_url() -> None:
    found = database_from_url(
        "postgres://some%40one:p%2Fw@db.example.org:5433/review?sslmode=require"
    )
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"]) == ("some@one", "p/w")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", "5433", "review")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] > 1


@pytest.mark.parametrize(
    ("url", "said"),
    [("mysql://host/name", "starts with 'mysql'"), ("postgres://host", "names no database")],
)
def test_an_unusable_url_says_what_to_write(url: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        database_from_url(url)


def test_the_embedded_database_queues_writers_up(tmp_path: Path) -> None:
    options = sqlite_database(tmp_path / "x.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert options["timeout"] >= 20


NAMES = """
import importlib, reviewapp.settings_test as settings
for _ in range(2):
    print(importlib.reload(settings).DATABASES["default"]["TEST"]["NAME"])
"""


def test_two_runs_of_the_tests_on_one_server_never_share_a_database() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NAMES],
        env=os.environ | {"DATABASE_URL": "postgres://review@127.0.0.1/review"},
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = done.stdout.split()
    assert first.startswith("test_review_")
    assert second.startswith("test_review_")
    assert first != second
