"""The tables as eleven steps made them, at once."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import extraction.models.sheets
import extraction.models.values
import screening.models.people
from screening.migrations._together import CreateTables


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("extraction", "0001_tables"),
        ("extraction", "0002_links"),
        ("extraction", "0003_form_draft"),
        ("extraction", "0004_assignments_sides_and_pairings"),
        ("extraction", "0005_keep_sides"),
        ("extraction", "0006_extraction_sheets"),
        ("extraction", "0007_places_of_quotes"),
        ("extraction", "0008_form_changes"),
        ("extraction", "0009_verification_and_evidence"),
        ("extraction", "0010_joined_reports_and_data_sets"),
        ("extraction", "0011_form_changes_carried"),
    ]
    dependencies = [("screening", "0032_since_when")]
    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="ConsensusRow",
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
                        ("group", models.CharField(max_length=60)),
                        (
                            "key",
                            models.CharField(
                                default=extraction.models.values.row_key, max_length=32, unique=True
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("is_left_out", models.BooleanField(default=False)),
                        (
                            "row_a",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.extractionrow",
                            ),
                        ),
                        (
                            "row_b",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.extractionrow",
                            ),
                        ),
                        (
                            "reconciliation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="extraction.reconciliation",
                            ),
                        ),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ConsensusValue",
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
                        ("page", models.PositiveIntegerField(blank=True, null=True)),
                        ("quote", models.TextField(blank=True)),
                        (
                            "location",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("abstract", "Abstract"),
                                    ("text", "Text"),
                                    ("table", "Table"),
                                    ("figure", "Figure"),
                                    ("supplement", "Supplement"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("rectangles", models.JSONField(blank=True, default=list)),
                        ("source_url", models.TextField(blank=True)),
                        ("field", models.CharField(max_length=60)),
                        ("value", models.JSONField(null=True)),
                        ("unit", models.CharField(blank=True, max_length=20)),
                        (
                            "side",
                            models.CharField(
                                choices=[
                                    ("both", "Both agree"),
                                    ("a", "A's value"),
                                    ("b", "B's value"),
                                    ("third", "A third value"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("rationale", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "full_text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.fulltext",
                            ),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="extraction.consensusrow",
                            ),
                        ),
                        (
                            "value_a",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.extractedvalue",
                            ),
                        ),
                        (
                            "value_b",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.extractedvalue",
                            ),
                        ),
                        (
                            "reconciliation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="extraction.reconciliation",
                            ),
                        ),
                        (
                            "carried_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="carried_to",
                                to="extraction.consensusvalue",
                            ),
                        ),
                        (
                            "carried_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.formchange",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("row__isnull", True), ("superseded_at__isnull", True)
                                ),
                                fields=("reconciliation", "field"),
                                name="consensus_one_current_per_field",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("row__isnull", False), ("superseded_at__isnull", True)
                                ),
                                fields=("reconciliation", "row", "field"),
                                name="consensus_one_current_per_cell",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("side", "third"), _negated=True),
                                    models.Q(("rationale", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="consensus_third_value_has_rationale",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExtractedValue",
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
                        ("page", models.PositiveIntegerField(blank=True, null=True)),
                        ("quote", models.TextField(blank=True)),
                        (
                            "location",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("abstract", "Abstract"),
                                    ("text", "Text"),
                                    ("table", "Table"),
                                    ("figure", "Figure"),
                                    ("supplement", "Supplement"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("rectangles", models.JSONField(blank=True, default=list)),
                        ("source_url", models.TextField(blank=True)),
                        ("field", models.CharField(max_length=60)),
                        ("value", models.JSONField(null=True)),
                        ("unit", models.CharField(blank=True, max_length=20)),
                        ("note", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "full_text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.fulltext",
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="extraction.extractedvalue",
                            ),
                        ),
                        (
                            "extraction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="extraction.extraction",
                            ),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="extraction.extractionrow",
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="values",
                                to="extraction.sheetimport",
                            ),
                        ),
                        (
                            "carried_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="carried_to",
                                to="extraction.extractedvalue",
                            ),
                        ),
                        (
                            "carried_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.formchange",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("row__isnull", True), ("superseded_at__isnull", True)
                                ),
                                fields=("extraction", "field"),
                                name="value_one_current_per_field",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("row__isnull", False), ("superseded_at__isnull", True)
                                ),
                                fields=("extraction", "row", "field"),
                                name="value_one_current_per_cell",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extraction",
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
                            "origin",
                            models.CharField(
                                choices=[("page", "Extracted in the form"), ("import", "Imported")],
                                default="page",
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "extractor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extractions",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extractions",
                                to="extraction.extractionform",
                            ),
                        ),
                        (
                            "study",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="extractions",
                                to="extraction.study",
                            ),
                        ),
                        ("reopened_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "sheet",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extractions",
                                to="extraction.sheetimport",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("study", "extractor"), name="extraction_once_per_extractor"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExtractionForm",
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
                        ("version", models.PositiveIntegerField()),
                        ("definition", models.JSONField()),
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
                                related_name="extraction_forms",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "version"), name="form_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExtractionRow",
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
                        ("group", models.CharField(max_length=60)),
                        (
                            "key",
                            models.CharField(
                                default=extraction.models.values.row_key, max_length=32, unique=True
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "extraction",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="extraction.extraction",
                            ),
                        ),
                        ("sheet_key", models.CharField(blank=True, max_length=120)),
                        (
                            "sheet",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="extraction.sheetimport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Reconciliation",
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
                        ("finalised_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "finalised_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.extractionform",
                            ),
                        ),
                        (
                            "study",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reconciliation",
                                to="extraction.study",
                            ),
                        ),
                        (
                            "extraction_a",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.extraction",
                            ),
                        ),
                        (
                            "extraction_b",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.extraction",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Study",
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
                        ("title", models.TextField()),
                        ("first_author", models.CharField(blank=True, max_length=200)),
                        ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("label", models.CharField(blank=True, max_length=200)),
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
                                related_name="studies",
                                to="screening.review",
                            ),
                        ),
                        (
                            "side_seed",
                            models.BigIntegerField(default=screening.models.people.random_seed),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="studies",
                                to="extraction.sheetimport",
                            ),
                        ),
                        (
                            "joined_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.study",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "studies",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="StudyReport",
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
                        ("is_main", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "report",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="study_report",
                                to="screening.report",
                            ),
                        ),
                        (
                            "study",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="study_reports",
                                to="extraction.study",
                            ),
                        ),
                        (
                            "came_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="extraction.study",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_main", True)),
                                fields=("study",),
                                name="study_one_main_report",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormDraft",
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
                        ("definition", models.JSONField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "base",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="extraction.extractionform",
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
                            "review",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="form_draft",
                                to="screening.review",
                            ),
                        ),
                        (
                            "updated_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ExtractionSettings",
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
                        ("is_reconciliation_blinded", models.BooleanField(default=True)),
                        ("is_assigned_only", models.BooleanField(default=False)),
                        (
                            "review",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="extraction_settings",
                                to="screening.review",
                            ),
                        ),
                        (
                            "evidence_needed",
                            models.CharField(
                                choices=[
                                    ("none", "None"),
                                    (
                                        "results",
                                        "The results that are compared (both values of each experiment)",
                                    ),
                                    ("all", "Every answer"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("double", "Two people extract, a third reconciles"),
                                    ("verified", "One person extracts, a second checks each value"),
                                ],
                                default="double",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("mode__in", ["double", "verified"])),
                                name="extraction_settings_mode_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("evidence_needed__in", ["none", "results", "all"])
                                ),
                                name="extraction_settings_evidence_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Assignment",
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
                            "task",
                            models.CharField(
                                choices=[("extract", "Extract"), ("settle", "Reconcile or verify")],
                                default="extract",
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "assigned_by",
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
                                related_name="assignments",
                                to="screening.membership",
                            ),
                        ),
                        (
                            "study",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assignments",
                                to="extraction.study",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("study", "member", "task"),
                                name="assignment_stands_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetImport",
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
                                max_length=200, upload_to=extraction.models.sheets.sheet_path
                            ),
                        ),
                        ("original_name", models.CharField(max_length=255)),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveBigIntegerField()),
                        ("sheet", models.CharField(blank=True, max_length=255)),
                        ("mapping", models.JSONField(blank=True, default=dict)),
                        ("problems", models.JSONField(blank=True, default=list)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("imported_at", models.DateTimeField(blank=True, null=True)),
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
                            "extractor",
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
                                related_name="sheet_imports",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="QuotePlace",
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
                        ("digest", models.CharField(max_length=64)),
                        ("page", models.PositiveIntegerField(blank=True, null=True)),
                        ("rectangles", models.JSONField(blank=True, default=list)),
                        ("looked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "full_text",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quote_places",
                                to="screening.fulltext",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("full_text", "digest"), name="quote_place_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormChange",
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
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "from_form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="extraction.extractionform",
                            ),
                        ),
                        (
                            "made_by",
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
                                related_name="form_changes",
                                to="screening.review",
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
                        (
                            "to_form",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="change",
                                to="extraction.extractionform",
                            ),
                        ),
                        ("carried_at", models.DateTimeField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Revisit",
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
                        ("field", models.CharField(max_length=60)),
                        ("reason", models.TextField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="revisits",
                                to="extraction.formchange",
                            ),
                        ),
                        (
                            "consensus_row",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="revisits",
                                to="extraction.consensusrow",
                            ),
                        ),
                        (
                            "extraction",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="revisits",
                                to="extraction.extraction",
                            ),
                        ),
                        (
                            "reconciliation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="revisits",
                                to="extraction.reconciliation",
                            ),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="revisits",
                                to="extraction.extractionrow",
                            ),
                        ),
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
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("settled_at__isnull", True)),
                                fields=["extraction", "field"],
                                name="revisit_open_of_extraction",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("extraction__isnull", True),
                                        ("reconciliation__isnull", False),
                                    ),
                                    models.Q(
                                        ("extraction__isnull", False),
                                        ("reconciliation__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="revisit_of_extraction_or_reconciliation",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataSet",
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
                        ("other_names", models.JSONField(blank=True, default=list)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
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
                                related_name="data_sets",
                                to="screening.review",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("review"),
                                django.db.models.functions.text.Lower("name"),
                                condition=models.Q(("retired_at__isnull", True)),
                                name="data_set_name_once",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
