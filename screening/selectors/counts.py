"""Counts of the ground floor, derived and never stored: of sources, of a team, of one person."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Q

from screening.models import (
    Adjudication,
    Decision,
    DuplicateLink,
    Membership,
    PreScreenRemoval,
    Record,
    Review,
    Source,
    StageSettings,
)
from screening.models.decisions import AdjudicationQuerySet, CurrentQuerySet
from screening.models.records import RecordQuerySet
from screening.models.status import tally_of
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.one_look import seen
from screening.selectors.groups import group_ids
from screening.selectors.pilots import pilot_state
from screening.selectors.queue import asker_of, assessable, open_count
from screening.selectors.resting import is_large, rested
from screening.selectors.stages import in_stage, settings_of

Tally = dict[Status, int]
Rows = TypeVar("Rows", CurrentQuerySet, AdjudicationQuerySet)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """One stage in the two vocabularies: towards me, and of the team."""

    to_decide: int
    decided: int
    maybes: int
    awaiting_other: int
    settled: int
    total: int
    after_pilot: int = 0  # mine in the main round, which a pilot round holds up

    @property
    def mine(self) -> int:
        """All that was or will be mine to decide."""
        return self.to_decide + self.decided


def source_counts(*, review: Review) -> dict[str, int]:
    """How many records each kind of source brought, by kind; kinds without records are absent."""
    rows = (
        Record.objects.filter(review=review)
        .order_by()
        .values("source__kind")
        .annotate(n=Count("pk"))
    )
    return {row["source__kind"]: row["n"] for row in rows}


def queue_counts(*, membership: Membership, stage: Stage, is_exact: bool = False) -> QueueCounts:
    """How much is left for me and for the team; numbers only, no verdict of others.

    While a pilot round is on, what is left for me and decided are the pilot's.

    Args:
        membership: Who asks.
        stage: The stage; at full text only what is retrieved counts.
        is_exact: Count everything anew, also where a large review's counts rest.
    """
    place = Place(membership, stage, is_retrieved=True)
    team = team_tally(place, is_exact=is_exact)
    mine = _own_verdicts(place)
    own = own_tally(place, is_exact=is_exact) if mine["decided"] else dict.fromkeys(Status, 0)
    counts = QueueCounts(
        to_decide=max(0, team[Status.AWAITING] - own[Status.AWAITING]),
        awaiting_other=own[Status.AWAITING],
        settled=team[Status.INCLUDED] + team[Status.EXCLUDED],
        total=sum(team.values()),
        **mine,
    )
    settings = settings_of(membership.review, stage)
    pilot = pilot_state(membership, settings)
    is_only = settings.assigning == StageSettings.Assigning.ONLY
    if settings.required_group_id is not None or is_only:  # what is left is not everybody's
        left = _open_to(membership, settings, is_exact=is_exact)
        counts = replace(counts, to_decide=left)
    if pilot is None:
        return counts
    entered = pilot.total if pilot.pilot.is_running and pilot.pilot.is_counted else 0
    return replace(
        counts,
        to_decide=pilot.left,
        decided=pilot.done if pilot.is_mine and pilot.pilot.is_running else counts.decided,
        after_pilot=max(0, counts.to_decide - entered),
    )


def _open_to(membership: Membership, settings: StageSettings, *, is_exact: bool) -> int:
    asker = asker_of(membership, settings)
    review_id = membership.review_id
    if is_exact or not is_large(review_id):
        return open_count(asker)
    return rested(("open", membership.pk, settings.stage), lambda: open_count(asker))


@dataclass(frozen=True, slots=True)
class Place:
    """What is counted: a stage of the member's review, at full text all or what is retrieved."""

    membership: Membership
    stage: Stage
    is_retrieved: bool = False

    def records(self) -> RecordQuerySet:
        """The records that are counted."""
        if self.is_retrieved:
            return assessable(self.membership.review_id, self.stage)
        return in_stage(Record.objects.filter(review=self.membership.review_id), self.stage)

    def narrowed(self, rows: Rows) -> Rows:
        """Leave only decisions or rulings on these records.

        At title and abstract without opening a record's row, which holds the whole abstract.
        """
        if self.stage == Stage.FULL_TEXT:
            return rows.filter(record__in=self.records().order_by().values("pk"))
        gone = {"record": OuterRef("record"), "undone_at__isnull": True}
        rows = rows.filter(
            ~Exists(DuplicateLink.objects.filter(**gone)),
            ~Exists(PreScreenRemoval.objects.filter(**gone)),
        )
        others = other_sources(self.membership.review_id)
        return rows.exclude(record__source__in=others) if others else rows

    def key(self, kind: str, of: int) -> Hashable:
        """Under which the count rests; at title and abstract everything can be assessed."""
        return kind, of, self.stage, self.is_retrieved and self.stage == Stage.FULL_TEXT


def other_sources(review_id: int) -> list[int]:
    """The sources whose records are not screened: other methods, and a previous version."""
    sources = Source.objects.filter(review=review_id)
    others = sources.exclude(kind__in=Source.IDENTIFICATION_KINDS).values_list("pk", flat=True)
    return seen(("other sources", review_id), lambda: list(others))


def team_tally(place: Place, *, is_exact: bool = False) -> Tally:
    """The records by the team's status as it is; pages show it as far as one may know."""
    review_id = place.membership.review_id
    key = place.key("team", review_id)
    return _told(key, lambda: _tallied(place, None), review_id, is_exact=is_exact)


def own_tally(place: Place, *, is_exact: bool = False) -> Tally:
    """The same of the records that the person decided."""
    member = place.membership
    key = place.key("own", member.pk)
    return _told(key, lambda: _tallied(place, _mine(place)), member.review_id, is_exact=is_exact)


def _told(key: Hashable, count: Callable[[], Tally], review_id: int, *, is_exact: bool) -> Tally:
    if is_exact:
        return count()
    return seen(key, lambda: rested(key, count) if is_large(review_id) else count())


def _mine(place: Place) -> CurrentQuerySet:
    return Decision.objects.current().filter(reviewer=place.membership, stage=place.stage)


def _own_verdicts(place: Place) -> dict[str, int]:
    """How many verdicts the person has given, and how many of them are a maybe."""
    return seen(
        place.key("mine", place.membership.pk),
        lambda: place.narrowed(_mine(place)).aggregate(
            decided=Count("pk"), maybes=Count("pk", filter=Q(verdict=Verdict.MAYBE))
        ),
    )


def ruled_counts(place: Place) -> dict[str, int]:
    """How many standing rulings there are of each verdict."""
    rulings = Adjudication.objects.current().filter(stage=place.stage, adjudicator__in=_team(place))
    return seen(place.key("ruled", place.membership.review_id), lambda: _by_verdict(place, rulings))


def _by_verdict(place: Place, rulings: AdjudicationQuerySet) -> dict[str, int]:
    counted = place.narrowed(rulings).order_by().values_list("verdict").annotate(n=Count("pk"))
    return dict(counted)


def _team(place: Place) -> list[int]:
    """Everybody who is or was a member."""
    review = place.membership.review
    ids = review.memberships.values_list("pk", flat=True)
    return seen(("team", review.pk), lambda: list(ids))


def _tallied(place: Place, among: CurrentQuerySet | None) -> Tally:
    """Count the rulings, and the verdicts of the records without one; the rest awaits.

    Args:
        place: What is counted.
        among: Only the records of these decisions, or all.
    """
    review = place.membership.review
    team = _team(place)
    decisions = Decision.objects.current().filter(stage=place.stage, reviewer__in=team)
    if among is None:
        ruled = ruled_counts(place)
    else:
        rulings = Adjudication.objects.current().filter(stage=place.stage, adjudicator__in=team)
        ruled = _by_verdict(place, rulings.filter(record__in=among.values("record")))
        decisions = decisions.filter(record__in=among.values("record"))
    if ruled:
        ruling = Adjudication.objects.current().filter(record=OuterRef("record"), stage=place.stage)
        decisions = decisions.filter(~Exists(ruling))
    settings = settings_of(review, place.stage)
    tally = tally_of(place.narrowed(decisions), settings.rule, group_ids(settings))
    tally[Status.INCLUDED] += ruled.get(Verdict.INCLUDE, 0)
    tally[Status.EXCLUDED] += ruled.get(Verdict.EXCLUDE, 0)
    total = place.records().count() if among is None else place.narrowed(among).count()
    return {Status.AWAITING: total - sum(tally.values())} | tally
