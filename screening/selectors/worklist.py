"""The list view of a stage: what is mine to decide and what I have decided, page by page.

A record is listed when it needs the person's verdict or carries it; the others are on the list of
all records. So nothing here tells whether others agreed on a record that the person has not
decided on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from screening.models import (
    Decision,
    DuplicateLink,
    Membership,
    Pilot,
    PilotDecision,
    Record,
    RecordTag,
    StageSettings,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage, Verdict
from screening.selectors.blinding import Sight
from screening.selectors.cards import Text, highlighted, terms_of
from screening.selectors.pilots import records_of
from screening.selectors.prepared import Prepared
from screening.selectors.queue import asker_of, assessable, assigned_only, free_records
from screening.selectors.shown import ShownRecord, shown_records
from screening.selectors.sights import sights_at
from screening.selectors.worklist_ways import Cursor, Sort, page_ids, ranked_page_ids, said_by

PER_PAGE = 50


class State(StrEnum):
    """Where a record stands towards the person."""

    TODO = "todo"
    DECIDED = "decided"
    INCLUDE = "include"
    MAYBE = "maybe"
    EXCLUDE = "exclude"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to and how it is sorted."""

    state: State = State.TODO
    sort: Sort = Sort.QUEUE
    words: str = ""
    source: int | None = None
    tag: int | None = None
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the list; `sight` only where the person has decided."""

    record: Record
    shown: ShownRecord
    text: Text
    mine: Decision | PilotDecision | None
    sight: Sight | None
    tags: Sequence[RecordTag]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Some rows, and the records from which the pages beside them go on."""

    rows: Sequence[Row]
    before: int | None
    after: int | None


def work_page(
    *, membership: Membership, settings: StageSettings, wanted: Wanted, cursor: Cursor | None = None
) -> WorkPage:
    """The rows behind (or before) a record; a constant number of queries.

    Args:
        membership: The screener.
        settings: The stage.
        wanted: Filters and sort.
        cursor: Where to go on; the first page without it.
    """
    if cursor is not None and not _is_here(membership, cursor.record_id):
        cursor = None
    records = _wanted_records(membership, settings, wanted)
    asked = asker_of(membership, settings).values

    def run(found: RecordQuerySet) -> list[int]:
        return [row[0] for row in Prepared(lambda: found.values_list("pk")).rows(**asked)]

    ranked = _ranked_ids(membership, settings) if wanted.sort == Sort.QUEUE else None
    if ranked is not None:
        ids, has_more = ranked_page_ids(records, ranked, cursor, run, PER_PAGE)
    else:
        ids, has_more = page_ids(
            records, wanted.sort, (membership, settings), cursor, run, PER_PAGE
        )
    goes_back = cursor is not None and cursor.is_backwards
    has_before = has_more if goes_back else cursor is not None
    has_after = goes_back or has_more
    return WorkPage(
        rows=rows_of(membership=membership, settings=settings, ids=ids),
        before=ids[0] if ids and has_before else None,
        after=ids[-1] if ids and has_after else None,
    )


def rows_of(
    *, membership: Membership, settings: StageSettings, ids: Sequence[int]
) -> Sequence[Row]:
    """The rows of records of the member's review, in the order of their ids."""
    asked = Record.objects.filter(pk__in=ids, review=membership.review_id)
    by_id = {record.pk: record for record in asked.select_related("source")}
    records = [by_id[pk] for pk in ids if pk in by_id]
    stage = Stage(settings.stage)
    said = said_by(membership, settings).filter(record__in=ids).select_related("reason")
    mine = {one.record_id: one for one in said}
    decided = [] if settings.pilot_id else [record for record in records if record.pk in mine]
    sights = sights_at(membership=membership, records=decided, stage=stage) if decided else {}
    tags: dict[int, list[RecordTag]] = {}
    placed = RecordTag.objects.filter(record__in=ids, member=membership).select_related("tag")
    for one in placed.order_by("tag__label"):
        tags.setdefault(one.record_id, []).append(one)
    pairs = terms_of(membership)
    return [
        Row(
            record=shown.record,
            shown=shown,
            text=highlighted(shown, pairs),
            mine=mine.get(shown.pk),
            sight=sights.get(shown.pk),
            tags=tags.get(shown.pk, []),
        )
        for shown in shown_records(records)
    ]


def _is_here(membership: Membership, record_id: int) -> bool:
    return Record.objects.filter(pk=record_id, review=membership.review_id).exists()


def _wanted_records(
    membership: Membership, settings: StageSettings, wanted: Wanted
) -> RecordQuerySet:
    """The records that fit, with the slots of the queue still to be filled."""
    records = _in_state(membership, settings, wanted.state)
    for word in wanted.words.split():
        text = Q(title__icontains=word) | Q(abstract__icontains=word)
        records = records.filter(text | Q(authors__icontains=word) | Q(doi__iexact=word))
    if wanted.source:
        twins = DuplicateLink.objects.standing().filter(
            kept=OuterRef("pk"), record__source=wanted.source
        )
        records = records.filter(Q(source=wanted.source) | Exists(twins))
    if wanted.tag:
        placed = RecordTag.objects.filter(record=OuterRef("pk"), tag=wanted.tag, member=membership)
        records = records.filter(Exists(placed))
    if wanted.year_from:
        records = records.filter(year__gte=wanted.year_from)
    if wanted.year_to:
        records = records.filter(year__lte=wanted.year_to)
    return records


def _in_state(membership: Membership, settings: StageSettings, state: State) -> RecordQuerySet:
    stage = Stage(settings.stage)
    mine = said_by(membership, settings).filter(record=OuterRef("pk"))
    if state in {State.INCLUDE, State.MAYBE, State.EXCLUDE}:
        mine = mine.filter(verdict=Verdict(state.value))
    if settings.pilot_id is not None:
        pilot = Pilot.objects.get(pk=settings.pilot_id)
        records = records_of(pilot) if pilot.is_running else Record.objects.none()
        todo = records.filter(~Exists(mine))
    else:
        records = assessable(membership.review_id, stage)
        asker = asker_of(membership, settings)
        todo = assigned_only(free_records(stage, asker.side), asker)
    if state == State.TODO:
        return todo
    if state == State.ALL:
        return records.filter(Exists(mine) | Exists(todo.filter(pk=OuterRef("pk"))))
    return records.filter(Exists(mine))


def _ranked_ids(membership: Membership, settings: StageSettings) -> Sequence[int] | None:
    """The person's order by relevance, where the stage is set so and there is one."""
    if settings.order != StageSettings.Order.RELEVANCE or settings.pilot_id is not None:
        return None
    # here, since numpy and SciPy are wanted by this order only
    from screening.selectors.rankings.marks import scope_of  # noqa: PLC0415
    from screening.selectors.rankings.memory import remembered  # noqa: PLC0415

    ranked = remembered(scope_of(membership, settings), membership.pk)
    return ranked.order.ids.tolist() if ranked else None
