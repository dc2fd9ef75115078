"""The trail of one thing: which events tell of a record, a study, a value or a member."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from extraction.models import (
    Assignment,
    ConsensusRow,
    Extraction,
    ExtractionRow,
    Reconciliation,
    Study,
    StudyReport,
)
from screening.models import (
    AuditEvent,
    DuplicateLink,
    FullText,
    Invitation,
    Membership,
    Record,
    Report,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a trail is about: its words, its page, and the condition of its events."""

    words: str
    events: Q


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event, as it was and as it became; empty where there was nothing."""

    name: str
    before: str
    after: str


def subject_of(membership: Membership, about: str) -> Subject | None:
    """What `record:12`, `study:5`, `value:<row key>` or `member:3` names in the member's review.

    Returns:
        The subject, or None when there is no such thing here.
    """
    kind, _, key = about.partition(":")
    finders = {"record": _record, "study": _study, "value": _value, "member": _member}
    if kind not in finders or not key or (kind != "value" and not key.isdecimal()):
        return None
    return finders[kind](membership, key[:32])


def _record(membership: Membership, key: str) -> Subject | None:
    record = Record.objects.filter(pk=_number(key), review=membership.review_id).first()
    if record is None:
        return None
    reports = Report.objects.filter(record=record)
    links = DuplicateLink.objects.filter(Q(record=record) | Q(kept=record))
    events = (
        _of(Record, [record.pk])
        | _of(Report, reports)
        | _of(FullText, FullText.objects.filter(report__in=reports))
        | _of(DuplicateLink, links)
        | Q(after__record=record.pk)
    )
    return Subject(f"record {record.pk}: {record.title or 'without a title'}", events)


def _study(membership: Membership, key: str) -> Subject | None:
    study = Study.objects.filter(pk=_number(key), review=membership.review_id).first()
    return Subject(f"study {study}", _events_of_study(study)) if study else None


def _events_of_study(study: Study) -> Q:
    joined = StudyReport.objects.filter(study=study).values("report")
    reports = Report.objects.filter(pk__in=joined)
    extractions = Extraction.objects.filter(study=study)
    rows = ExtractionRow.objects.filter(extraction__study=study)
    return (
        _of(Study, [study.pk])
        | _of(Extraction, extractions)
        | _of(ExtractionRow, rows)
        | _of(Assignment, Assignment.objects.filter(study=study))
        | _of(Reconciliation, Reconciliation.objects.filter(study=study))
        | _of(
            ConsensusRow,
            ConsensusRow.objects.filter(reconciliation__study=study),
        )
        | _of(Report, reports)
        | _of(FullText, FullText.objects.filter(report__in=reports))
    )


def _value(membership: Membership, key: str) -> Subject | None:
    """A row of results: reconciled, or still as one person or a spreadsheet gave it."""
    rows = ConsensusRow.objects.select_related("reconciliation__study")
    row = rows.filter(key=key, reconciliation__study__review=membership.review_id).first()
    if row is not None:
        sides = [pk for pk in (row.row_a_id, row.row_b_id) if pk is not None]
        return _row(row.reconciliation.study, row.position, sides, Q(after__row=key), [row.pk])
    raw = ExtractionRow.objects.select_related("extraction__study")
    single = raw.filter(key=key, extraction__study__review=membership.review_id).first()
    if single is None:
        return None
    return _row(single.extraction.study, single.position, [single.pk], Q(), [])


def _row(study: Study, position: int, sides: list[int], on_study: Q, settled: list[int]) -> Subject:
    whole = ("study.finalised", "study.reopened", "study.rows_paired", "study.row_split")
    extractions = ExtractionRow.objects.filter(pk__in=sides).values_list("extraction", flat=True)
    events = (
        _of(ConsensusRow, settled)
        | _of(ExtractionRow, sides)
        | _of(Extraction, list(extractions))
        | (_of(Study, [study.pk]) & (on_study | Q(action__in=whole)))
    )
    return Subject(f"row {position} of study {study}", events)


def _member(membership: Membership, key: str) -> Subject | None:
    found = Membership.objects.select_related("user")
    member = found.filter(pk=_number(key), review=membership.review_id).first()
    if member is None:
        return None
    invitations = Invitation.objects.filter(review=membership.review_id, accepted_by=member.user_id)
    events = _of(Membership, [member.pk]) | _of(Invitation, invitations) | Q(actor=member.user_id)
    return Subject(f"{member}: what was done to and by this person", events)


def _number(key: str) -> int:
    return min(int(key), 2**63 - 1)


def _of(model: type[Model], rows: "QuerySet[Any] | Iterable[int]") -> Q:
    """Events on rows of a table; their numbers stand as text in the trail."""
    numbers = rows.values_list("pk", flat=True) if isinstance(rows, QuerySet) else rows
    found = [str(number) for number in numbers]
    return Q(target_type=model._meta.label_lower, target_id__in=found)


def changes_of(event: AuditEvent) -> Sequence[Change]:
    """What an event changed, a line a field, in words that a person reads."""
    names = dict.fromkeys([*event.before, *event.after])
    return [
        Change(name.replace("_", " "), _told(event.before.get(name)), _told(event.after.get(name)))
        for name in names
    ]


def _told(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def trail_rows(events: QuerySet[AuditEvent]) -> Iterator[dict[str, Any]]:
    """The events as plain data, oldest first, for a file."""
    for event in events.order_by("pk").iterator(chunk_size=2000):
        yield {
            "number": event.pk,
            "at": event.created_at.isoformat(),
            "who": event.actor.name if event.actor else "",
            "action": event.action,
            "target_type": event.target_type,
            "target_id": event.target_id,
            "before": event.before,
            "after": event.after,
            "previous_hash": event.previous_hash,
            "hash": event.hash,
        }
