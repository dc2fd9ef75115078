"""Pilot rounds: who decides what in them, how far they are, and who may see their verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.http import Http404

from screening.models import (
    Adjudication,
    Decision,
    Membership,
    Pilot,
    PilotDecision,
    PilotRecord,
    Record,
    StageSettings,
)
from screening.models.people import MembershipQuerySet
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.queue import Asker, assessable, is_open_to


@dataclass(frozen=True, slots=True)
class PersonInPilot:
    """How far one screener is in a pilot."""

    member: Membership
    done: int
    total: int

    @property
    def is_done(self) -> bool:
        """Whether the person has decided on every record."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class PilotState:
    """How far a pilot is, towards one person: numbers only, no verdict of others.

    Attributes:
        pilot: The round.
        done: How many of its records I have decided.
        total: How many records it has now.
        waiting_for: How many other screeners still decide.
        is_mine: Whether I take part.
    """

    pilot: Pilot
    done: int
    total: int
    waiting_for: int
    is_mine: bool

    @property
    def left(self) -> int:
        """What I still have to decide."""
        return self.total - self.done if self.is_mine and self.pilot.is_running else 0


def pilot_or_404(membership: Membership, pilot_id: int) -> Pilot:
    """A pilot of the member's review."""
    found = Pilot.objects.filter(pk=pilot_id, review=membership.review_id)
    pilot = found.select_related("started_by__user", "ended_by__user").first()
    if pilot is None:
        raise Http404("There is no such pilot round.")
    pilot.review = membership.review
    return pilot


def pilots_of(*, membership: Membership, stage: Stage) -> Sequence[Pilot]:
    """The pilots of a stage, the newest first, each with `records`."""
    rows = Pilot.objects.filter(review=membership.review_id, stage=stage)
    return list(rows.annotate(records=Count("pilot_records")).select_related("started_by__user"))


def drawable(review_id: int, stage: Stage) -> RecordQuerySet:
    """Records that a pilot may take: nobody decided on them and no pilot had them."""
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    return assessable(review_id, stage).filter(
        ~Exists(Decision.objects.filter(**here)),
        ~Exists(Adjudication.objects.filter(**here)),
        ~Exists(PilotRecord.objects.filter(record=OuterRef("pk"), pilot__stage=stage)),
    )


def records_of(pilot: Pilot) -> RecordQuerySet:
    """The pilot's records that can be judged now; one that became a duplicate is left out."""
    return assessable(pilot.review_id, Stage(pilot.stage)).filter(pilot_records__pilot=pilot)


def screeners_of(pilot: Pilot) -> MembershipQuerySet:
    """Everybody who decides in a running pilot."""
    return Membership.objects.active().filter(review=pilot.review_id, is_screener=True)


def people_in(pilot: Pilot) -> list[PersonInPilot]:
    """How far each screener is: those who take part now, and who decided and left since."""
    ids = list(records_of(pilot).values_list("pk", flat=True))
    said = PilotDecision.objects.current().filter(pilot=pilot, record__in=ids)
    done = dict(said.order_by().values_list("reviewer").annotate(n=Count("pk")))
    members = Membership.objects.filter(review=pilot.review_id).select_related("user")
    now = set(screeners_of(pilot).values_list("pk", flat=True)) if pilot.is_running else set()
    asked = members.filter(pk__in=now | set(done)).order_by("user__name")
    return [PersonInPilot(one, done.get(one.pk, 0), len(ids)) for one in asked]


def is_complete(pilot: Pilot) -> bool:
    """Whether everybody who screens now has decided on every record."""
    now = set(screeners_of(pilot).values_list("pk", flat=True))
    here = [one for one in people_in(pilot) if one.member.pk in now]
    return bool(here) and all(one.is_done and one.total for one in here)


def pilot_state(membership: Membership, settings: StageSettings) -> PilotState | None:
    """How far the stage's pilot is towards the person; None when there is none."""
    if settings.pilot_id is None:
        return None
    pilot = Pilot.objects.get(pk=settings.pilot_id)
    people = people_in(pilot)
    mine = next((one for one in people if one.member.pk == membership.pk), None)
    total = mine.total if mine else records_of(pilot).count()
    waiting = [one for one in people if not one.is_done and one.member.pk != membership.pk]
    return PilotState(
        pilot=pilot,
        done=mine.done if mine else 0,
        total=total,
        waiting_for=len(waiting) if pilot.is_running else 0,
        is_mine=membership.can(Capability.SCREEN),
    )


def is_todo(asker: Asker, record_id: int) -> bool:
    """Whether the person can decide on the record now."""
    pilot_id = asker.settings.pilot_id
    if pilot_id is None:
        return is_open_to(asker, record_id)
    said = PilotDecision.objects.current().filter(
        pilot=pilot_id, record=record_id, reviewer=asker.membership
    )
    pilot = Pilot.objects.get(pk=pilot_id)
    is_in = pilot.is_running and records_of(pilot).filter(pk=record_id).exists()
    return is_in and not said.exists()


def next_pilot_record(
    *, membership: Membership, pilot: Pilot, near: Record | None, backwards: bool = False
) -> Record | None:
    """The next record of a running pilot that the person has not decided on.

    Everybody gets every record, each from a starting point of their own.

    Args:
        membership: The reviewer.
        pilot: The round.
        near: Walk on from this record; it comes last itself.
        backwards: Walk the other way.
    """
    if not pilot.is_running:
        return None
    said = PilotDecision.objects.current().filter(pilot=pilot, reviewer=membership)
    decided = set(said.values_list("record", flat=True))
    rows = list(records_of(pilot).values_list("random_key", "pk"))
    seed = membership.order_seed
    ids = [pk for _, pk in sorted(rows, key=lambda row: (row[0] < seed, *row))]
    place = ids.index(near.pk) + 1 if near is not None and near.pk in ids else 0
    way = ids[place:] + ids[:place]
    if backwards:
        way = way[-2::-1] + way[-1:]
    left = [pk for pk in way if pk not in decided]
    if not left:
        return None
    return Record.objects.select_related("source").get(pk=left[0])


def own_pilot_decision(
    membership: Membership, pilot_id: int, record_id: int
) -> PilotDecision | None:
    """What the person said of a record in a pilot."""
    mine = PilotDecision.objects.current().filter(pilot=pilot_id, reviewer=membership)
    return mine.filter(record=record_id).select_related("reason").first()


def last_pilot_decision(membership: Membership, pilot_id: int) -> PilotDecision | None:
    """The person's last standing act in a running pilot."""
    mine = PilotDecision.objects.current().filter(
        pilot=pilot_id, pilot__ended_at__isnull=True, reviewer=membership
    )
    return mine.select_related("record").order_by("-created_at", "-pk").first()
