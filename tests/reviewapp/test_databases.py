import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from reviewapp.bootstrap import ROOT
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


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    dropped = {"DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_data_folder_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "mistyped"
    done = manage("--data-dir", str(missing), "migrate")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f"There is no data folder {missing}. `manage.py up` makes one" in done.stderr
    assert not missing.exists()


def test_a_setting_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    done = manage("--data-dir", str(tmp_path), "check", DATABASE_URL="mysql://host/name")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "DATABASE_URL starts with 'mysql'" in done.stderr


ARCHIVED = """
from django.utils import timezone
from screening.models import Membership, Review, User
review = Review.objects.create(title="Done", slug="done", archived_at=timezone.now())
lead = User.objects.create(email="lead@example.org", name="Lead")
Membership.objects.create(review=review, user=lead, is_lead=True)
"""


def test_a_command_that_may_not_be_says_so_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "one.ris"
    file.write_text("TY  - JOUR\nTI  - One\nER  - \n")
    for words in (["migrate", "-v", "0"], ["shell", "-v", "0", "-c", ARCHIVED]):
        made = manage("--data-dir", str(tmp_path), *words)
        assert made.returncode == 0, made.stderr
    told = ["--review", "done", "--source", "A", "--kind", "database", str(file)]
    done = manage("--data-dir", str(tmp_path), "import_records", *told)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "This review is archived" in done.stderr


@pytest.mark.postgres
def test_a_postgres_without_all_letters_is_refused_before_there_are_tables(tmp_path: Path) -> None:
    address, name = os.environ["DATABASE_URL"].rsplit("/", 1)[0], f"ascii_{os.getpid()}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' "
            "TEMPLATE template0"
        )
        try:
            url = f"{address}/{name}"
            done = manage("--data-dir", str(tmp_path), "migrate", DATABASE_URL=url)
            with psycopg.connect(url) as made:
                tables = made.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert (done.returncode, tables) == (1, (0,))
    assert f"{name} has the encoding SQL_ASCII" in done.stderr
    assert "ENCODING 'UTF8'" in done.stderr
