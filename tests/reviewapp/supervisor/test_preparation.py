import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reviewapp.supervisor import preparation
from screening.models import Review, User


def test_a_schema_that_is_up_to_date_is_left_alone(db: None, tmp_path: Path) -> None:
    assert preparation.migrate(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_filled", [True, False])
def test_a_filled_embedded_database_is_copied_before_its_schema_changes(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, *, is_filled: bool
) -> None:
    file = tmp_path / "data.sqlite3"
    with closing(sqlite3.connect(file)) as user:
        user.execute("CREATE TABLE decision (verdict TEXT)")
        user.commit()
    (tmp_path / "backups").mkdir()
    called: list[str] = []
    monkeypatch.setitem(preparation.settings.DATABASES["default"], "NAME", str(file))
    monkeypatch.setattr(preparation.MigrationExecutor, "migration_plan", lambda *_: [1])
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: called.append(name))
    introspection = SimpleNamespace(table_names=lambda: ["decision"] if is_filled else [])
    stand_in = SimpleNamespace(vendor="sqlite", introspection=introspection)
    monkeypatch.setattr(preparation, "connection", stand_in)
    monkeypatch.setattr(
        preparation,
        "MigrationExecutor",
        lambda _: SimpleNamespace(
            loader=SimpleNamespace(graph=SimpleNamespace(leaf_nodes=list)),
            migration_plan=lambda _: [1],
        ),
    )
    copy = preparation.migrate(tmp_path)
    assert called == ["migrate"]
    assert (copy is not None) == is_filled


def test_static_files_are_collected_once_and_again_when_one_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected: list[str] = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: collected.append(name))
    monkeypatch.setattr(preparation, "_static_sources", lambda: iter(["app.css 10 1\n"]))
    assert preparation.collect_static(tmp_path)
    assert not preparation.collect_static(tmp_path)
    monkeypatch.setattr(preparation, "_static_sources", lambda: iter(["app.css 11 2\n"]))
    assert preparation.collect_static(tmp_path)
    assert collected == ["collectstatic", "collectstatic"]


def test_only_what_pages_use_is_served_of_the_plotting_package() -> None:
    names = [line.split()[0] for line in preparation._static_sources()]
    assert "plotly/plotly.min.js" in names
    assert not [name for name in names if name.startswith(("plotly/datasets", "plotly/templates"))]


@pytest.mark.django_db
class TestTheFirstAccount:
    def test_it_gets_a_random_password_that_works(self) -> None:
        account = preparation.ensure_admin()
        assert account is not None
        user = User.objects.get()
        assert user.is_superuser
        assert user.check_password(account.password)
        assert len(account.password) >= 16

    def test_it_is_made_once(self) -> None:
        preparation.ensure_admin()
        assert preparation.ensure_admin() is None

    def test_two_installations_do_not_share_a_password(self) -> None:
        first = preparation.ensure_admin()
        User.objects.all().delete()
        assert preparation.ensure_admin() != first


@pytest.mark.django_db
class TestTheDemo:
    def test_it_goes_into_an_empty_database_only(
        self, review: Review, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reviewapp.demo.load_demo", pytest.fail)
        assert preparation.load_demo_once() is None

    def test_its_members_are_told_with_their_passwords(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preparation.ensure_admin()
        asked: list[User] = []

        def load(*, admin: User) -> list[SimpleNamespace]:
            asked.append(admin)
            return [SimpleNamespace(name="Alice", email="alice@example.org", password="secret")]

        monkeypatch.setattr("reviewapp.demo.load_demo", load)
        assert preparation.load_demo_once() == [
            preparation.Account("alice@example.org", "secret", "Alice")
        ]
        assert asked == [User.objects.get()]
