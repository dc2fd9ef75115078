"""Who may see whose verdicts, reasons, notes and tags: the one rule (docs/threat-model.md).

While a stage is blinded, what others said of a record is seen only when the record is in conflict
or was ruled, and then only by those who decided on it themselves, by adjudicators, and by leads
who do not screen. Everyone else sees the team's status; a screener who has not decided does not
even see that there is a conflict.
"""

from collections.abc import Sequence

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from screening.models import Adjudication, Decision, Membership, Note, Record, RecordTag
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.selectors.stages import settings_of, stage_of


def is_party(membership: Membership, record: Record, stage: Stage) -> bool:
    """Whether the person has a standing decision on the record at the stage."""
    return (
        Decision.objects.current().filter(record=record, stage=stage, reviewer=membership).exists()
    )


def may_see_others(membership: Membership, record: Record, stage: Stage) -> bool:
    """Whether the person may see what others said of the record at the stage."""
    if not membership.can(Capability.VIEW) or record.review_id != membership.review_id:
        return False
    if not settings_of(membership.review, stage).is_blinded:
        return True
    is_ruled = Adjudication.objects.current().filter(record=record, stage=stage).exists()
    if not is_ruled and status_of(record, stage) != Status.CONFLICT:
        return False
    settles = membership.can(Capability.ADJUDICATE)
    leads = membership.can(Capability.MANAGE) and not membership.is_screener
    return settles or leads or is_party(membership, record, stage)


def status_of(record: Record, stage: Stage) -> Status:
    """The team's status as it is; pages and API show `seen_status` instead."""
    found = Record.objects.filter(pk=record.pk).with_status(stage)
    return Status(found.values_list(F("team_status"), flat=True)[0])


def visible_decisions(
    *, membership: Membership, record: Record, stage: Stage
) -> Sequence[Decision]:
    """The standing decisions on a record that the person may see; always with one's own."""
    if record.review_id != membership.review_id:
        return []
    decisions = (
        Decision.objects.current()
        .filter(record=record, stage=stage)
        .select_related("reviewer__user", "reason")
        .order_by("created_at", "pk")
    )
    if not may_see_others(membership, record, stage):
        decisions = decisions.filter(reviewer=membership)
    return list(decisions)


def visible_ruling(*, membership: Membership, record: Record, stage: Stage) -> Adjudication | None:
    """The standing ruling; who may not see the verdicts behind it sees no rationale either.

    A published verdict of an earlier team tells nothing about this one: every member sees it.
    """
    if record.review_id != membership.review_id:
        return None
    rulings = Adjudication.objects.current().filter(record=record, stage=stage)
    if not may_see_others(membership, record, stage):
        rulings = rulings.filter(kind=Adjudication.Kind.PUBLISHED)
    return rulings.select_related("adjudicator__user", "reason").first()


def visible_notes(*, membership: Membership, record: Record) -> Sequence[Note]:
    """My own notes, and the team's once the record's present stage lets me see what others said."""
    notes = Note.objects.filter(record=record).select_related("author__user")
    mine = Q(author=membership)
    if may_see_others(membership, record, stage_of(record)):
        mine |= Q(is_private=False)
    return list(notes.filter(mine))


def visible_tags(*, membership: Membership, record: Record) -> Sequence[RecordTag]:
    """My own tags, and the team's once the record's present stage lets me see what others said."""
    tags = RecordTag.objects.filter(record=record).select_related("tag", "member__user")
    if not may_see_others(membership, record, stage_of(record)):
        tags = tags.filter(member=membership)
    return list(tags.order_by("tag__label", "pk"))


def with_seen_status(
    records: RecordQuerySet, *, membership: Membership, stage: Stage
) -> RecordQuerySet:
    """Annotate `seen_status`: the team's status as this person may know it.

    A conflict is shown as awaiting to a screener who has not decided on the record while the
    stage is blinded, since it would tell that two others differ.
    """
    records = records.with_status(stage)
    hides = membership.is_screener and not membership.can(Capability.ADJUDICATE)
    if not hides or not settings_of(membership.review, stage).is_blinded:
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
    records = Record.objects.filter(pk=record.pk)
    found = with_seen_status(records, membership=membership, stage=stage)
    return Status(found.values_list(F("seen_status"), flat=True)[0])
