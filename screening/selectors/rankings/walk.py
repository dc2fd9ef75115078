"""The next record in an order by relevance that is free for the person right now."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

import numpy as np

from screening.models import AssignedRecord, Membership, SkippedRecord, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.prepared import Prepared, Slot
from screening.selectors.queue import (
    Asker,
    Side,
    asker_of,
    free_records,
    owners_of,
)
from screening.selectors.rankings.standing import RankedRecords

#: How many records one query asks about: few at first, more when others hold or closed those.
STEPS = (24, 200, 1000)


@cache
def _free_among(stage: Stage, side: Side, size: int) -> Prepared:
    asked: list[Any] = [Slot(f"r{number}") for number in range(size)]
    return Prepared(lambda: free_records(stage, side).filter(pk__in=asked).values_list("pk"))


def next_ranked_id(
    *,
    membership: Membership,
    settings: StageSettings,
    ranked: RankedRecords,
    avoid: Sequence[int] = (),
) -> int | None:
    """The first free record of the order; what the person put off comes last.

    Args:
        membership: The reviewer.
        settings: The stage.
        ranked: The person's order.
        avoid: Records not to hand out, such as the one on screen.

    Returns:
        Its id, or None when no record of the order is free.
    """
    stage = Stage(settings.stage)
    skipped = list(
        SkippedRecord.objects.filter(member=membership, stage=stage).values_list(
            "record", flat=True
        )
    )
    left = set(avoid)
    later = [pk for pk in skipped if pk not in left]
    ids = ranked.open_ids
    if skipped or left:
        ids = ids[~np.isin(ids, list(left | set(skipped)))]
    asker = asker_of(membership, settings)
    for step in _pooled_steps(asker, ids.tolist(), later):
        found = _first_free(asker, step)
        if found is not None:
            return found
    return None


def _pooled_steps(asker: Asker, ids: list[int], later: list[int]) -> Iterator[list[int]]:
    """What is assigned first, where the stage heeds it; what was put off last of each pool."""
    rows = AssignedRecord.objects.filter(stage=asker.stage, withdrawn_at=None)
    for owner in owners_of(asker):
        if owner is None:
            yield from chain(_steps(ids), _steps(later))
            continue
        mine = set(rows.filter(member=owner).values_list("record", flat=True))
        yield from _steps([pk for pk in ids if pk in mine])
        yield from _steps([pk for pk in later if pk in mine])


def _steps(ids: list[int]) -> Iterator[list[int]]:
    start, number = 0, 0
    while start < len(ids):
        size = STEPS[min(number, len(STEPS) - 1)]
        yield ids[start : start + size]
        start, number = start + size, number + 1


def _first_free(asker: Asker, ids: list[int]) -> int | None:
    size = next(size for size in STEPS if size >= len(ids))
    padded = ids + [ids[-1]] * (size - len(ids))
    slots = {f"r{number}": pk for number, pk in enumerate(padded)}
    free = {
        row[0] for row in _free_among(asker.stage, asker.side, size).rows(**asker.values, **slots)
    }
    return next((pk for pk in ids if pk in free), None)
