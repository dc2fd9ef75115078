import io
import os

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.one_database  # it waits 20 s for a server that never answers
def test_a_database_that_is_not_there_is_said_and_nothing_is_moved(review):
    factories.make_record(review)
    with pytest.raises(CommandError):
        call_command("move_database", "postgres://nobody@127.0.0.1:9/none")


@pytest.mark.postgres
def test_every_table_arrives_in_an_empty_postgres(review, tmp_path):
    factories.make_record(review, title="Moves")
    given = os.environ["DATABASE_URL"]
    name = f"moved_{os.getpid()}"
    address = given.rsplit("/", 1)[0]
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        said = io.StringIO()
        call_command("move_database", f"{address}/{name}", stdout=said)
        assert "screening.record  same hash" in said.getvalue()
        with pytest.raises(CommandError, match=r"^This installation is not empty"):
            call_command("move_database", f"{address}/{name}")
        with psycopg.connect(f"{address}/{name}") as moved:
            assert moved.execute("SELECT title FROM screening_record").fetchall() == [("Moves",)]
    finally:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
