"""Team statuses and settings of stages, now or at a moment."""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from screening.models import (
    Adjudication,
    AuditEvent,
    Decision,
    Membership,
    Record,
    Review,
    StageSettings,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Opinion, Stage, Status, Verdict, team_status
from screening.rules.roles import Capability
from screening.selectors.blinding import with_seen_status
from screening.selectors.groups import group_ids
from screening.selectors.moments import standing

Ids = frozenset[int]
STAGE_CHANGED = "stage.changed"
GROUP_CHANGED = "group.changed"


@dataclass(frozen=True, slots=True)
class Statuses:
    """Team statuses of a set of records at one stage.

    Attributes:
        by_status: Records by status; every status is there.
        judged: Records with at least one verdict or ruling.
    """

    by_status: dict[Status, Ids]
    judged: Ids


def statuses_of(
    review: Review,
    stage: Stage,
    records: Ids,
    *,
    membership: Membership | None = None,
    as_of: datetime | None = None,
) -> Statuses:
    """Team statuses of records, now by SQL, in the past by the pure rule.

    Args:
        review: The review.
        stage: The stage.
        records: The records of the stage.
        membership: Who asks; a conflict this person may not know of counts as awaiting. Nobody
            means the whole truth.
        as_of: The moment, or now; then the settings of the stage are those of that moment.

    Returns:
        Every record of `records` under exactly one status.
    """
    if as_of is None:
        rows = _now(_judged(review, stage), stage, membership)
    else:
        rows = _then(review, stage, membership, as_of)
    found: dict[Status, set[int]] = {status: set() for status in Status}
    judged = set()
    needed = set(records)
    for record_id, status, is_judged in rows:
        if record_id not in needed:
            continue
        needed.discard(record_id)
        found[Status(status)].add(record_id)
        if is_judged:
            judged.add(record_id)
    found[Status.AWAITING] |= needed
    return Statuses({status: frozenset(ids) for status, ids in found.items()}, frozenset(judged))


def _judged(review: Review, stage: Stage) -> RecordQuerySet:
    """Records somebody has judged or ruled on at the stage; all others are awaiting."""
    here = {"record": OuterRef("pk"), "stage": stage}
    decisions = Decision.objects.current().filter(**here)
    rulings = Adjudication.objects.current().filter(**here)
    return Record.objects.filter(Exists(decisions) | Exists(rulings), review=review)


def _now(
    records: RecordQuerySet, stage: Stage, membership: Membership | None
) -> list[tuple[int, str, bool]]:
    if membership is None:
        seen = records.with_status(stage).annotate(seen_status=F("team_status"))
    else:
        seen = with_seen_status(records, membership=membership, stage=stage)
    rows = seen.order_by().values_list("pk", "seen_status", "opinions", "ruling")
    return [(pk, status, bool(opinions or ruling)) for pk, status, opinions, ruling in rows]


def _then(
    review: Review, stage: Stage, membership: Membership | None, as_of: datetime
) -> list[tuple[int, str, bool]]:
    history = SettingsHistory(review, stage)
    settings = history.at(as_of)
    group = history.group_of(settings, as_of)
    scope = Q(record__review=review, stage=stage) & standing(as_of, "superseded_at")
    opinions: dict[int, list[Opinion]] = defaultdict(list)
    mine = set()
    decisions = Decision.objects.filter(scope)
    for record_id, verdict, reason, reviewer in decisions.values_list(
        "record_id", "verdict", "reason_id", "reviewer_id"
    ):
        opinions[record_id].append(Opinion(Verdict(verdict), reason, reviewer in group))
        if membership and reviewer == membership.pk:
            mine.add(record_id)
    rulings = {
        record_id: Opinion(Verdict(verdict), reason)
        for record_id, verdict, reason in Adjudication.objects.filter(scope).values_list(
            "record_id", "verdict", "reason_id"
        )
    }
    hides = bool(membership and _hides_conflicts(membership, settings))
    rows = []
    for record_id in opinions.keys() | rulings.keys():
        status = team_status(
            opinions[record_id],
            settings.rule,
            ruling=rulings.get(record_id),
        )
        if hides and status is Status.CONFLICT and record_id not in mine:
            status = Status.AWAITING
        rows.append((record_id, status.value, True))
    return rows


class SettingsHistory:
    """How a stage was set at any moment: today's settings less every audited change since.

    The audit trail is append-only and each change names what stood before it, so going back
    through the later changes gives what stood then.
    """

    def __init__(self, review: Review, stage: Stage) -> None:
        """Read today's settings and all changes, in two queries."""
        self.today = StageSettings.objects.get(review=review, stage=stage)
        events = AuditEvent.objects.filter(
            review=review,
            action=STAGE_CHANGED,
            target_type=StageSettings._meta.label_lower,
            target_id=str(self.today.pk),
        )
        rows = events.order_by("-pk").values_list("created_at", "before")
        self.changes: list[tuple[datetime, dict[str, object]]] = list(rows)
        self._groups: dict[int, tuple[frozenset[int], list[tuple[datetime, list[int]]]]] = {}

    def at(self, moment: datetime) -> StageSettings:
        """The settings at a moment; a change at the very moment counts. Not to be saved."""
        settings = copy(self.today)
        for changed_at, before in self.changes:
            if changed_at <= moment:
                break
            for name, value in before.items():
                setattr(settings, name, value)
        return settings

    def group_of(self, settings: StageSettings, moment: datetime) -> frozenset[int]:
        """The members, at a moment, of the group that these settings need."""
        number = settings.required_group_id
        if number is None:
            return frozenset()
        if number not in self._groups:
            events = AuditEvent.objects.filter(
                review=settings.review_id, action=GROUP_CHANGED, target_id=str(number)
            )
            rows = events.order_by("-pk").values_list("created_at", "before__members")
            changes = [(at, members or []) for at, members in rows]
            self._groups[number] = (group_ids(settings), changes)
        members, changes = self._groups[number]
        for changed_at, before in changes:
            if changed_at <= moment:
                break
            members = frozenset(before)
        return members


def settings_then(review: Review, stage: Stage, as_of: datetime) -> StageSettings:
    """How a stage was set at one moment. Not to be saved."""
    return SettingsHistory(review, stage).at(as_of)


def _hides_conflicts(membership: Membership, settings: StageSettings) -> bool:
    """The rule of `screening.selectors.blinding.with_seen_status`."""
    is_judge = membership.can(Capability.ADJUDICATE)
    return settings.is_blinded and membership.is_screener and not is_judge
