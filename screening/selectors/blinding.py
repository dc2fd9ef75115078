"""Who may see whose verdicts, reasons, notes and tags: the one rule (docs/threat-model.md).

While a stage is blinded, what others said of a record is seen only when the record is in conflict
or was ruled, and then only by those who decided on it themselves, by adjudicators, and by leads
who do not screen. Everyone else sees the team's status; a screener who has not decided does not
even see that there is a conflict.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from screening.models import (
    Adjudication,
    Decision,
    Membership,
    Note,
    Record,
    RecordTag,
    Source,
    StageSettings,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Opinion, Stage, Status, Verdict, team_status
from screening.rules.roles import Capability
from screening.selectors.groups import group_ids, opinions_of
from screening.selectors.stages import settings_of, stage_of


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may see of one record at one stage.

    `status` is the team's as the person may know it, `is_open` whether others' words are seen,
    `decisions` and `ruling` are only those that may be seen.
    """

    status: Status
    is_open: bool
    is_settled: bool
    decisions: Sequence[Decision]
    ruling: Adjudication | None


def sight_of(membership: Membership, record: Record, stage: Stage) -> Sight:
    """Work out, in three small queries, what the person may see."""
    if record.review_id != membership.review_id or not membership.can(Capability.VIEW):
        return Sight(Status.AWAITING, is_open=False, is_settled=False, decisions=[], ruling=None)
    decisions, ruling = _said_of(record, stage)
    return sight_from(membership, settings_of(membership.review, stage), decisions, ruling)


def sight_from(
    membership: Membership,
    settings: StageSettings,
    decisions: Sequence[Decision],
    ruling: Adjudication | None,
) -> Sight:
    """Apply the rule to what was said of one record of the member's review at one stage."""
    status = _status(decisions, ruling, settings)
    is_party = any(one.reviewer_id == membership.pk for one in decisions)
    concerns = ruling is not None or status == Status.CONFLICT
    is_open = not settings.is_blinded or (concerns and _settles(membership, is_party=is_party))
    seen = decisions if is_open else [o for o in decisions if o.reviewer_id == membership.pk]
    is_told = is_open or (ruling is not None and ruling.kind == Adjudication.Kind.PUBLISHED)
    is_hidden = status == Status.CONFLICT and not is_open and membership.is_screener
    return Sight(
        status=Status.AWAITING if is_hidden else status,
        is_open=is_open,
        is_settled=status in {Status.INCLUDED, Status.EXCLUDED},
        decisions=seen,
        ruling=ruling if is_told else None,
    )


def sight_of_open(membership: Membership, record: Record, settings: StageSettings) -> Sight:
    """Sight of a record that was just handed out: undecided by the person, unruled, awaiting.

    While the stage is blinded that is all there is to see, and what others said is not even read.
    """
    if not settings.is_blinded:
        return sight_of(membership, record, Stage(settings.stage))
    return Sight(Status.AWAITING, is_open=False, is_settled=False, decisions=[], ruling=None)


def is_party(membership: Membership, record: Record, stage: Stage) -> bool:
    """Whether the person has a standing decision on the record at the stage."""
    return (
        Decision.objects.current().filter(record=record, stage=stage, reviewer=membership).exists()
    )


def may_see_others(membership: Membership, record: Record, stage: Stage) -> bool:
    """Whether the person may see what others said of the record at the stage."""
    return sight_of(membership, record, stage).is_open


def status_of(record: Record, stage: Stage) -> Status:
    """The team's status as it is; pages and API show `seen_status` instead."""
    decisions, ruling = _said_of(record, stage)
    return _status(decisions, ruling, settings_of(record.review, stage))


def visible_decisions(
    *, membership: Membership, record: Record, stage: Stage
) -> Sequence[Decision]:
    """The standing decisions on a record that the person may see; always with one's own."""
    return sight_of(membership, record, stage).decisions


def visible_ruling(*, membership: Membership, record: Record, stage: Stage) -> Adjudication | None:
    """The standing ruling; who may not see the verdicts behind it sees no rationale either.

    A published verdict of an earlier team tells nothing about this one: every member sees it.
    """
    return sight_of(membership, record, stage).ruling


def are_labels_open(
    membership: Membership, record: Record, stage: Stage, sight: Sight | None = None
) -> bool:
    """Whether the team's notes and tags are seen: by the rule of the last stage reached.

    Args:
        membership: Who asks.
        record: The record.
        stage: A stage of it.
        sight: What is seen at that stage, if it is worked out already.
    """
    sight = sight or sight_of(membership, record, stage)
    if record.source.kind == Source.Kind.PREVIOUS_VERSION and not _is_judged(record):
        return True  # nobody screens it, so there is nothing that words could give away
    is_identified = record.source.kind in Source.IDENTIFICATION_KINDS
    if stage == Stage.TITLE_ABSTRACT and is_identified and not sight.is_settled:
        return sight.is_open
    last = stage_of(record)
    return sight.is_open if last == stage else sight_of(membership, record, last).is_open


def _is_judged(record: Record) -> bool:
    return Decision.objects.current().filter(record=record).exists()


def visible_notes(
    *, membership: Membership, record: Record, are_open: bool | None = None
) -> Sequence[Note]:
    """My own notes, and the team's once the record's last stage lets me see what others said."""
    if are_open is None:
        are_open = are_labels_open(membership, record, Stage.TITLE_ABSTRACT)
    notes = Note.objects.filter(record=record).select_related("author__user")
    mine = Q(author=membership)
    return list(notes.filter(mine | Q(is_private=False) if are_open else mine))


def visible_tags(
    *, membership: Membership, record: Record, are_open: bool | None = None
) -> Sequence[RecordTag]:
    """My own tags, and the team's once the record's present stage lets me see what others said."""
    if are_open is None:
        are_open = are_labels_open(membership, record, Stage.TITLE_ABSTRACT)
    tags = RecordTag.objects.filter(record=record).select_related("tag", "member__user")
    if not are_open:
        tags = tags.filter(member=membership)
    return list(tags.order_by("tag__label", "pk"))


def _said_of(record: Record, stage: Stage) -> tuple[list[Decision], Adjudication | None]:
    decisions = Decision.objects.current().filter(record=record, stage=stage)
    decisions = decisions.select_related("reviewer__user", "reason").order_by("created_at", "pk")
    rulings = Adjudication.objects.current().filter(record=record, stage=stage)
    return list(decisions), rulings.select_related("adjudicator__user", "reason").first()


def _status(
    decisions: Sequence[Decision], ruling: Adjudication | None, settings: StageSettings
) -> Status:
    return team_status(
        opinions_of(decisions, group_ids(settings)),
        settings.rule,
        ruling=Opinion(Verdict(ruling.verdict), ruling.reason_id) if ruling else None,
    )


def _settles(membership: Membership, *, is_party: bool) -> bool:
    leads = membership.can(Capability.MANAGE) and not membership.is_screener
    return is_party or leads or membership.can(Capability.ADJUDICATE)


def hides_conflicts(membership: Membership, stage: Stage) -> bool:
    """Whether conflicts that the person has no part in are shown to them as awaiting."""
    is_bound = membership.is_screener and not membership.can(Capability.ADJUDICATE)
    return is_bound and settings_of(membership.review, stage).is_blinded


def with_seen_status(
    records: RecordQuerySet, *, membership: Membership, stage: Stage
) -> RecordQuerySet:
    """Annotate `seen_status`: the team's status as this person may know it.

    A conflict is shown as awaiting to a screener who has not decided on the record while the
    stage is blinded, since it would tell that two others differ.
    """
    records = records.with_status(stage)
    if not hides_conflicts(membership, stage):
        return records.annotate(seen_status=F("team_status"))
    mine = Decision.objects.filter(
        record=OuterRef("pk"), stage=stage, reviewer=membership, superseded_at__isnull=True
    )
    masked = Case(
        When(
            Q(team_status=Status.CONFLICT.value) & ~Exists(mine), then=Value(Status.AWAITING.value)
        ),
        default=F("team_status"),
        output_field=CharField(),
    )
    return records.annotate(seen_status=masked)


def seen_status(*, membership: Membership, record: Record, stage: Stage) -> Status:
    """The team's status of one record as this person may know it."""
    return sight_of(membership, record, stage).status
