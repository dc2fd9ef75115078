"""The sorts of the list view and its pages by cursor: a page goes on from a record, not a number.

So no record is passed over or shown twice when others leave the list meanwhile, and a page far
down costs no more than the first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from screening.models import Decision, Membership, PilotDecision, Record, StageSettings
from screening.models.records import NewestKey, RecordQuerySet, TitleKey

STEP = 1000
Run = Callable[[RecordQuerySet], list[int]]


class Sort(StrEnum):
    """How the list is sorted."""

    QUEUE = "queue"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The record that a page goes on from, and which way."""

    record_id: int
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A sort: its key, and the pieces of the list that are walked one after the other."""

    key: Any
    is_descending: bool = False
    pieces: tuple[Q, ...] = (Q(),)


def page_ids(
    records: RecordQuerySet,
    sort: Sort,
    of: tuple[Membership, StageSettings],
    cursor: Cursor | None,
    run: Run,
    size: int,
) -> tuple[list[int], bool]:
    """Ids of one page in the order of the list, and whether there is more the way it went.

    Args:
        records: All that fit.
        sort: The sort.
        of: The person and the stage.
        cursor: Where to go on, a record of the review; the first page without it.
        run: Asks for the ids of a queryset.
        size: The most ids.
    """
    way = _way(sort, *of)
    back = cursor is not None and cursor.is_backwards
    start, behind = _place(way, of[0], cursor)
    order = range(start, -1, -1) if back else range(start, len(way.pieces))
    descends = way.is_descending != back
    found: list[int] = []
    for number in order:
        piece = records.annotate(place=way.key).filter(way.pieces[number])
        if number == start and behind is not None:
            piece = piece.filter(_onwards(*behind, descends=descends))
        sorts = [F("place"), F("pk")]
        piece = piece.order_by(*(one.desc() if descends else one.asc() for one in sorts))
        found += run(piece[: size + 1 - len(found)])
        if len(found) > size:
            break
    ids = found[:size]
    return (ids[::-1] if back else ids), len(found) > size


def ranked_page_ids(
    records: RecordQuerySet, ranked: Sequence[int], cursor: Cursor | None, run: Run, size: int
) -> tuple[list[int], bool]:
    """The same in an order that is a list of ids; records outside it come last, by id."""
    back = cursor is not None and cursor.is_backwards
    found: list[int] = []
    for step in _ranked_steps(records, ranked, cursor, run):
        found += step
        if len(found) > size:
            break
    ids = found[:size]
    return (ids[::-1] if back else ids), len(found) > size


def _ranked_steps(
    records: RecordQuerySet, ranked: Sequence[int], cursor: Cursor | None, run: Run
) -> Iterator[list[int]]:
    """The fitting ids from the cursor on, some at a time, the way it goes."""
    known = set(ranked)
    here = cursor.record_id if cursor else None
    back = cursor is not None and cursor.is_backwards
    is_outside = here is not None and here not in known

    def others() -> list[int]:
        found = [pk for pk in run(records.order_by("pk")) if pk not in known]
        if not is_outside or here is None:
            return found
        return (
            [pk for pk in reversed(found) if pk < here]
            if back
            else [pk for pk in found if pk > here]
        )

    walked = list(ranked)
    if here in known:
        place = walked.index(here)
        walked = walked[:place] if back else walked[place + 1 :]
    if is_outside:
        yield others()
        if not back:
            return
    if back:
        walked.reverse()
    for at in range(0, len(walked), STEP):
        step = walked[at : at + STEP]
        fitting = set(run(records.filter(pk__in=step)))
        yield [pk for pk in step if pk in fitting]
    if not back:
        yield others()


def said_by(membership: Membership, settings: StageSettings) -> Any:
    """The person's standing verdicts at the stage; while a pilot round is on, those in it."""
    if settings.pilot_id is not None:
        said = PilotDecision.objects.current().filter(pilot=settings.pilot_id)
        return said.filter(reviewer=membership)
    return Decision.objects.current().filter(reviewer=membership, stage=settings.stage)


def _way(sort: Sort, membership: Membership, settings: StageSettings) -> Way:
    is_newest = sort == Sort.QUEUE and settings.order == StageSettings.Order.NEWEST
    if sort == Sort.NEWEST or is_newest:
        return Way(NewestKey("year"))
    if sort == Sort.OLDEST:
        pieces = (Q(year__isnull=False), Q(year__isnull=True))
        return Way(NewestKey("year"), is_descending=True, pieces=pieces)
    if sort == Sort.TITLE:
        return Way(TitleKey("title"))
    if sort == Sort.LATEST:
        mine = said_by(membership, settings).filter(record=OuterRef("pk"))
        pieces = (Q(place__isnull=False), Q(place__isnull=True))
        return Way(Subquery(mine.values("pk")[:1]), is_descending=True, pieces=pieces)
    start = membership.order_seed
    return Way(F("random_key"), pieces=(Q(random_key__gte=start), Q(random_key__lt=start)))


def _place(
    way: Way, membership: Membership, cursor: Cursor | None
) -> tuple[int, tuple[Any, int] | None]:
    """The piece where the page begins, and the key and id behind which."""
    if cursor is None:
        return 0, None
    here = Record.objects.filter(pk=cursor.record_id, review=membership.review_id)
    keyed = here.annotate(place=way.key)
    row = keyed.values_list("place", "pk").get()
    number = next(n for n, piece in enumerate(way.pieces) if keyed.filter(piece).exists())
    return number, (row[0], row[1])


def _onwards(key: Any, pk: int, *, descends: bool) -> Q:
    """Behind a place; a key of nothing (a piece without keys) goes by the id alone."""
    if key is None:
        return Q(pk__lt=pk) if descends else Q(pk__gt=pk)
    if descends:
        return Q(place__lte=key) & (Q(place__lt=key) | Q(pk__lt=pk))
    return Q(place__gte=key) & (Q(place__gt=key) | Q(pk__gt=pk))
