"""Triggers that refuse to change or delete an audit event, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    "CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON screening_auditevent "
    "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
    "CREATE TRIGGER audit_event_is_never_deleted BEFORE DELETE ON screening_auditevent "
    "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
)
SQLITE_BACK = (
    "DROP TRIGGER audit_event_is_never_changed",
    "DROP TRIGGER audit_event_is_never_deleted",
)
POSTGRES = (
    "CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$",
    "CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE ON screening_auditevent "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
)
POSTGRES_BACK = (
    "DROP TRIGGER audit_event_is_append_only ON screening_auditevent",
    "DROP FUNCTION audit_event_refuse()",
)


def install(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE, POSTGRES)


def remove(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE_BACK, POSTGRES_BACK)


def _run(
    schema_editor: BaseDatabaseSchemaEditor, sqlite: tuple[str, ...], postgres: tuple[str, ...]
) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in sqlite if connection.vendor == "sqlite" else postgres:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_tables")]
    operations = [migrations.RunPython(install, remove)]
