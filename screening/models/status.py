"""The status rule as SQL, row by row and over many, the twin of `rules.consensus.team_status`."""

from collections.abc import Collection
from typing import TYPE_CHECKING, TypeVar

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThan

from screening.rules.consensus import MaybeMeans, Stage, StageRule, Status, Verdict

if TYPE_CHECKING:
    from screening.models.decisions import Decision
    from screening.models.records import Record

Records = TypeVar("Records", bound="QuerySet[Record]")
DEFAULT_VERDICTS_NEEDED = 2


def _counted(rows: QuerySet[Model], of: str, *, distinct: bool = False) -> Coalesce:
    """Number of rows of a correlated queryset, 0 where there is none."""
    counted = rows.order_by().values("record").annotate(n=Count(of, distinct=distinct))
    return Coalesce(Subquery(counted.values("n")[:1], output_field=IntegerField()), 0)


def with_team_status(records: Records, stage: Stage, *, without: int | None = None) -> Records:
    """Annotate `team_status`; see `rules.consensus.team_status` for the rule.

    Args:
        records: Any queryset of records.
        stage: The stage whose decisions and adjudications count.
        without: A member whose decisions and own rulings are looked away from.

    Returns:
        The queryset with `team_status` (a `Status` value), `opinions` (current decisions) and
        `verdicts_needed`.
    """
    return with_what_was_said(records, stage, without=without).annotate(
        team_status=status_case(
            F("verdicts_needed"), F("maybe_means"), lacks_group=Q(needs_group=True, of_group=False)
        )
    )


def with_what_was_said(records: Records, stage: Stage, *, without: int | None = None) -> Records:
    """Annotate all that the status of a record depends on, which `status_case` then judges."""
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    decisions = apps.get_model("screening", "Decision").objects.filter(**here)
    rulings = apps.get_model("screening", "Adjudication").objects.filter(**here)
    if without is not None:
        decisions = decisions.exclude(reviewer=without)
        rulings = rulings.exclude(adjudicator=without, kind="ruling")
    exclusions = decisions.filter(verdict=Verdict.EXCLUDE)
    needed = apps.get_model("screening", "StageSettings").objects.filter(
        review=OuterRef("review"), stage=stage
    )
    return records.annotate(
        ruling=Subquery(rulings.values("verdict")[:1]),
        opinions=_counted(decisions, "pk"),
        reasons=_counted(exclusions.exclude(reason=None), "reason", distinct=True),
        has_exclusion=Exists(exclusions),
        has_inclusion=Exists(decisions.exclude(verdict=Verdict.EXCLUDE)),
        has_maybe=Exists(decisions.filter(verdict=Verdict.MAYBE)),
        needs_group=Exists(needed.filter(required_group__isnull=False)),
        of_group=Exists(decisions.filter(reviewer__groups__required_at__stage=stage)),
        verdicts_needed=Coalesce(
            Subquery(needed.values("verdicts_needed")[:1], output_field=IntegerField()),
            DEFAULT_VERDICTS_NEEDED,
        ),
        maybe_means=Coalesce(
            Subquery(needed.values("maybe_means")[:1], output_field=CharField()),
            Value(MaybeMeans.INCLUDE.value),
        ),
    )


def tally_of(
    decisions: QuerySet["Decision"], rule: StageRule, group: Collection[int] = ()
) -> dict[Status, int]:
    """Count records by status over their decisions, in one pass over an index.

    Args:
        decisions: Current decisions of one stage, whole records at a time, none of them ruled.
        rule: How the stage is set.
        group: The members of the group that the stage needs, if it needs one.

    Returns:
        How many records are in conflict, included and excluded; the others await verdicts.
    """
    grouped = (
        decisions.order_by()
        .values("record")
        .annotate(
            opinions=Count("pk"),
            exclusions=Count("pk", filter=Q(verdict=Verdict.EXCLUDE)),
            maybes=Count("pk", filter=Q(verdict=Verdict.MAYBE)),
            first_reason=Min("reason"),
            last_reason=Max("reason"),
        )
    )
    are_enough = Q(opinions__gte=rule.verdicts_needed)
    if rule.needs_group:
        of_group = Count("pk", filter=Q(reviewer__in=list(group)))
        grouped = grouped.annotate(of_group=of_group)
        are_enough &= Q(of_group__gt=0)
    differs = Q(exclusions__gt=0) & (
        Q(exclusions__lt=F("opinions")) | Q(first_reason__lt=F("last_reason"))
    )
    is_agreed = Q(exclusions=0)
    if rule.maybe_means == MaybeMeans.CONFLICT:
        differs |= Q(maybes__gt=0)
        is_agreed &= Q(maybes=0)
    found = grouped.aggregate(
        conflict=Count("record", filter=are_enough & differs),
        included=Count("record", filter=are_enough & is_agreed),
        enough=Count("record", filter=are_enough),
    )
    return {
        Status.CONFLICT: found["conflict"],
        Status.INCLUDED: found["included"],
        Status.EXCLUDED: found["enough"] - found["conflict"] - found["included"],
    }


def status_case(needed: Combinable, maybe_means: Combinable, *, lacks_group: Q) -> Case:
    """The status over `with_what_was_said`, as a stage is set or as it might be set.

    Args:
        needed: How many verdicts a record needs.
        maybe_means: A `MaybeMeans` value.
        lacks_group: Whether a verdict of the group is needed and missing.
    """
    differs = Q(has_exclusion=True) & (Q(has_inclusion=True) | Q(reasons__gt=1))
    return Case(
        When(ruling=Verdict.EXCLUDE.value, then=Value(Status.EXCLUDED.value)),
        When(ruling__isnull=False, then=Value(Status.INCLUDED.value)),
        When(LessThan(F("opinions"), needed), then=Value(Status.AWAITING.value)),
        When(lacks_group, then=Value(Status.AWAITING.value)),
        When(
            Q(has_maybe=True) & Q(Exact(maybe_means, Value(MaybeMeans.CONFLICT.value))),
            then=Value(Status.CONFLICT.value),
        ),
        When(differs, then=Value(Status.CONFLICT.value)),
        When(has_exclusion=True, then=Value(Status.EXCLUDED.value)),
        default=Value(Status.INCLUDED.value),
        output_field=CharField(),
    )
