"""What each person said of a record alone: before a ruling, and before seeing what others said.

The rule. A record is open to a person from the moment on at which that person could see another's
verdict: at a blinded stage when those who decided differ and are as many as are needed, at a stage
that is not blinded when a second person has decided. What counts is the verdict that stood when
the record became open to the person, or was first ruled on, or else the one that stands now. A
later change of mind, an undo included, may come from talking and is left out; an earlier one is
the person's own and replaces what it corrects.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone

from analytics.selectors.moments import SettingsHistory
from screening.models import (
    Adjudication,
    Decision,
    DuplicateLink,
    Membership,
    Record,
    Review,
    StageSettings,
)
from screening.rules.consensus import Opinion, Stage, Status, Verdict, team_status
from screening.selectors.moments import existing, standing
from screening.selectors.stages import in_stage

SEVERAL = 2
OF_DECISION = (
    *("record_id", "reviewer_id", "verdict", "reason_id", "round", "origin"),
    *("created_at", "superseded_at", "undone_at", "replaces__reviewer_id"),
    *("replaced_by__reviewer_id", "replaced_by__created_at", "replaced_by__undone_at"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One person's verdict on one record, while it stood.

    Attributes:
        person: The reviewer's membership.
        verdict: What was said.
        reason: The exclusion reason, or nothing.
        round: The round it was said in.
        is_imported: Whether it was brought along and not given here.
        made: When it was said.
        ended: When it was replaced or taken back, or nothing.
    """

    person: int
    verdict: Verdict
    reason: int | None
    round: int
    is_imported: bool
    made: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which of the verdicts said alone are looked at; nothing given means all.

    Attributes:
        since: The first day.
        until: The last day.
        round: The round.
    """

    since: date | None = None
    until: date | None = None
    round: int | None = None

    def takes(self, said: Said) -> bool:
        """Whether a verdict was said in the period and round."""
        day = timezone.localtime(said.made).date()
        return (
            (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and (self.round is None or said.round == self.round)
        )


ALL = Narrowing()
Alone = dict[int, dict[int, Said]]


def said_alone(
    review: Review, stage: Stage, narrowing: Narrowing = ALL, as_of: datetime | None = None
) -> Alone:
    """Each person's verdict per record as it was said alone, in a fixed number of queries.

    Args:
        review: The review.
        stage: The stage.
        narrowing: Period and round. A round is looked at by itself; the period narrows what was
            chosen, so that it never brings back a verdict that was corrected later.
        as_of: What had been said by this moment, by the duplicates and rulings of then; now
            without it.

    Returns:
        By record and person; duplicates are left out, carried decisions count at their kept record.
    """
    ruled: dict[int, datetime] = dict(
        Adjudication.objects.filter(existing(as_of), record__review=review, stage=stage)
        .order_by()
        .values_list("record_id")
        .annotate(first=Min("created_at"))
    )
    history = SettingsHistory(review, stage)
    alone: Alone = {}
    for record, given in _by_record(review, stage, as_of).items():
        rows = given if narrowing.round is None else _of_round(given, narrowing.round)
        said = _chosen(rows, ruled.get(record), history)
        kept = {person: one for person, one in said.items() if narrowing.takes(one)}
        if kept:
            alone[record] = kept
    return alone


def _by_record(review: Review, stage: Stage, as_of: datetime | None) -> dict[int, list[Said]]:
    links = DuplicateLink.objects.filter(standing(as_of, "undone_at"), review=review)
    duplicates = set(links.values_list("record_id", flat=True))
    given = Decision.objects.filter(existing(as_of), record__review=review, stage=stage)
    rows: Iterable[tuple[Any, ...]] = given.order_by("pk").values_list(*OF_DECISION)
    found: dict[int, list[Said]] = defaultdict(list)
    for row in rows:
        record, person, verdict, reason, number, origin, made, *later = row
        ended, undone, before, heir, heir_made, heir_undone = later
        ended, undone, heir_undone = (_by(one, as_of) for one in (ended, undone, heir_undone))
        heir = heir if _by(heir_made, as_of) else None
        if record in duplicates or before not in {None, person}:
            continue  # what was taken over stays the word of who gave it
        is_handed = heir not in {None, person}
        if origin == Decision.Origin.MERGE and (undone or (is_handed and heir_undone)):
            continue
        if is_handed and heir_undone is None:
            ended = None
        is_imported = origin == Decision.Origin.IMPORT
        found[record].append(
            Said(
                person,
                Verdict(verdict),
                reason,
                number,
                is_imported,
                made,
                ended,
            )
        )
    return found


def _by(moment: datetime | None, as_of: datetime | None) -> datetime | None:
    """The moment of something that had happened by then."""
    return None if moment is None or (as_of is not None and moment > as_of) else moment


def _of_round(rows: Sequence[Said], number: int) -> list[Said]:
    """The verdicts of one round; one that only a later round replaced stands in its own."""
    found = []
    for place, row in enumerate(rows):
        after = (later for later in rows[place + 1 :] if later.person == row.person)
        following = next(after, None)
        moved_on = following is not None and following.round != number
        if row.round == number:
            found.append(replace(row, ended=None) if moved_on else row)
    return found


def _chosen(
    rows: Sequence[Said], ruled: datetime | None, history: SettingsHistory
) -> dict[int, Said]:
    if ruled is not None:
        rows = [row for row in rows if row.made <= ruled]
    chosen = _when_opened(rows, ruled, history) if any(row.ended for row in rows) else {}
    for row in rows:
        if row.ended is None or (ruled is not None and row.ended > ruled):
            chosen.setdefault(row.person, row)
    return chosen


def _when_opened(
    rows: Sequence[Said], ruled: datetime | None, history: SettingsHistory
) -> dict[int, Said]:
    """The verdicts that stood when the record became open to those who had decided on it."""
    ends = {row.ended for row in rows if row.ended is not None}
    moments = sorted(ends | {row.made for row in rows})
    chosen: dict[int, Said] = {}
    for moment in moments:
        if ruled is not None and moment > ruled:
            break
        stood = [
            row for row in rows if row.made <= moment and (row.ended is None or row.ended > moment)
        ]
        settings = history.at(moment)
        if _is_open(stood, settings, history.group_of(settings, moment)):
            for row in stood:
                chosen.setdefault(row.person, row)
    return chosen


def _is_open(stood: Sequence[Said], settings: StageSettings, group: frozenset[int]) -> bool:
    if len({row.person for row in stood}) < SEVERAL:
        return False
    if not settings.is_blinded:
        return True
    opinions = [Opinion(row.verdict, row.reason, row.person in group) for row in stood]
    return team_status(opinions, settings.rule) is Status.CONFLICT


def still_hidden(membership: Membership, stage: Stage) -> set[int]:
    """Records whose verdicts would tell this person something before deciding.

    A lead who also screens may see the agreement of a running stage, but never what others said of
    a record that still waits for the lead's own verdict.
    """
    settings = StageSettings.objects.get(review=membership.review, stage=stage)
    if not settings.is_blinded or not membership.is_screener:
        return set()
    mine = Decision.objects.current().filter(stage=stage, reviewer=membership)
    here = in_stage(Record.objects.filter(review=membership.review), stage).with_status(stage)
    open_ones = here.filter(team_status__in=[Status.AWAITING.value, Status.CONFLICT.value])
    return set(open_ones.exclude(pk__in=mine.values("record")).values_list("pk", flat=True))


def rounds_of(review: Review, stage: Stage) -> list[int]:
    """The rounds in which somebody decided at the stage."""
    rows = Decision.objects.filter(record__review=review, stage=stage).order_by("round")
    return list(rows.values_list("round", flat=True).distinct())


def without(alone: Alone, records: Iterable[int]) -> Alone:
    """Leave records out."""
    gone = set(records)
    return {record: said for record, said in alone.items() if record not in gone}
