"""What a change of a stage's settings would do to the records, before it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from screening.models import Decision, Membership, Record, StageSettings
from screening.models.records import RecordQuerySet
from screening.models.status import status_case
from screening.permissions import admit
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.roles import Capability
from screening.selectors.blinding import hides_conflicts
from screening.selectors.groups import group_ids
from screening.selectors.stages import in_stage, settings_of

SHOWN = 50  # records listed of each move
COUNTED = frozenset({"verdicts_needed", "maybe_means", "required_group_id", "members"})


@dataclass(frozen=True, slots=True)
class Move:
    """Records that a change would bring from one status to another.

    `records` are the first of them; none where their verdicts are hidden from who asks.
    """

    before: Status
    after: Status
    count: int
    is_hidden: bool
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of one stage would do."""

    stage: Stage
    changes: Sequence[str]
    moves: Sequence[Move]
    notes: Sequence[str]

    @property
    def mark(self) -> str:
        """What is changed, in short: a confirmation is of these changes and no others."""
        return ";".join([self.stage, *self.changes])


def effect_of(*, membership: Membership, stage: Stage, wanted: Mapping[str, Any]) -> Effect | None:
    """What changing the stage to the wanted settings would do; None when it moves nothing.

    While the stage is blinded, of records that still wait for verdicts it is told only how many
    would move, in one heap, and to a lead who screens also of those they have not decided on: a
    preview must not tell what anybody said.

    Args:
        membership: The lead who asks.
        stage: The stage.
        wanted: The settings by name; those not named stay. `members` are the ids, in their order,
            of a group that the stage needs.

    Raises:
        PermissionDenied: The member does not lead.
    """
    admit(membership, Capability.MANAGE)
    settings = settings_of(membership.review, stage)
    changed = {name for name, value in wanted.items() if _now(settings, name) != value}
    moves, notes = [], _notes(membership, settings, wanted, changed)
    if changed & COUNTED:
        moving = _moving(membership, settings, wanted)
        moves = _moves(moving, _hidden(membership, settings))
        notes += _full_text_notes(stage, moving)
    changes = [f"{name}={wanted[name]}" for name in sorted(changed)]
    return Effect(stage, changes, moves, notes) if moves or notes else None


def _now(settings: StageSettings, name: str) -> Any:
    """How a setting stands; `members` are those of the group that the stage needs."""
    return sorted(group_ids(settings)) if name == "members" else getattr(settings, name)


def _hidden(membership: Membership, settings: StageSettings) -> Q:
    """Records whose outcome would tell what others said."""
    if not settings.is_blinded:
        return Q(pk__in=[])
    waiting = Q(team_status=Status.AWAITING.value)
    hides = hides_conflicts(membership, Stage(settings.stage))
    return waiting | Q(is_mine=False) if hides else waiting


def _moves(moving: RecordQuerySet, hidden: Q) -> list[Move]:
    open_ones: Any = moving.exclude(hidden)
    moves = []
    rows = open_ones.order_by().values_list("team_status", "next_status").annotate(n=Count("pk"))
    for before, after, number in sorted(rows):
        listed = open_ones.filter(Q(team_status=before, next_status=after)).order_by("pk")
        moves.append(
            Move(Status(before), Status(after), number, is_hidden=False, records=listed[:SHOWN])
        )
    return moves + _hidden_moves(moving.filter(hidden))


def _hidden_moves(moving: RecordQuerySet) -> list[Move]:
    """What moves between awaiting and decided, without what it is decided as."""
    to_open = moving.filter(Q(next_status=Status.AWAITING.value)).count()
    to_decided = moving.filter(Q(team_status=Status.AWAITING.value)).count()
    told = [
        (Status.INCLUDED, Status.AWAITING, to_open),
        (Status.AWAITING, Status.INCLUDED, to_decided),
    ]
    return [Move(a, b, number, is_hidden=True, records=[]) for a, b, number in told if number]


def _moving(
    membership: Membership, settings: StageSettings, wanted: Mapping[str, Any]
) -> RecordQuerySet:
    stage = Stage(settings.stage)
    needed = Value(int(wanted.get("verdicts_needed", settings.verdicts_needed)))
    means = Value(str(wanted.get("maybe_means", settings.maybe_means)), CharField())
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    said = Decision.objects.filter(**here)
    records = in_stage(Record.objects.filter(review=membership.review_id), stage)
    judged = records.filter(Exists(said))
    moving: RecordQuerySet = (
        judged.with_status(stage)
        .annotate(lacks=_lacks_group(said, settings, wanted))
        .annotate(next_status=status_case(needed, means, lacks_group=Q(lacks=True)))
        .annotate(is_mine=Exists(said.filter(reviewer=membership)))
        .exclude(team_status=F("next_status"))
    )
    return moving


def _lacks_group(
    said: QuerySet[Decision], settings: StageSettings, wanted: Mapping[str, Any]
) -> Combinable:
    """Whether a verdict of the wanted group would be missing."""
    group = wanted.get("required_group_id", settings.required_group_id)
    if group is None:
        return Value(value=False)
    if "members" in wanted:
        return ~Exists(said.filter(reviewer__in=list(wanted["members"])))
    return ~Exists(said.filter(reviewer__groups=group))


def _full_text_notes(stage: Stage, moving: RecordQuerySet) -> list[str]:
    """Records that would leave the full-text stage with verdicts there."""
    if stage == Stage.FULL_TEXT:
        return []
    read = Decision.objects.current().filter(record=OuterRef("pk"), stage=Stage.FULL_TEXT)
    number = moving.filter(Q(team_status=Status.INCLUDED.value)).filter(Exists(read)).count()
    if not number:
        return []
    return [
        f"Of those, {number} have verdicts at full text. These are kept and count again once the "
        "record passes title and abstract."
    ]


def _notes(
    membership: Membership, settings: StageSettings, wanted: Mapping[str, Any], changed: set[str]
) -> list[str]:
    said = Decision.objects.current().filter(
        record__review=membership.review_id, stage=settings.stage
    )
    notes = []
    if "is_blinded" in changed:
        number = said.count()
        if number and not wanted["is_blinded"]:
            notes.append(f"All {number} verdicts given so far are open to every member at once.")
        elif number:
            notes.append(
                f"The {number} verdicts given so far are hidden again; what people saw, they saw."
            )
    if "is_maybe_allowed" in changed and not wanted["is_maybe_allowed"]:
        number = said.filter(verdict=Verdict.MAYBE).count()
        if number:
            notes.append(f"{number} maybes stay as they were given; new ones are refused.")
    if "is_reason_required" in changed and wanted["is_reason_required"]:
        number = said.filter(verdict=Verdict.EXCLUDE, reason__isnull=True).count()
        if number:
            notes.append(f"{number} exclusions without a reason stay; new ones need a reason.")
    return notes
