"""The tables as two steps made them, at once."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from screening.migrations._together import CreateTables


class Migration(migrations.Migration):
    initial = True
    replaces = [("analytics", "0001_reporting"), ("analytics", "0002_publications")]
    dependencies = [("screening", "0032_since_when"), ("extraction", "0011_form_changes_carried")]
    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="ReportingSettings",
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
                        ("policy", models.JSONField(blank=True, default=dict)),
                        ("layout", models.JSONField(blank=True, default=dict)),
                        (
                            "review",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reporting",
                                to="screening.review",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Footnote",
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
                        ("column", models.CharField(blank=True, max_length=80)),
                        ("text", models.TextField()),
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
                                related_name="footnotes",
                                to="screening.review",
                            ),
                        ),
                        (
                            "study",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="footnotes",
                                to="extraction.study",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="footnote_says_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("study__isnull", False),
                                    models.Q(("column", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="footnote_has_a_place",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReportedChoice",
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
                        ("full_row", models.CharField(max_length=32)),
                        ("subset_row", models.CharField(blank=True, max_length=32)),
                        ("rationale", models.TextField()),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "chosen_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="screening.membership",
                            ),
                        ),
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
                            "study",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reported_choices",
                                to="extraction.study",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("study",),
                                name="reported_choice_one_standing_per_study",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rationale", ""), _negated=True),
                                name="reported_choice_has_rationale",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
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
                        ("title", models.CharField(max_length=200)),
                        ("handle", models.CharField(max_length=32, unique=True)),
                        ("filters", models.JSONField(blank=True, default=dict)),
                        ("as_of", models.DateField(blank=True, null=True)),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
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
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="publications",
                                to="screening.review",
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
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True),
                                name="publication_has_title",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expires_at__isnull", True),
                                    ("expires_at__gt", models.F("created_at")),
                                    _connector="OR",
                                ),
                                name="publication_expires_after_it_is_made",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
