from types import SimpleNamespace
from typing import Any

import pytest

from tests import groups


@pytest.fixture
def item(monkeypatch: pytest.MonkeyPatch) -> Any:
    absent = groups.Group("broker", lambda: False, "start Redis")
    monkeypatch.setattr(groups, "GROUPS", (absent,))
    return SimpleNamespace(
        fixturenames=["client"], get_closest_marker=lambda name: name == "broker" or None
    )


def test_a_group_that_cannot_run_is_skipped_with_the_way_to_enable_it(
    item: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="group broker: start Redis"):
        groups.pytest_runtest_setup(item)


def test_in_ci_a_group_that_cannot_run_fails(item: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="In CI every group must run"):
        groups.pytest_runtest_setup(item)


def test_a_test_belongs_to_the_group_whose_fixture_it_uses(
    item: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = groups.Group("shared_data", lambda: False, "put the data sets there")
    monkeypatch.setattr(groups, "GROUPS", (data,))
    assert list(groups.groups_of(item)) == []
    item.fixturenames = ["shared_data"]
    assert list(groups.groups_of(item)) == [data]


def test_the_report_names_each_group_that_did_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    skipped = SimpleNamespace(longrepr=("file", 1, "Skipped: group postgres: start Postgres"))
    reporter: Any = SimpleNamespace(
        stats={"skipped": [skipped, skipped]}, write_line=lambda text, **_: lines.append(text)
    )
    groups.pytest_terminal_summary(reporter)
    assert len(lines) == 1
    assert "NOT RUN: 2 tests of the group `postgres`" in lines[0]


def test_a_broker_is_there_when_its_port_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    assert not groups.has_broker()
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    assert not groups.has_broker()


@pytest.mark.parametrize(
    ("fixtures", "markers", "is_left_out"),
    [
        (["tmp_path"], [], True),
        (["db"], [], False),
        ([], ["django_db"], False),
        (["db"], ["one_database"], True),
        (["tmp_path"], ["broker"], False),
        (["tmp_path", "postgres"], [], False),
    ],
)
def test_only_tests_that_ask_no_database_are_left_out(
    fixtures: list[str], markers: list[str], is_left_out: bool
) -> None:
    test: Any = SimpleNamespace(
        fixturenames=fixtures, get_closest_marker=lambda name: name in markers or None
    )
    assert groups.asks_no_database(test) == is_left_out
