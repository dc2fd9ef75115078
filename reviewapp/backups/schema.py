"""Which schema a database has, and the models that fit it."""

from typing import Any

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from reviewapp.backups.manifest import BackupRefusedError
from reviewapp.backups.tables import OWN_APPS

Node = tuple[str, str]


class StepByStep(MigrationLoader):
    """The history of the schema without its shortcuts: a backup may stand at any of its steps."""

    def __init__(self) -> None:
        """Read the history of the app and of its database."""
        super().__init__(connection, replace_migrations=False)

    def build_graph(self) -> None:
        """Leave out each migration that stands for many, as Django does halfway through them."""
        super().build_graph()
        for shortcut, migration in self.replacements.items():
            self.graph.remove_replacement_node(shortcut, migration.replaces)
            self.applied_migrations.pop(shortcut, None)


def applied_nodes() -> list[Node]:
    """The last migrations of the app's own that the database has.

    Raises:
        BackupRefusedError: The database has migrations that this version does not know, or none.
    """
    loader = StepByStep()
    applied = {node for node in loader.applied_migrations if node[0] in OWN_APPS}
    unknown = sorted(name for app, name in applied if (app, name) not in loader.graph.nodes)
    if unknown:
        raise BackupRefusedError(
            f"The database has the migration {unknown[0]} of a later version of the app; make the "
            "backup with that version."
        )
    if not applied:
        raise BackupRefusedError("The database has no tables yet; there is nothing to back up.")
    followed = {
        parent.key
        for node in applied
        for parent in loader.graph.node_map[node].parents
        if parent.key[0] == node[0]
    }
    return sorted(applied - followed)


def models_at(nodes: list[Node]) -> Apps:
    """The models as they were at these migrations; today's when these are the last ones."""
    loader = StepByStep()
    if set(nodes) == _last_of(loader):
        return current_apps
    state: Any = loader.project_state(nodes)
    found: Apps = state.apps
    return found


def bring_schema_to(nodes: list[Node]) -> Apps:
    """Migrate an empty database to the schema of a backup; the models of that moment.

    Raises:
        BackupRefusedError: This version does not know the schema, or the database is ahead of it.
    """
    loader = StepByStep()
    graph = loader.graph
    unknown = [name for app, name in nodes if (app, name) not in graph.nodes]
    if unknown:
        raise BackupRefusedError(
            f"This version of the app does not know the migration {unknown[0]} of the backup; "
            "restore it with the version that made it, or a later one."
        )
    wanted = {step for node in nodes for step in graph.forwards_plan(node)}
    applied = loader.applied_migrations
    ahead = sorted(name for app, name in applied if app in OWN_APPS and (app, name) not in wanted)
    if ahead:
        raise BackupRefusedError(
            f"The backup is older than this database, which already has {ahead[0]}. Restore it "
            "into an installation that was never started: an empty data folder or an empty "
            "Postgres database."
        )
    executor = MigrationExecutor(connection)
    if set(nodes) == _last_of(loader):
        executor.migrate(executor.loader.graph.leaf_nodes())
        return current_apps
    executor.loader = loader
    others = [node for node in graph.leaf_nodes() if node[0] not in OWN_APPS]
    executor.migrate([*nodes, *others])
    return models_at(nodes)


def _last_of(loader: MigrationLoader) -> set[Node]:
    return {node for node in loader.graph.leaf_nodes() if node[0] in OWN_APPS}
