"""Conflicts of a stage: those a person may settle or is part of."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q

from screening.models import Adjudication, Decision, Membership, Record, StageSettings
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.roles import Capability
from screening.selectors.blinding import is_party
from screening.selectors.counts import Place, own_tally, team_tally
from screening.selectors.stages import in_stage, settings_of


@dataclass(frozen=True, slots=True)
class ConflictCounts:
    """How many conflicts a person sees, by who settles them."""

    for_me: int
    for_others: int

    @property
    def open(self) -> int:
        """Conflicts that wait for somebody."""
        return self.for_me + self.for_others


def conflicts(*, membership: Membership, stage: Stage) -> RecordQuerySet:
    """Open conflicts whose verdicts the person may see, the longest open first.

    Annotates `is_party` and `since`, when the last verdict came.
    """
    records = in_stage(Record.objects.filter(review=membership.review_id), stage)
    standing = Q(decisions__stage=stage, decisions__superseded_at__isnull=True)
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    records = records.filter(  # cheap, and true of few: only their status is worked out
        Exists(Decision.objects.filter(**here, verdict=Verdict.EXCLUDE))
        & Exists(Decision.objects.filter(**here).exclude(verdict=Verdict.EXCLUDE))
        | Exists(Decision.objects.filter(**here, reason__isnull=False))
        | Exists(Decision.objects.filter(**here, verdict=Verdict.MAYBE))
    )
    found: RecordQuerySet = (
        _seen(records, membership, stage)
        .with_status(stage)
        .filter(Q(team_status=Status.CONFLICT.value))
        .annotate(since=Max("decisions__created_at", filter=standing))
    )
    ordered: RecordQuerySet = found.order_by(F("since").asc(), "pk")
    return ordered


def settled_conflicts(*, membership: Membership, stage: Stage) -> Sequence[Adjudication]:
    """Standing rulings on records whose verdicts the person may see, the newest first."""
    seen = _seen(Record.objects.filter(review=membership.review_id), membership, stage)
    rulings = Adjudication.objects.current().filter(stage=stage, record__in=seen.values("pk"))
    rulings = rulings.exclude(kind=Adjudication.Kind.PUBLISHED)
    return list(
        rulings.select_related("record__source", "adjudicator__user", "reason").order_by(
            "-created_at"
        )
    )


def conflict_counts(*, membership: Membership, stage: Stage) -> ConflictCounts:
    """How many conflicts wait for me and for others."""
    settings = settings_of(membership.review, stage)
    place = Place(membership, stage)
    own = own_tally(place)[Status.CONFLICT]
    sees_all = _sees_all(membership, settings)
    seen = team_tally(place)[Status.CONFLICT] if sees_all else own
    barred = own if settings.is_own_ruling_barred else 0
    for_me = max(0, seen - barred) if is_settler(membership, settings) else 0
    return ConflictCounts(for_me, seen - for_me)


def may_settle(membership: Membership, record: Record, settings: StageSettings, kind: str) -> bool:
    """Whether the member may settle the record in this way.

    A ruling is an adjudicator's, of those named if any are, by default not of what they decided;
    a consensus may also be recorded by those who decided.
    """
    has_decided = is_party(membership, record, Stage(settings.stage))
    if kind == Adjudication.Kind.CONSENSUS:
        speaks = has_decided and membership.can(Capability.SCREEN)
        return speaks or is_settler(membership, settings)
    bars = settings.is_own_ruling_barred and has_decided
    return not bars and is_settler(membership, settings)


def is_settler(membership: Membership, settings: StageSettings) -> bool:
    """Whether the member may settle conflicts of the stage at all."""
    if not membership.can(Capability.ADJUDICATE):
        return False
    named = Membership.objects.active().filter(pk__in=settings.settlers.values("pk"))
    ids = {one.pk for one in named}
    return not ids or membership.pk in ids


def _seen(records: RecordQuerySet, membership: Membership, stage: Stage) -> RecordQuerySet:
    mine = Decision.objects.filter(
        record=OuterRef("pk"), stage=stage, reviewer=membership, superseded_at__isnull=True
    )
    records = records.annotate(is_party=Exists(mine))
    if _sees_all(membership, settings_of(membership.review, stage)):
        return records
    return records.filter(Q(is_party=True))


def _sees_all(membership: Membership, settings: StageSettings) -> bool:
    """Whether the person sees every conflict of the stage, not only those they are part of."""
    leads = membership.can(Capability.MANAGE) and not membership.is_screener
    return leads or not settings.is_blinded or membership.can(Capability.ADJUDICATE)
