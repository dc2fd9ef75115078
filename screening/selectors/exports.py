"""Records as one person may take them out: which ones, and each with what may be seen of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.exporters.exported import Exported, StageSight
from screening.importers.parsed import Link, LinkRole, ParsedRecord
from screening.importers.prior import PriorDecision
from screening.models import Adjudication, Decision, DuplicateLink, Membership, Note, Record
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage, Status
from screening.selectors.blinding import Sight
from screening.selectors.path import Answers, answers_of
from screening.selectors.records import Filters, records_list
from screening.selectors.shown import ShownRecord, shown_records
from screening.selectors.sights import held_by_stage, labels_of, sights_of, with_open_labels

CHUNK = 500
_ROLES = frozenset(LinkRole)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records go into a file.

    `is_kept_only` leaves duplicates and records removed before screening out, and gives each
    record the best field of all records of the same report.
    """

    filters: Filters
    is_kept_only: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The choice as plain data, without what is not narrowed."""
        names = ("words", "stage", "status", "source", "tag")
        given = {name: getattr(self.filters, name) for name in names}
        kept = {"kept_only": self.is_kept_only}
        return {name: value for name, value in given.items() if value} | kept


def chosen_records(*, membership: Membership, choice: Choice) -> RecordQuerySet:
    """The records of a choice; statuses are those that the person may know."""
    records = records_list(membership=membership, filters=choice.filters)
    return records.without_duplicates().without_removed() if choice.is_kept_only else records


def exported_records(*, membership: Membership, choice: Choice) -> Iterator[Exported]:
    """The records of a choice with what the person may see, some hundred at a time.

    Args:
        membership: Who takes them out; blinding holds for this person as on the pages.
        choice: Which.

    Yields:
        The records by their ids.
    """
    ids = list(chosen_records(membership=membership, choice=choice).values_list("pk", flat=True))
    yield from exported_ids(membership, ids, is_kept_only=choice.is_kept_only)


def exported_ids(
    membership: Membership, ids: Sequence[int], *, is_kept_only: bool = True
) -> Iterator[Exported]:
    """Records of the member's review by their ids, with what the person may see of them."""
    for at in range(0, len(ids), CHUNK):
        records = Record.objects.filter(pk__in=ids[at : at + CHUNK]).select_related("source")
        yield from _exported(membership, list(records.order_by("pk")), is_kept_only=is_kept_only)


def _exported(
    membership: Membership, records: Sequence[Record], *, is_kept_only: bool
) -> Iterator[Exported]:
    sights, held = sights_of(membership=membership, records=records), held_by_stage(records)
    are_open = with_open_labels(records, sights, held)
    tags, notes = labels_of(membership=membership, records=records, are_open=are_open)
    links = DuplicateLink.objects.standing().filter(record__in=records)
    kept = dict(links.values_list("record_id", "kept_id"))
    reasons = _told_reasons(records)
    answers = answers_of(
        one for at in sights.values() for sight in at.values() for one in sight.decisions
    )
    shown: Sequence[Record | ShownRecord] = records
    if is_kept_only:
        shown = shown_records(records)
    for record, fields in zip(records, shown, strict=True):
        pk = record.pk
        yield Exported(
            record=_parsed(record, fields),
            number=str(pk),
            found_in=record.source.name,
            duplicate_of=str(kept.get(pk, "")),
            stages=tuple(
                _stage(stage, sights[stage][pk], reasons.get(pk, ""), answers)
                for stage in Stage
                if pk in held[stage]
            ),
            tags=tuple(tags.get(pk, ())),
            notes=tuple(_note(note) for note in notes.get(pk, ())),
        )


def _told_reasons(records: Sequence[Record]) -> dict[int, str]:
    """The reason that each report is excluded for at full text, as the flow tells every member."""
    reasons: dict[int, str] = {}
    for model in (Decision, Adjudication):
        rows = model.objects.current().filter(
            record__in=records, stage=Stage.FULL_TEXT, reason__isnull=False
        )
        reasons.update(rows.order_by("-pk").values_list("record_id", "reason__label"))
    return reasons


def _stage(stage: Stage, sight: Sight, told: str, answers: Answers) -> StageSight:
    decisions = tuple(_decision(one, answers) for one in sight.decisions)
    reason = ""
    if sight.status == Status.EXCLUDED:
        seen = [str(one.reason) for one in (sight.ruling, *sight.decisions) if one and one.reason]
        reason = told if stage == Stage.FULL_TEXT and told else next(iter(seen), "")
    ruling = sight.ruling.get_kind_display().lower() if sight.ruling else ""
    return StageSight(stage.value, sight.status.value, reason, ruling, decisions)


def _decision(one: Decision, answers: Answers) -> PriorDecision:
    return PriorDecision(
        person=one.reviewer.user.name,
        verdict=one.verdict,
        stage=one.stage,
        reason=str(one.reason) if one.reason else "",
        note=one.comment,
        at=one.created_at.isoformat(),
        criteria=str(one.criteria_version or ""),
        answers=tuple(
            (str(given.question), str(given.get_answer_display()).lower())
            for given in answers.get(one.pk, ())
        ),
    )


def _note(note: Note) -> tuple[str, str]:
    return note.author.user.name, note.body


def _parsed(record: Record, shown: Record | ShownRecord) -> ParsedRecord:
    return ParsedRecord(
        title=shown.title,
        abstract=shown.abstract,
        authors=tuple(map(str, shown.authors)),
        year=shown.year,
        venue=shown.venue,
        volume=shown.volume,
        issue=shown.issue,
        pages=shown.pages,
        doi=shown.doi,
        pmid=shown.pmid,
        arxiv_id=shown.arxiv_id,
        urls=tuple(_link(link) for link in shown.urls),
        keywords=tuple(map(str, shown.keywords)),
        language=shown.language,
        type=shown.record_type,
        extra={name: _values(values) for name, values in record.extra.items()},
    )


def _link(link: Mapping[str, Any]) -> Link:
    role = str(link.get("role", ""))
    return Link(
        url=str(link.get("url", "")),
        role=LinkRole(role) if role in _ROLES else LinkRole.OTHER,
        label=str(link.get("label", "")),
        raw=str(link.get("raw", "")),
    )


def _values(values: object) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, list) else (str(values),)
