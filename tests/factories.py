"""Makers of rows for tests; each makes the least that is valid."""

import itertools
from typing import Any

from django.core.files.base import ContentFile

from extraction.models import ExtractionForm, Study, StudyReport
from screening.models import (
    Decision,
    ExclusionReason,
    ImportBatch,
    Membership,
    Record,
    Report,
    Review,
    Source,
    StageSettings,
    User,
)
from screening.rules.consensus import Stage, Verdict

counter = itertools.count(1)
PASSWORD = "correct horse battery staple"


def make_user(name: str = "", **fields: Any) -> User:
    number = next(counter)
    name = name or f"Person {number}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}.{number}@example.org")
    return User.objects.create_user(email, PASSWORD, name=name, **fields)


def make_review(**fields: Any) -> Review:
    number = next(counter)
    values = {"slug": f"review-{number}", "title": f"Review {number}"} | fields
    review = Review.objects.create(**values)
    for stage in Stage:
        is_first = stage == Stage.TITLE_ABSTRACT
        StageSettings.objects.create(
            review=review,
            stage=stage,
            is_maybe_allowed=is_first,
            is_reason_required=not is_first,
        )
    return review


def make_member(review: Review, *roles: str, user: User | None = None, **fields: Any) -> Membership:
    flags = {f"is_{role}": True for role in roles or ("observer",)}
    user = user or make_user(roles[0] if roles else "observer")
    return Membership.objects.create(review=review, user=user, **flags, **fields)


def make_source(review: Review, **fields: Any) -> Source:
    values = {"name": f"Source {next(counter)}", "kind": Source.Kind.DATABASE} | fields
    return Source.objects.create(review=review, **values)


def make_batch(source: Source, **fields: Any) -> ImportBatch:
    number = next(counter)
    values: dict[str, Any] = {
        "original_name": f"file-{number}.ris",
        "sha256": f"{number:064d}",
        "size": 3,
        "file": ContentFile(b"raw", name="raw"),
    } | fields
    return ImportBatch.objects.create(review=source.review, source=source, **values)


def make_record(review: Review, *, source: Source | None = None, **fields: Any) -> Record:
    number = next(counter)
    source = source or Source.objects.filter(review=review).first() or make_source(review)
    batch = ImportBatch.objects.filter(source=source).first() or make_batch(source)
    values: dict[str, Any] = {
        "title": f"Title {number}",
        "abstract": f"Abstract {number}.",
        "authors": ["Moreau, Alice"],
        "year": 2021,
        "position": number,
        "raw_text": f"raw {number}",
        "fingerprint": f"{number:064d}",
    } | fields
    return Record.objects.create(review=review, source=source, batch=batch, **values)


def make_reason(review: Review, label: str = "Not self-supervised") -> ExclusionReason:
    reason, _ = ExclusionReason.objects.get_or_create(
        review=review, label=label, defaults={"position": next(counter)}
    )
    return reason


def make_decision(
    record: Record,
    reviewer: Membership,
    verdict: Verdict = Verdict.INCLUDE,
    stage: Stage = Stage.TITLE_ABSTRACT,
    **fields: Any,
) -> Decision:
    if stage == Stage.FULL_TEXT and verdict == Verdict.EXCLUDE:
        fields.setdefault("reason", make_reason(record.review))
    return Decision.objects.create(
        record=record, reviewer=reviewer, verdict=verdict, stage=stage, **fields
    )


def make_report(record: Record) -> Report:
    return Report.objects.get_or_create(record=record)[0]


def make_study(review: Review, *reports: Report, **fields: Any) -> Study:
    values = {"title": f"Study {next(counter)}", "first_author": "Moreau", "year": 2021} | fields
    study = Study.objects.create(review=review, **values)
    for index, report in enumerate(reports):
        StudyReport.objects.create(study=study, report=report, is_main=index == 0)
    return study


def make_form(review: Review, definition: dict[str, Any]) -> ExtractionForm:
    version = ExtractionForm.objects.filter(review=review).count() + 1
    return ExtractionForm.objects.create(review=review, version=version, definition=definition)
