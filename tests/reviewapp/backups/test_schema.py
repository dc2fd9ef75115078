"""A migration that stands for many is a shortcut for new databases; backups name the steps."""

import pytest
from django.db.migrations.loader import MigrationLoader

from reviewapp.backups.schema import StepByStep, applied_nodes, models_at

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
