"""What people said in a pilot, side by side, as far as one person may see it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from screening.models import (
    DiscussionMessage,
    GivenAnswer,
    Membership,
    Pilot,
    PilotDecision,
    Record,
    StageSettings,
)
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.path import pilot_answers_of
from screening.selectors.shown import ShownRecord, shown_records
from screening.selectors.stages import settings_of

SEVERAL = 2


@dataclass(frozen=True, slots=True)
class PilotRow:
    """One record of a pilot with the verdicts that the person may see.

    Attributes:
        record: The record as shown.
        decisions: Standing verdicts in the order of names; only one's own unless `is_open`.
        is_open: Whether others' verdicts are seen.
        thread: The talk about it in this pilot.
        answers: What was answered to the question path with each of `decisions`, by their ids.
    """

    record: ShownRecord
    decisions: Sequence[PilotDecision]
    is_open: bool
    thread: Sequence[DiscussionMessage]
    answers: Mapping[int, Sequence[GivenAnswer]]

    @property
    def is_judged(self) -> bool:
        """Whether two or more people decided on it."""
        return len(self.decisions) >= SEVERAL

    @property
    def differs(self) -> bool:
        """Whether those who decided said different things, the reason included."""
        return len({(one.verdict, one.reason_id) for one in self.decisions}) > 1


def pilot_rows(*, membership: Membership, pilot: Pilot) -> list[PilotRow]:
    """Every record of a pilot with what the person may see of it; a constant number of queries.

    Nobody sees another's verdict while the pilot runs. Once it has ended, and while the stage is
    blinded, verdicts on a record are open to those who decided on it, and to leads and
    adjudicators who do not screen.
    """
    records = Record.objects.filter(pilot_records__pilot=pilot).select_related("source")
    shown = shown_records(records.order_by("pilot_records__pk"))
    said: dict[int, list[PilotDecision]] = defaultdict(list)
    standing = _standing(pilot)
    for one in standing:
        said[one.record_id].append(one)
    answers = pilot_answers_of(standing)
    settings = settings_of(membership.review, Stage(pilot.stage))
    threads: dict[int, list[DiscussionMessage]] = defaultdict(list)
    for message in pilot.discussion.select_related("author__user"):
        threads[message.record_id].append(message)
    rows = [
        _row(membership, pilot, settings, (one, said[one.pk], threads[one.pk])) for one in shown
    ]
    return [
        replace(row, answers={o.pk: answers[o.pk] for o in row.decisions if o.pk in answers})
        for row in rows
    ]


def _standing(pilot: Pilot) -> Sequence[PilotDecision]:
    rows = PilotDecision.objects.current().filter(pilot=pilot)
    return list(rows.select_related("reviewer__user", "reason").order_by("reviewer__user__name"))


def _row(
    membership: Membership,
    pilot: Pilot,
    settings: StageSettings,
    found: tuple[ShownRecord, list[PilotDecision], list[DiscussionMessage]],
) -> PilotRow:
    record, decisions, thread = found
    own = [one for one in decisions if one.reviewer_id == membership.pk]
    is_open = opens_to(membership, pilot, settings, is_party=bool(own))
    return PilotRow(record, decisions if is_open else own, is_open, thread if is_open else [], {})


def opens_to(
    membership: Membership, pilot: Pilot, settings: StageSettings, *, is_party: bool
) -> bool:
    """Whether the person sees what others said of one record of the pilot.

    Args:
        membership: Who asks.
        pilot: The round.
        settings: Its stage.
        is_party: Whether the person decided on the record in this pilot.
    """
    if pilot.is_running or not membership.can(Capability.VIEW):
        return False
    settles = membership.can(Capability.MANAGE) or membership.can(Capability.ADJUDICATE)
    return is_party or not settings.is_blinded or (settles and not membership.is_screener)


def may_talk(membership: Membership, pilot: Pilot, record: Record) -> bool:
    """Whether the person may take part in the talk about a record of the pilot."""
    if not pilot.pilot_records.filter(record=record).exists():
        return False
    said = PilotDecision.objects.current().filter(pilot=pilot, record=record, reviewer=membership)
    settings = settings_of(membership.review, Stage(pilot.stage))
    return opens_to(membership, pilot, settings, is_party=said.exists())


def pilot_thread(
    *, membership: Membership, pilot: Pilot, record: Record
) -> Sequence[DiscussionMessage]:
    """The talk about a record of the pilot in its order; none while its verdicts are hidden."""
    if not may_talk(membership, pilot, record):
        return []
    return list(pilot.discussion.filter(record=record).select_related("author__user"))
