"""The tables as thirty steps made them, at once, with the triggers of the audit trail."""

import uuid
from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import screening.models.pdf_batches
import screening.models.people
import screening.models.rankings
import screening.models.records
import screening.models.reports
import screening.models.webhooks
from screening.migrations._together import CreateTables

REFUSAL = import_module("screening.migrations.0002_audit_is_append_only")
RELEASE = import_module("screening.migrations.0025_life_of_a_review")


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("screening", "0001_tables"),
        ("screening", "0002_audit_is_append_only"),
        ("screening", "0003_field_choice"),
        ("screening", "0004_previous_version_and_declared_removals"),
        ("screening", "0005_online_searches"),
        ("screening", "0006_ways_through_the_queue"),
        ("screening", "0007_job_counts_attempts_without_progress"),
        ("screening", "0008_rejected_rows_can_be_settled"),
        ("screening", "0009_compared_record"),
        ("screening", "0010_imports_bring_decisions"),
        ("screening", "0011_rankings"),
        ("screening", "0012_what_maybe_means"),
        ("screening", "0013_pdf_batches"),
        ("screening", "0014_verdicts_taken_over"),
        ("screening", "0015_discussion"),
        ("screening", "0016_api_tokens"),
        ("screening", "0017_list_and_panes"),
        ("screening", "0018_pilots_and_criteria_versions"),
        ("screening", "0019_question_path"),
        ("screening", "0020_member_groups"),
        ("screening", "0021_assignments"),
        ("screening", "0022_webhooks"),
        ("screening", "0023_day_of_an_attempt"),
        ("screening", "0024_job_queue"),
        ("screening", "0025_life_of_a_review"),
        ("screening", "0028_sign_ins_and_second_factors"),
        ("screening", "0029_title_way"),
        ("screening", "0030_passkeys"),
        ("screening", "0031_shared_training"),
        ("screening", "0032_since_when"),
    ]
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="ExclusionReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("label", models.CharField(max_length=200)),
                        ("explanation", models.TextField(blank=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exclusion_reasons",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "label"), name="exclusion_reason_label_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FullText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                max_length=200, upload_to=screening.models.reports.full_text_path
                            ),
                        ),
                        ("original_name", models.CharField(max_length=255)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveBigIntegerField()),
                        ("page_count", models.PositiveIntegerField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("replaced_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="full_texts",
                                to="screening.report",
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_at__isnull", True)),
                                fields=("report",),
                                name="full_text_one_current_per_report",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdrawn_at__isnull", True),
                                    ("replaced_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="full_text_withdrawn_is_not_current",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Review",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("slug", models.SlugField(max_length=80, unique=True)),
                        ("title", models.CharField(max_length=300)),
                        ("question", models.TextField(blank=True)),
                        ("protocol", models.TextField(blank=True)),
                        ("inclusion_criteria", models.JSONField(blank=True, default=list)),
                        ("registration", models.CharField(blank=True, max_length=200)),
                        ("source_note", models.TextField(blank=True)),
                        ("is_extraction_blinded", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("is_detection_automatic", models.BooleanField(default=True)),
                        ("criteria_version", models.PositiveSmallIntegerField(default=1)),
                        ("deletes_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "deletion_asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "second_factor_of",
                            models.CharField(
                                choices=[
                                    ("nobody", "Nobody has to"),
                                    ("leads", "Leads have to"),
                                    ("everyone", "Every member has to"),
                                ],
                                default="nobody",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("deletes_at__isnull", True),
                                        ("deletion_asked_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("deletes_at__isnull", False),
                                        ("deletion_asked_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="review_deletion_is_asked_by_someone",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Search",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("query", models.TextField(blank=True)),
                        ("interface", models.CharField(blank=True, max_length=200)),
                        ("searched_on", models.DateField(blank=True, null=True)),
                        ("hits", models.PositiveIntegerField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="searches",
                                to="screening.source",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=150)),
                        ("is_active", models.BooleanField(default=True)),
                        ("is_staff", models.BooleanField(default=False)),
                        ("date_joined", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                        ("anonymised_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="user_email_is_unique",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FullTextPage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("text", models.TextField(blank=True)),
                        (
                            "full_text",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pages",
                                to="screening.fulltext",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("full_text", "number"), name="full_text_page_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                max_length=200, upload_to=screening.models.records.import_path
                            ),
                        ),
                        ("original_name", models.CharField(max_length=255)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveBigIntegerField()),
                        ("format", models.CharField(blank=True, max_length=40)),
                        ("encoding", models.CharField(blank=True, max_length=40)),
                        ("mapping", models.JSONField(blank=True, default=dict)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="import_batches",
                                to="screening.review",
                            ),
                        ),
                        (
                            "search",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="screening.search",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="screening.source",
                            ),
                        ),
                        ("columns", models.JSONField(blank=True, default=list)),
                        ("prior", models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["review", "sha256"], name="screening_i_review__ea638d_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportProblem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        (
                            "severity",
                            models.CharField(
                                choices=[
                                    ("rejected", "Rejected: no record was made"),
                                    ("known", "Already known: the source has this row"),
                                    ("warning", "Imported with a warning"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("message", models.TextField()),
                        ("raw_text", models.TextField(blank=True)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="problems",
                                to="screening.importbatch",
                            ),
                        ),
                        ("corrected_text", models.TextField(blank=True)),
                        ("note", models.TextField(blank=True)),
                        (
                            "record",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="import_problems",
                                to="screening.record",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "settled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "settlement",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("corrected", "Corrected and imported"),
                                    ("left_out", "Left out"),
                                ],
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "position", "severity", "message"),
                                name="import_problem_said_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("settled_at__isnull", True),
                                        ("settled_by__isnull", True),
                                        ("settlement", ""),
                                    ),
                                    models.Q(
                                        models.Q(("settlement", ""), _negated=True),
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                        ("severity", "rejected"),
                                    ),
                                    _connector="OR",
                                ),
                                name="import_problem_settled_by_someone",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("is_lead", models.BooleanField(default=False)),
                        ("is_screener", models.BooleanField(default=False)),
                        ("is_extractor", models.BooleanField(default=False)),
                        ("is_adjudicator", models.BooleanField(default=False)),
                        ("is_observer", models.BooleanField(default=False)),
                        (
                            "order_seed",
                            models.BigIntegerField(default=screening.models.people.random_seed),
                        ),
                        ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("deactivated_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="screening.review",
                            ),
                        ),
                        (
                            "screening_view",
                            models.CharField(
                                choices=[
                                    ("one", "One record"),
                                    ("list", "List"),
                                    ("panes", "Three panes"),
                                ],
                                default="one",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "user"), name="membership_once_per_review"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_lead", True),
                                    ("is_screener", True),
                                    ("is_extractor", True),
                                    ("is_adjudicator", True),
                                    ("is_observer", True),
                                    _connector="OR",
                                ),
                                name="membership_has_a_role",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Record",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("title", models.TextField()),
                        ("abstract", models.TextField(blank=True)),
                        ("authors", models.JSONField(blank=True, default=list)),
                        ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("venue", models.TextField(blank=True)),
                        ("volume", models.CharField(blank=True, max_length=100)),
                        ("issue", models.CharField(blank=True, max_length=100)),
                        ("pages", models.CharField(blank=True, max_length=100)),
                        ("language", models.CharField(blank=True, max_length=100)),
                        ("record_type", models.CharField(blank=True, max_length=200)),
                        ("keywords", models.JSONField(blank=True, default=list)),
                        ("doi", models.CharField(blank=True, max_length=300)),
                        ("pmid", models.CharField(blank=True, max_length=20)),
                        ("arxiv_id", models.CharField(blank=True, max_length=40)),
                        ("urls", models.JSONField(blank=True, default=list)),
                        ("extra", models.JSONField(blank=True, default=dict)),
                        ("raw_text", models.TextField()),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("occurrence", models.PositiveIntegerField(default=1)),
                        (
                            "random_key",
                            models.BigIntegerField(default=screening.models.records.random_key),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="records",
                                to="screening.importbatch",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="records",
                                to="screening.review",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="records",
                                to="screening.source",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                fields=["review", "doi"], name="screening_r_review__61f4ff_idx"
                            ),
                            models.Index(
                                fields=["review", "year"], name="screening_r_review__9be879_idx"
                            ),
                            models.Index(
                                fields=["review", "random_key", "id", "source"],
                                name="record_random_way_idx",
                            ),
                            models.Index(
                                models.F("review"),
                                screening.models.records.NewestKey("year"),
                                models.F("id"),
                                models.F("source"),
                                name="record_newest_way_idx",
                            ),
                            models.Index(
                                models.F("review"),
                                screening.models.records.TitleKey("title"),
                                models.F("id"),
                                models.F("source"),
                                name="record_title_way_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "fingerprint", "occurrence"),
                                name="record_row_once_per_source",
                            ),
                            models.UniqueConstraint(
                                fields=("batch", "position"), name="record_position_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PreScreenRemoval",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("automation", "Marked as ineligible by automation tools"),
                                    ("other", "Removed for other reasons"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.TextField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="removals",
                                to="screening.record",
                            ),
                        ),
                        (
                            "stop",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="removals",
                                to="screening.screeningstop",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("record",),
                                name="removal_one_standing_per_record",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("body", models.TextField()),
                        ("is_private", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("edited_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="screening.record",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("include", "include"),
                                    ("exclude", "exclude"),
                                    ("maybe", "maybe"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("comment", models.TextField(blank=True)),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        ("seconds_spent", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("page", "Page"),
                                    ("api", "API"),
                                    ("import", "Imported"),
                                    ("merge", "Carried over from a duplicate"),
                                    ("undo", "Restored by undo"),
                                    ("handed", "Taken over from a former member"),
                                    ("pilot", "Entered when a pilot round ended"),
                                ],
                                default="page",
                                max_length=10,
                            ),
                        ),
                        (
                            "client_key",
                            models.CharField(blank=True, max_length=64, null=True, unique=True),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="screening.decision",
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="screening.exclusionreason",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="screening.record",
                            ),
                        ),
                        (
                            "criteria_version",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["reviewer", "stage", "-created_at"],
                                name="screening_d_reviewe_560c35_idx",
                            ),
                            models.Index(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=["stage", "record", "verdict", "reason", "reviewer"],
                                name="decision_tally_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("record", "stage", "reviewer"),
                                name="decision_one_current_per_reviewer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage", "full_text"),
                                        ("verdict", "exclude"),
                                        _negated=True,
                                    ),
                                    ("reason__isnull", False),
                                    _connector="OR",
                                ),
                                name="decision_full_text_exclusion_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reason__isnull", True),
                                    ("verdict", "exclude"),
                                    _connector="OR",
                                ),
                                name="decision_reason_only_with_exclusion",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stage__in", ["title_abstract", "full_text"])),
                                name="decision_stage_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verdict__in", ["include", "exclude", "maybe"])
                                ),
                                name="decision_verdict_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("undone_at__isnull", True),
                                    ("superseded_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="decision_undone_is_superseded",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Adjudication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("include", "include"),
                                    ("exclude", "exclude"),
                                    ("maybe", "maybe"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("ruling", "Ruled by the adjudicator"),
                                    ("consensus", "Agreed by talk"),
                                    ("published", "Published verdict of an earlier team"),
                                ],
                                default="ruling",
                                max_length=12,
                            ),
                        ),
                        ("rationale", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adjudications",
                                to="screening.exclusionreason",
                            ),
                        ),
                        (
                            "adjudicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adjudications",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adjudications",
                                to="screening.record",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("record", "stage"),
                                name="adjudication_one_current_per_stage",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("verdict__in", ["include", "exclude"])),
                                name="adjudication_is_never_maybe",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage", "full_text"),
                                        ("verdict", "exclude"),
                                        _negated=True,
                                    ),
                                    ("reason__isnull", False),
                                    _connector="OR",
                                ),
                                name="adjudication_full_text_exclusion_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reason__isnull", True),
                                    ("verdict", "exclude"),
                                    _connector="OR",
                                ),
                                name="adjudication_reason_only_with_exclusion",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Report",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "record",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report",
                                to="screening.record",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RetrievalAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("how", models.CharField(max_length=200)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("pending", "Still waiting"),
                                    ("retrieved", "Retrieved"),
                                    ("not_retrieved", "Not retrieved"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attempts",
                                to="screening.report",
                            ),
                        ),
                        ("tried_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "indexes": [models.Index(fields=["created_at"], name="attempt_since_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="NotDuplicate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.record",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.record",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="not_duplicates",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("first", "second"),
                                name="not_duplicate_one_standing_per_pair",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))),
                                name="not_duplicate_pair_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Job",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=60)),
                        ("params", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting for a worker"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(blank=True, null=True)),
                        ("message", models.TextField(blank=True)),
                        ("cursor", models.JSONField(blank=True, null=True)),
                        ("result", models.JSONField(blank=True, null=True)),
                        ("owner", models.CharField(blank=True, max_length=64)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "idempotency_key",
                            models.CharField(blank=True, max_length=120, null=True, unique=True),
                        ),
                        ("error", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="jobs",
                                to="screening.review",
                            ),
                        ),
                        ("stalled", models.PositiveSmallIntegerField(default=0)),
                        (
                            "queue",
                            models.CharField(
                                choices=[("short", "Short work"), ("long", "Long work")],
                                db_default="long",
                                default="long",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["state", "lease_until"], name="screening_j_state_17f323_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "running"), _negated=True),
                                    models.Q(("owner", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="job_running_has_owner",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("roles", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accepted_invitations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("accepted_at__isnull", True), ("accepted_by__isnull", True)
                                    ),
                                    models.Q(
                                        ("accepted_at__isnull", False),
                                        ("accepted_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="invitation_accepted_by_someone",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HighlightTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "list",
                            models.CharField(
                                choices=[
                                    ("include", "Speaks for inclusion"),
                                    ("exclude", "Speaks for exclusion"),
                                    ("neutral", "Worth seeing"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("pattern", models.CharField(max_length=120)),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="highlight_terms",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="highlight_terms",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["list", "pattern"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("member__isnull", True)),
                                fields=("review", "pattern"),
                                name="highlight_pattern_once_per_review",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("member__isnull", False)),
                                fields=("review", "member", "pattern"),
                                name="highlight_pattern_once_per_member",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DuplicateSuggestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("score", models.FloatField(blank=True, null=True)),
                        ("reasons", models.JSONField(default=list)),
                        (
                            "first",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.record",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.record",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("first", "second"), name="duplicatesuggestion_pair_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))),
                                name="duplicatesuggestion_pair_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DuplicateLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("identifier", "Same identifier"),
                                    ("title", "Same title, year and first author"),
                                    ("score", "Alike by score"),
                                    ("manual", "Linked by a person"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("score", models.FloatField(blank=True, null=True)),
                        ("reasons", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "kept",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="kept_links",
                                to="screening.record",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="duplicate_links",
                                to="screening.record",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="duplicate_links",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("record",),
                                name="duplicate_link_one_standing_per_record",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("record", models.F("kept")), _negated=True),
                                name="duplicate_link_not_to_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("score__isnull", True),
                                    models.Q(("score__gte", 0), ("score__lte", 1)),
                                    _connector="OR",
                                ),
                                name="duplicate_link_score_is_0_to_1",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("action", models.CharField(max_length=60)),
                        ("target_type", models.CharField(max_length=60)),
                        ("target_id", models.CharField(max_length=40)),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("previous_hash", models.CharField(blank=True, max_length=64)),
                        ("hash", models.CharField(max_length=64)),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="audit_events",
                                to="screening.review",
                            ),
                        ),
                        ("redacted_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                fields=["review", "target_type", "target_id"],
                                name="screening_a_review__ccb8c6_idx",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScreeningLease",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("expires_at", models.DateTimeField()),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="leases",
                                to="screening.record",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="leases",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "handed_at",
                            models.DateTimeField(default=django.utils.timezone.now, null=True),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["reviewer", "stage", "expires_at"],
                                name="screening_s_reviewe_2db247_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "stage", "reviewer"),
                                name="lease_once_per_reviewer",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Source",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("database", "Database"),
                                    ("register", "Register"),
                                    ("website", "Website"),
                                    ("organisation", "Organisation"),
                                    ("citation_searching", "Citation searching"),
                                    ("other", "Other"),
                                    ("previous_version", "Previous version of this review"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sources",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "name"), name="source_name_once_per_review"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StageSettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "verdicts_needed",
                            models.PositiveSmallIntegerField(
                                default=2,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3),
                                ],
                            ),
                        ),
                        ("is_blinded", models.BooleanField(default=True)),
                        ("is_maybe_allowed", models.BooleanField(default=True)),
                        ("is_reason_required", models.BooleanField(default=False)),
                        ("is_own_ruling_barred", models.BooleanField(default=True)),
                        (
                            "order",
                            models.CharField(
                                choices=[
                                    ("random", "Random, by each person's own seed"),
                                    ("newest", "Newest publication first"),
                                    ("relevance", "Most likely relevant first"),
                                ],
                                default="random",
                                max_length=20,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stage_settings",
                                to="screening.review",
                            ),
                        ),
                        (
                            "exploration_percent",
                            models.PositiveSmallIntegerField(
                                default=0,
                                validators=[django.core.validators.MaxValueValidator(100)],
                            ),
                        ),
                        (
                            "exploration_seed",
                            models.BigIntegerField(default=screening.models.people.random_seed),
                        ),
                        ("known_reports", models.TextField(blank=True)),
                        (
                            "ranking_mode",
                            models.CharField(
                                choices=[
                                    (
                                        "auto",
                                        "Each person's own while the stage is blinded, else the team's",
                                    ),
                                    ("own", "Each person's own verdicts only"),
                                    ("team", "The team's verdicts"),
                                ],
                                default="auto",
                                max_length=10,
                            ),
                        ),
                        (
                            "maybe_means",
                            models.CharField(
                                choices=[
                                    ("include", "Counts as include"),
                                    ("conflict", "Leaves a conflict that has to be settled"),
                                ],
                                default="include",
                                max_length=10,
                            ),
                        ),
                        (
                            "settlers",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="screening.membership"
                            ),
                        ),
                        ("is_together_allowed", models.BooleanField(default=True)),
                        (
                            "pilot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="screening.pilot",
                            ),
                        ),
                        ("has_question_path", models.BooleanField(default=False)),
                        (
                            "required_group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="required_at",
                                to="screening.membergroup",
                            ),
                        ),
                        (
                            "assigning",
                            models.CharField(
                                choices=[
                                    ("freely", "Freely: everybody is handed what is left"),
                                    (
                                        "first",
                                        "What is assigned to a person first, then what is left",
                                    ),
                                    ("only", "Only what is assigned to a person"),
                                ],
                                default="freely",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "stage"), name="stage_settings_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verdicts_needed__gte", 1), ("verdicts_needed__lte", 3)
                                ),
                                name="stage_settings_needs_1_to_3_verdicts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stage__in", ["title_abstract", "full_text"])),
                                name="stage_settings_stage_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("maybe_means__in", ["include", "conflict"])),
                                name="stage_settings_maybe_meaning_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("label", models.CharField(max_length=80)),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tags",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["label"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "label"), name="tag_label_once_per_review"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecordTag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="record_tags",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="record_tags",
                                to="screening.record",
                            ),
                        ),
                        (
                            "tag",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="record_tags",
                                to="screening.tag",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "tag", "member"),
                                name="record_tag_once_per_member",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FieldChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("field", models.CharField(max_length=20)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="field_choices",
                                to="screening.record",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="field_choices",
                                to="screening.review",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("record", "field"),
                                name="field_choice_one_standing_per_record",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeclaredRemoval",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("duplicate", "Duplicate records removed"),
                                    ("automation", "Marked as ineligible by automation tools"),
                                    ("other", "Removed for other reasons"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("count", models.PositiveIntegerField()),
                        ("note", models.TextField()),
                        ("removed_on", models.DateField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "declared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declared_removals",
                                to="screening.source",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("count__gt", 0)),
                                name="declared_removal_has_a_count",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["duplicate", "automation", "other"])
                                ),
                                name="declared_removal_kind_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HostPace",
                    fields=[
                        (
                            "host",
                            models.CharField(max_length=100, primary_key=True, serialize=False),
                        ),
                        ("free_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="SavedSearch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("database", models.CharField(max_length=20)),
                        ("query", models.TextField()),
                        ("digest", models.CharField(max_length=64)),
                        ("hits", models.PositiveIntegerField(blank=True, null=True)),
                        ("understood", models.TextField(blank=True)),
                        ("warnings", models.JSONField(blank=True, default=list)),
                        ("counted_at", models.DateTimeField(blank=True, null=True)),
                        ("failure", models.TextField(blank=True)),
                        ("failed_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_searches",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "database", "digest"),
                                name="saved_search_once_per_review",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchFetch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "batch",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="fetch",
                                to="screening.importbatch",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "saved",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="fetches",
                                to="screening.savedsearch",
                            ),
                        ),
                        (
                            "search",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="screening.search",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FetchedPage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("body", models.BinaryField()),
                        ("records", models.PositiveIntegerField()),
                        (
                            "fetch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pages",
                                to="screening.searchfetch",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("fetch", "number"), name="fetched_page_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LookupAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("fields", models.JSONField(default=list)),
                        ("reason", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lookup_attempts",
                                to="screening.record",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                fields=["record", "-created_at"],
                                name="screening_l_record__b0256e_idx",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecordCompletion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "field",
                            models.CharField(
                                choices=[
                                    ("abstract", "Abstract"),
                                    ("year", "Year"),
                                    ("venue", "Venue"),
                                    ("authors", "Authors"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("value", models.JSONField()),
                        ("origin", models.CharField(max_length=20)),
                        ("identifier", models.CharField(max_length=300)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="completions",
                                to="screening.record",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("record", "field"),
                                name="completion_one_standing_per_field",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ComparedRecord",
                    fields=[
                        (
                            "record",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="compared",
                                serialize=False,
                                to="screening.record",
                            ),
                        ),
                        ("version", models.CharField(max_length=16)),
                        ("keys", models.BinaryField()),
                        ("form", models.TextField()),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.review",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PriorDecisions",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=300)),
                        ("included", models.PositiveIntegerField()),
                        ("excluded", models.PositiveIntegerField()),
                        ("rows", models.BinaryField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "origin",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="screening.review",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="prior_decisions",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("review",),
                                name="prior_decisions_one_standing_per_review",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RankingVectors",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("records", models.PositiveIntegerField()),
                        ("fitted", models.PositiveIntegerField()),
                        ("size", models.PositiveIntegerField()),
                        (
                            "file",
                            models.FileField(
                                max_length=200, upload_to=screening.models.rankings.vectors_path
                            ),
                        ),
                        ("digests", models.BinaryField()),
                        ("text_state", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ranking_vectors",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Ranking",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("question", "The question and known reports (BM25)"),
                                    ("model", "A model trained on verdicts"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("model_version", models.CharField(max_length=40)),
                        ("training_digest", models.CharField(max_length=64)),
                        ("examples", models.PositiveIntegerField()),
                        ("exploration_share", models.FloatField()),
                        ("seed", models.BigIntegerField()),
                        ("question", models.TextField(blank=True)),
                        ("order_digest", models.CharField(max_length=64)),
                        ("as_of", models.DateTimeField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rankings",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "prior",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rankings",
                                to="screening.priordecisions",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rankings",
                                to="screening.review",
                            ),
                        ),
                        (
                            "vectors",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rankings",
                                to="screening.rankingvectors",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                fields=["review", "stage", "member", "-id"],
                                name="screening_r_review__2ae398_idx",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScreeningStop",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("state", models.JSONField(default=dict)),
                        ("note", models.TextField(blank=True)),
                        ("removed", models.PositiveIntegerField()),
                        ("stopped_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="screening_stops",
                                to="screening.review",
                            ),
                        ),
                        (
                            "stopped_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "taken_back_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("taken_back_at__isnull", True)),
                                fields=("review", "stage"),
                                name="screening_stop_one_standing_per_stage",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SkippedRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("skipped_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="skipped",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.record",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["skipped_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "stage", "record"), name="skipped_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchPdf",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                blank=True,
                                max_length=200,
                                upload_to=screening.models.pdf_batches.batch_pdf_path,
                            ),
                        ),
                        ("original_name", models.CharField(max_length=255)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting to be read"),
                                    ("stored", "Stored"),
                                    ("present", "Was there already"),
                                    ("has_pdf", "Its report has a PDF already"),
                                    ("unmatched", "No report found"),
                                    ("set_aside", "Set aside"),
                                    ("refused", "Not readable"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("message", models.CharField(blank=True, max_length=300)),
                        ("opening", models.CharField(blank=True, max_length=600)),
                        ("candidates", models.JSONField(blank=True, default=list)),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("doi", "by its DOI"),
                                    ("title", "by its title"),
                                    ("person", "by hand"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "full_text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.fulltext",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.report",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pdfs",
                                to="screening.pdfbatch",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["stored", "present"]), _negated=True),
                                    models.Q(
                                        ("full_text__isnull", False), ("report__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="batch_pdf_stored_names_report_and_full_text",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PdfBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pdf_batches",
                                to="screening.review",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DiscussionMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("body", models.TextField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discussion",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discussion",
                                to="screening.record",
                            ),
                        ),
                        (
                            "pilot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discussion",
                                to="screening.pilot",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("body", ""), _negated=True),
                                name="discussion_message_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("hint", models.CharField(max_length=12)),
                        ("scopes", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("expires_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "review",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="api_tokens",
                                to="screening.review",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="api_tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                                name="api_token_expires_after_it_is_made",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdempotentAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("request_hash", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("body", models.JSONField(blank=True, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "key"), name="idempotency_key_once_per_person"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pilot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("is_counted", models.BooleanField(default=False)),
                        ("is_held", models.BooleanField(default=True)),
                        ("seed", models.BigIntegerField(blank=True, null=True)),
                        ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pilots",
                                to="screening.review",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-started_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "stage", "number"), name="pilot_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("review", "stage"),
                                name="pilot_one_open_per_stage",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at__isnull", True),
                                    ("ended_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="pilot_closed_is_ended",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PilotDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("include", "include"),
                                    ("exclude", "exclude"),
                                    ("maybe", "maybe"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("comment", models.TextField(blank=True)),
                        ("seconds_spent", models.PositiveIntegerField(blank=True, null=True)),
                        ("origin", models.CharField(default="page", max_length=10)),
                        (
                            "criteria_version",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        (
                            "client_key",
                            models.CharField(blank=True, max_length=64, null=True, unique=True),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "pilot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="screening.pilot",
                            ),
                        ),
                        (
                            "reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pilot_decisions",
                                to="screening.exclusionreason",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pilot_decisions",
                                to="screening.record",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pilot_decisions",
                                to="screening.membership",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("pilot", "record", "reviewer"),
                                name="pilot_decision_one_current_per_reviewer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage", "full_text"),
                                        ("verdict", "exclude"),
                                        _negated=True,
                                    ),
                                    ("reason__isnull", False),
                                    _connector="OR",
                                ),
                                name="pilot_decision_full_text_exclusion_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reason__isnull", True),
                                    ("verdict", "exclude"),
                                    _connector="OR",
                                ),
                                name="pilot_decision_reason_only_with_exclusion",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("undone_at__isnull", True),
                                    ("superseded_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="pilot_decision_undone_is_superseded",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PilotRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "pilot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pilot_records",
                                to="screening.pilot",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pilot_records",
                                to="screening.record",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pilot", "record"), name="pilot_record_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CriteriaVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("criteria", models.JSONField(default=list)),
                        ("note", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="criteria_versions",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "number"), name="criteria_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PathQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("text", models.CharField(max_length=300)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "reason",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="path_questions",
                                to="screening.exclusionreason",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="path_questions",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="GivenAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                choices=[("yes", "Yes"), ("no", "No"), ("unclear", "Unclear")],
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "decision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="given_answers",
                                to="screening.decision",
                            ),
                        ),
                        (
                            "pilot_decision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="given_answers",
                                to="screening.pilotdecision",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="given_answers",
                                to="screening.pathquestion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("decision", "question"),
                                name="given_answer_one_current_per_question",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at__isnull", True)),
                                fields=("pilot_decision", "question"),
                                name="given_answer_one_current_per_pilot_question",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decision__isnull", True),
                                    ("pilot_decision__isnull", True),
                                    _connector="XOR",
                                ),
                                name="given_answer_of_one_decision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("answer__in", ["yes", "no", "unclear"])),
                                name="given_answer_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MemberGroup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "members",
                            models.ManyToManyField(
                                blank=True, related_name="groups", to="screening.membership"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="member_groups",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "name"), name="member_group_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScreeningAssignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="screening_assignments",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="screening_assignments",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="AssignedRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("random_key", models.BigIntegerField()),
                        ("newest_key", models.IntegerField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assigned",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assigned",
                                to="screening.record",
                            ),
                        ),
                        (
                            "assignment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assigned",
                                to="screening.screeningassignment",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=["member", "stage", "random_key", "record"],
                                name="assigned_random_way_idx",
                            ),
                            models.Index(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=["member", "stage", "newest_key", "record"],
                                name="assigned_newest_way_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("record", "stage", "member"),
                                name="assigned_once_per_member",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("url", models.URLField(max_length=500)),
                        ("events", models.JSONField(default=list)),
                        (
                            "secret",
                            models.CharField(
                                default=screening.models.webhooks.new_secret, max_length=80
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="webhooks",
                                to="screening.review",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "event",
                            models.CharField(
                                choices=[
                                    ("import.done", "An import is done"),
                                    ("conflict", "A record has come into conflict"),
                                    ("study.final", "A study is final"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("facts", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("delivered", "Delivered"),
                                    ("failed", "Given up"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("status_code", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("error", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="screening.webhook",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "delivered"), _negated=True),
                                    ("delivered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="webhook_delivery_says_when",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditRelease",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("review_number", models.PositiveBigIntegerField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="SecondFactor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("secret", models.TextField(blank=True)),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("last_step", models.BigIntegerField(default=-1)),
                        ("failures", models.PositiveSmallIntegerField(default=0)),
                        ("closed_until", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="second_factor",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("next_secret", models.TextField(blank=True, db_default="", default="")),
                    ],
                ),
                migrations.CreateModel(
                    name="SignIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("session_key", models.CharField(max_length=40, unique=True)),
                        ("device", models.CharField(blank=True, max_length=300)),
                        ("address", models.GenericIPAddressField(blank=True, null=True)),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("password", "password"),
                                    ("institution", "institution"),
                                    ("passkey", "passkey"),
                                ],
                                default="password",
                                max_length=20,
                            ),
                        ),
                        ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sign_ins",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Identity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("issuer", models.URLField(max_length=400)),
                        ("subject", models.CharField(max_length=255)),
                        ("linked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="identities",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("issuer", "subject"), name="identity_is_of_one_person"
                            ),
                            models.UniqueConstraint(
                                fields=("user", "issuer"), name="identity_once_per_issuer"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecoveryCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code_hash", models.CharField(max_length=64)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "factor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recovery_codes",
                                to="screening.secondfactor",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("factor", "code_hash"), name="recovery_code_once_per_factor"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Passkey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("host", models.CharField(max_length=253)),
                        ("credential_id", models.CharField(max_length=1400, unique=True)),
                        ("credential", models.BinaryField()),
                        ("uses", models.BigIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "factor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="passkeys",
                                to="screening.secondfactor",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="SharedTraining",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("title_abstract", "title_abstract"),
                                    ("full_text", "full_text"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("trainer", models.CharField(blank=True, max_length=32)),
                        ("turn_ends_at", models.DateTimeField(blank=True, null=True)),
                        ("marks", models.CharField(blank=True, max_length=64)),
                        ("learnt", models.BinaryField(default=bytes)),
                        (
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "ranking",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.ranking",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("member__isnull", True)),
                                fields=("review", "stage"),
                                name="shared_training_one_of_the_team",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("member__isnull", False)),
                                fields=("member", "stage"),
                                name="shared_training_one_of_each_member",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.RunPython(REFUSAL.install, REFUSAL.remove),
        migrations.RunPython(RELEASE.replace, RELEASE.put_back),
    ]
