"""The end of a review, a person taken out of the trail, and the triggers that know of both."""

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEPT = (
    *("id", "review_id", "actor_id", "action", "target_type", "target_id"),
    *("created_at", "previous_hash", "hash"),
)
SQLITE_KEPT = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in KEPT)
POSTGRES_KEPT = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in KEPT)
RELEASED = "EXISTS (SELECT 1 FROM screening_auditrelease WHERE review_number = OLD.review_id)"
SQLITE_BACK = (
    "DROP TRIGGER audit_event_is_never_changed",
    "DROP TRIGGER audit_event_is_never_deleted",
)
SQLITE = (
    "CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON screening_auditevent "
    f"WHEN NOT (NEW.redacted_at IS NOT NULL AND {SQLITE_KEPT}) "
    "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
    "CREATE TRIGGER audit_event_is_never_deleted BEFORE DELETE ON screening_auditevent "
    f"WHEN NOT {RELEASED} "
    "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
)
SQLITE_BEFORE = (
    "CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON screening_auditevent "
    "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
    "CREATE TRIGGER audit_event_is_never_deleted BEFORE DELETE ON screening_auditevent "
    "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
)
POSTGRES = (
    "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF TG_OP = 'UPDATE' AND NEW.redacted_at IS NOT NULL AND {POSTGRES_KEPT} "
    "THEN RETURN NEW; END IF; "
    f"IF TG_OP = 'DELETE' AND {RELEASED} THEN RETURN OLD; END IF; "
    "RAISE EXCEPTION 'audit events are append-only'; END $$",
)
POSTGRES_BEFORE = (
    "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$",
)


def install(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE, POSTGRES)


def remove(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, SQLITE_BACK, ())


def replace(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, (*SQLITE_BACK, *SQLITE), POSTGRES)


def put_back(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, (*SQLITE_BACK, *SQLITE_BEFORE), POSTGRES_BEFORE)


def _run(
    schema_editor: BaseDatabaseSchemaEditor, sqlite: tuple[str, ...], postgres: tuple[str, ...]
) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in sqlite if connection.vendor == "sqlite" else postgres:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0024_job_queue"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("review_number", models.PositiveBigIntegerField(unique=True)),
            ],
        ),
        migrations.AddField(
            model_name="auditevent",
            name="redacted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="deletes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="deletion_asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="anonymised_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deletes_at__isnull", True), ("deletion_asked_by__isnull", True)),
                    models.Q(("deletes_at__isnull", False), ("deletion_asked_by__isnull", False)),
                    _connector="OR",
                ),
                name="review_deletion_is_asked_by_someone",
            ),
        ),
        migrations.RunPython(replace, put_back),
    ]
