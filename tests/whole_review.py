"""A review with at least one row in every table that belongs to it."""

import hashlib
import itertools
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from extraction.models import ExtractedValue, Extraction, ExtractionRow, Study
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from reviewapp.bundles.belongs import AUDIT, BY_LABEL, BY_NAME, TABLES, Belonging
from screening.models import (
    AuditEvent,
    MemberGroup,
    Membership,
    PreScreenRemoval,
    Review,
    StageSettings,
)
from screening.models.people import User
from screening.rules.consensus import Stage, Verdict
from tests import factories

numbers = itertools.count(1)
ODD = {
    "completions": {"field": "abstract"},
    "import_problems": {"severity": "warning", "settlement": "", "settled_by": None},
    "adjudications": {"verdict": "include", "reason": None},
    "pilot_decisions": {"verdict": "include", "reason": None, "superseded_at": None},
    "given_answers": {"pilot_decision": None},
    "batch_pdfs": {"state": "waiting"},
    "revisits": {"reconciliation": None, "consensus_row": None},
    "notes": {"is_private": False},
    "reporting_settings": {"policy": {}, "layout": {}},
    "extraction_settings": {"mode": "double", "evidence_needed": "none"},
}


def fill(review: Review, lead: Membership, screener: Membership) -> None:
    """Rows by hand where their values matter, then one of everything that is missing."""
    first = factories.make_record(
        review, title='=SUM("Σ")', raw_text="a\r\nb\rc\n'd", extra={"b": [1], "a": {}}
    )
    second, third = (factories.make_record(review, year=None) for _ in range(2))
    removed = factories.make_record(review)
    PreScreenRemoval.objects.create(record=removed, kind="other", note="A", created_by=lead)
    old = factories.make_decision(first, screener, Verdict.EXCLUDE)
    old.superseded_at = old.created_at
    old.save()
    factories.make_decision(first, screener, replaces=old)
    factories.make_decision(first, lead)
    factories.make_decision(second, lead, Verdict.MAYBE, comment="Ask Sam Screener (@sam)")
    factories.make_decision(second, screener, Verdict.EXCLUDE)
    group = MemberGroup.objects.create(review=review, name="Seniors")
    group.members.add(lead, screener)
    stage = StageSettings.objects.get(review=review, stage=Stage.TITLE_ABSTRACT)
    stage.settlers.add(lead)
    report = factories.make_report(first)
    read(factories.make_study(review, report), screener)
    AuditEvent.objects.append_by(
        lead, "group.changed", group,
        before={"members": [lead.pk], "name": "Seniors"},
        after={"members": [lead.pk, screener.pk], "by": screener.user.email},
    )  # fmt: skip
    AuditEvent.objects.append_by(lead, "record.told", third, after={"name": lead.user.name})
    AuditEvent.objects.append(action="job.cancelled", target=User(pk=10**6), review=review)
    for table in TABLES:
        if table.name != AUDIT and not rows_of(table, review).exists():
            _make(table, review)
    for name in ("full_texts", "import_batches", "sheet_imports"):
        for row in rows_of(BY_NAME[name], review):
            with row.file.open() as file:
                row.sha256 = hashlib.sha256(file.read()).hexdigest()
            row.save(update_fields=["sha256"])


def read(study: Study, member: Membership) -> None:
    """Imported experiments: at all labels, at a tenth, and one whose metric nobody knows."""
    form = factories.make_form(study.review, to_json(template("ssl_classification")))
    extraction = Extraction.objects.create(
        study=study, form=form, extractor=member, origin="import", submitted_at=timezone.now()
    )
    for position, (fraction, ssl, other, metric) in enumerate(
        (("full", "94.2", "91", "AUROC"), ("10%", "88", "70", "AUROC"), ("full", "90", "85", ""))
    ):
        row = ExtractionRow.objects.create(
            extraction=extraction, group="experiment", position=position
        )
        cells = {
            "task": ("pneumonia", ""),
            **({"metric": (metric, "")} if metric else {}),
            "label_fraction": (fraction, ""),
            "ssl_performance": (ssl, "percent"),
            "supervised_performance": (other, "percent"),
            "comparator": ("same architecture, ImageNet", ""),
        }
        for key, (value, unit) in cells.items():
            ExtractedValue.objects.create(
                extraction=extraction, row=row, field=key, value=value, unit=unit, page=3
            )


def rows_of(table: Belonging, review: Review) -> "models.QuerySet[Any]":
    return table.model._base_manager.filter(**{table.path: review.pk}).order_by("pk")


def _make(table: Belonging, review: Review) -> None:
    fields = [f for f in table.model._meta.concrete_fields if not f.primary_key]
    odd = ODD.get(table.name, {})
    values = {f.name: odd[f.name] if f.name in odd else _value(f, review) for f in fields}
    row = table.model(**{name: value for name, value in values.items() if value is not ...})
    row.save(force_insert=True)


def _value(field: "models.Field[Any, Any]", review: Review) -> Any:
    if isinstance(field, models.ForeignKey):
        return _related(field, review)
    if isinstance(field, models.FileField):
        return ContentFile(b"%PDF " + str(next(numbers)).encode(), name="x.pdf")
    if field.has_default() or field.null:
        return ...
    if field.flatchoices:
        return field.flatchoices[0][0]
    kinds = (
        (models.BinaryField, b"\x00\xff"),
        (models.DateTimeField, review.created_at),
        (models.DateField, date(2026, 1, 2)),
        (models.JSONField, {"a": 1.5}),
        (models.BooleanField, True),
        (models.FloatField, 0.1),
        (models.IntegerField, 1),
    )
    return next((value for kind, value in kinds if isinstance(field, kind)), "word")


def _related(field: "models.ForeignKey[Any, Any]", review: Review) -> Any:
    if field.related_model is Review:
        return review
    if field.related_model is User:
        return Membership.objects.filter(review=review).earliest("pk").user
    if field.name in {"pilot_decision", "joined_into", "replaces", "carried_from"}:
        return None
    table = BY_LABEL[field.related_model._meta.label_lower]
    found = list(rows_of(table, review)[:2])
    is_second = field.name in {"second", "kept", "to_form"} and len(found) > 1
    return (found[1] if is_second else found[0]) if found else None
