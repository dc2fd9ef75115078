"""Telling the planner of a team database how large a table has grown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.services.planning import next_mark, tell_planner


@pytest.mark.parametrize(
    ("done", "mark"), [(0, 500), (499, 500), (500, 1000), (999, 1000), (40_000, 64_000)]
)
def test_marks_double(done: int, mark: int) -> None:
    assert next_mark(done) == mark


@pytest.mark.django_db
def test_only_a_team_database_is_asked() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tell_planner()
    expected = ['ANALYZE "screening_record"'] if connection.vendor == "postgresql" else []
    assert [query["sql"] for query in asked] == expected
