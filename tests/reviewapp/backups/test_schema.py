"""A migration that stands for many is a shortcut for new databases; backups name the steps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from reviewapp.backups.schema import StepByStep, applied_nodes, models_at
from reviewapp.bootstrap import ROOT

OWN = {"analytics", "extraction", "screening"}


def test_a_shortcut_ends_where_its_steps_end() -> None:
    short, long = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    assert short.replacements
    for shortcut, migration in long.replacements.items():
        long.graph.remove_replacement_node(shortcut, migration.replaces)
    assert len(short.graph.nodes) < len(long.graph.nodes)
    assert short.project_state().models == long.project_state().models


@pytest.mark.django_db
def test_a_backup_names_the_last_step_and_no_shortcut() -> None:
    steps = StepByStep()
    assert {app for app, _ in applied_nodes()} == OWN
    assert set(applied_nodes()) <= set(steps.graph.leaf_nodes())
    assert not set(applied_nodes()) & set(steps.replacements)


@pytest.mark.django_db
def test_the_models_of_a_step_that_a_shortcut_passes_are_known() -> None:
    now = dict(applied_nodes())
    then = now | {"extraction": "0010_joined_reports_and_data_sets"}
    assert "carried_at" not in fields_of_changes(then)
    assert "carried_at" in fields_of_changes(now)


def fields_of_changes(nodes: dict[str, str]) -> set[str]:
    model = models_at(list(nodes.items())).get_model("extraction", "FormChange")
    return {field.name for field in model._meta.fields}


OLDER = {"screening": "0008_rejected_rows_can_be_settled", "extraction": "0002_links"}
MADE_THEN = """
from pathlib import Path
from reviewapp.backups.schema import bring_schema_to
from reviewapp.backups.writing import write_backup
then = bring_schema_to(list({nodes!r}.items()))
review = then.get_model("screening", "Review").objects.create(title="Made then", slug="then")
source = then.get_model("screening", "Source").objects.create(
    review=review, name="A database", kind="database"
)
user = then.get_model("screening", "User").objects.create(email="then@example.org", name="Then")
write_backup(Path({file!r}))
"""
THERE_NOW = """
from screening.models import Review, Source, User
assert Review.objects.get().deletes_at is None, "a column of a later step"
assert Source.objects.get().review.title == "Made then"
assert User.objects.get().email == "then@example.org"
"""


@pytest.mark.timeout(400)
def test_a_backup_of_an_older_installation_is_restored_and_brought_up_to_date(
    tmp_path: Path,
) -> None:
    """The steps that it has taken are those that a shortcut stands for now."""
    then, restored, file = tmp_path / "then", tmp_path / "restored", tmp_path / "then.zip"
    then.mkdir()
    run(then, "shell", "-v", "0", "-c", MADE_THEN.format(nodes=OLDER, file=str(file)))
    plan = run(then, "migrate", "--plan")  # it goes on step by step where it lies, too
    assert "screening.0009_compared_record" in plan
    assert "screening.0008_rejected_rows_can_be_settled" not in plan
    assert "squashed" not in plan.replace("analytics.0001_squashed", "")
    run(restored, "restore", str(file))
    run(restored, "migrate", "--check")
    run(restored, "shell", "-v", "0", "-c", THERE_NOW)


def run(folder: Path, *arguments: str) -> str:
    """What a command of an installation of its own says."""
    left_out = {"DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"}
    around = {name: value for name, value in os.environ.items() if name not in left_out}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "--data-dir", str(folder), *arguments],
        env=around,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
