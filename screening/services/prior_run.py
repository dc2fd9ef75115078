"""Writing the decisions that a file brings, chunk by chunk, and taking them back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from screening.importers.parsed import ParsedRecord
from screening.importers.prior import Prior, PriorDecision
from screening.models import (
    Decision,
    DuplicateLink,
    ImportBatch,
    ImportProblem,
    Membership,
    Note,
    Record,
    RecordTag,
    Tag,
)
from screening.rules.consensus import Stage, Verdict
from screening.selectors.prior import TOOLS, mark_of, own_rows
from screening.services.carrying import take_back_carried
from screening.services.prior import NAMELESS, dismiss_placeholders, is_mapped
from screening.services.reports import ensure_reports

#: Fingerprint, occurrence and position of an item, as the import counts them.
Place = tuple[str, int, int]
_NOTE, _TAG = 5000, 80
_CLASH = (
    "{person} has decided on this record here, and the file says something else. What was decided "
    "here stays."
)
_UNASKED = (
    "This row brings decisions of {person}, and nobody has said who that is: they were not taken "
    "in. Add them by hand, or undo the import and name everybody."
)
_NO_REASON = (
    "An exclusion at full text needs a reason, and the file gives none that was mapped: the "
    "decision of {person} was not taken in."
)


@dataclass(slots=True)
class _Run:
    """What one chunk is about to write, and whom the batch's names stand for."""

    batch: ImportBatch
    at: datetime
    members: dict[int, Membership]
    current: dict[tuple[int, str, int], Decision]
    decisions: list[Decision] = field(default_factory=list)
    tags: list[tuple[int, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)

    def warn(self, record: int, position: int, message: str) -> None:
        self.problems.append(
            ImportProblem(
                batch=self.batch,
                record_id=record,
                position=position,
                severity=ImportProblem.Severity.WARNING,
                message=message,
            )
        )


def write_prior(batch: ImportBatch, prepared: Sequence[tuple[Place, ParsedRecord]]) -> None:
    """Write what people had decided on the records of a chunk; call it in the chunk's transaction.

    A record that the source held already gets its decisions too; of a duplicate, its kept record.
    A verdict is never written over what the same person has decided here: where the two differ,
    that is reported.

    Args:
        batch: The import, with its people mapped.
        prepared: The chunk's items with their places; their records are stored.
    """
    brought = [(place, item.prior) for place, item in prepared if item.prior is not None]
    if not brought or not is_mapped(batch):
        return
    records = _records(batch, [place for place, _ in brought])
    run = _run(batch, set(records.values()))
    for place, prior in brought:
        record = records.get(place[:2])
        if record is not None:
            _take(run, record, place[2], prior)
    _save(run)
    ensure_reports(batch.review, sorted(set(records.values())))


def _records(batch: ImportBatch, places: Sequence[Place]) -> dict[tuple[str, int], int]:
    """The record of each place, or the one it is kept as."""
    stored = Record.objects.filter(source=batch.source_id, fingerprint__in={p[0] for p in places})
    found = {
        (digest, occurrence): pk
        for pk, digest, occurrence in stored.values_list("pk", "fingerprint", "occurrence")
    }
    links = DuplicateLink.objects.standing().filter(record__in=found.values())
    kept = dict(links.values_list("record_id", "kept_id"))
    return {place: kept.get(pk, pk) for place, pk in found.items()}


def _run(batch: ImportBatch, records: set[int]) -> _Run:
    numbers = [one for one in (*batch.prior["people"].values(), batch.prior["by"]) if one]
    members = Membership.objects.select_related("user").in_bulk(numbers)
    current = {
        (one.record_id, one.stage, one.reviewer_id): one
        for one in Decision.objects.current().filter(record__in=records)
    }
    return _Run(batch, datetime.fromisoformat(batch.prior["at"]), members, current)


def _take(run: _Run, record: int, position: int, prior: Prior) -> None:
    people = run.batch.prior["people"]
    for name in dict.fromkeys(one.person for one in prior.decisions if one.person not in people):
        run.warn(record, position, _UNASKED.format(person=name or NAMELESS))
    for said in prior.decisions:
        reviewer = run.members.get(people.get(said.person) or 0)
        if reviewer is not None:
            _decide(run, record, position, (said, reviewer, prior.tool))
    if run.batch.prior["tags"]:
        run.tags += [(record, tag) for tag in prior.tags]
    for person, text in prior.notes:
        author = run.members.get(people.get(person) or 0)
        if author is not None:
            run.notes.append(
                Note(record_id=record, author=author, body=text[:_NOTE], created_at=run.at)
            )


def _decide(
    run: _Run, record: int, position: int, given: tuple[PriorDecision, Membership, str]
) -> None:
    said, reviewer, tool = given
    stage = said.stage or run.batch.prior["stage"]
    is_out = said.verdict == Verdict.EXCLUDE
    reason = run.batch.prior["reasons"].get(said.reason) if is_out else None
    person = reviewer.user.name
    known = run.current.get((record, stage, reviewer.pk))
    if known is not None:
        if (known.verdict, known.reason_id) != (said.verdict, reason):
            run.warn(record, position, _CLASH.format(person=person))
        return
    if stage == Stage.FULL_TEXT and is_out and reason is None:
        run.warn(record, position, _NO_REASON.format(person=person))
        return
    decision = Decision(
        record_id=record,
        stage=stage,
        reviewer=reviewer,
        verdict=said.verdict,
        reason_id=reason,
        comment=_comment(said, tool, run.batch.prior["reasons"]),
        origin=Decision.Origin.IMPORT,
        client_key=f"{mark_of(run.batch)}{record}-{stage}-{reviewer.pk}",
        created_at=run.at,
    )
    run.decisions.append(decision)
    run.current[record, stage, reviewer.pk] = decision


def _comment(said: PriorDecision, tool: str, asked: Collection[str]) -> str:
    """The note, the time, and a reason that nobody was asked about, as in a corrected row."""
    when = f"[{TOOLS.get(tool, tool)}, {said.at}]" if said.at else ""
    why = f"[reason: {said.reason}]" if said.reason and said.reason not in asked else ""
    return " ".join(filter(None, (said.note, why, when)))


def _save(run: _Run) -> None:
    Decision.objects.bulk_create(run.decisions)
    Note.objects.bulk_create(run.notes)
    ImportProblem.objects.bulk_create(run.problems, ignore_conflicts=True)
    labels: dict[str, Tag] = {}
    for label in dict.fromkeys(label for _, label in run.tags):
        name = " ".join(label.split())[:_TAG]
        tag = Tag.objects.filter(review=run.batch.review_id, label__iexact=name).first()
        labels[label] = tag or Tag.objects.create(review_id=run.batch.review_id, label=name)
    placed = [
        RecordTag(record_id=record, tag=labels[label], created_at=run.at, member_id=_by(run.batch))
        for record, label in run.tags
    ]
    RecordTag.objects.bulk_create(placed, ignore_conflicts=True)


def _by(batch: ImportBatch) -> int:
    return int(batch.prior["by"])


def take_back_prior(batch: ImportBatch, ids: Sequence[int] | None = None) -> dict[str, int]:
    """Take back what an import brought of decisions; call it in the transaction of its undoing.

    On records that stay, a decision is ended and remains to be read. With records that go, the
    decisions made on them elsewhere go too. Whoever has decided anew since keeps that decision.

    Args:
        batch: The import.
        ids: Only from these of its records, which go; from all, those that stay too, when None.

    Returns:
        How many decisions there were.
    """
    if not batch.prior:
        return {}
    now, rows = timezone.now(), own_rows(batch)
    review: dict[str, Any] = {"record__review": batch.review_id}
    links = DuplicateLink.objects.standing().filter(record__batch=batch)
    if ids is not None:
        review, links = {"record__in": ids}, links.filter(record__in=ids)
    for link in links.filter(created_by__isnull=True):
        take_back_carried(link=link, now=now)
    brought = Decision.objects.filter(rows["decisions"], **review)
    count = brought.count()
    brought.filter(record__batch=batch).delete()
    brought.filter(superseded_at__isnull=True).update(superseded_at=now, undone_at=now)
    RecordTag.objects.filter(rows["record_tags"], member=_by(batch), **review).delete()
    Note.objects.filter(rows["notes"], **review).delete()
    if ids is None:
        dismiss_placeholders(batch)
    return {"decisions": count}
