"""The status rule as SQL, row by row and over many, the twin of `rules.consensus.team_status`."""

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
from django.db.models.functions import Coalesce

from screening.rules.consensus import Stage, Status, Verdict

if TYPE_CHECKING:
    from screening.models.decisions import Decision
    from screening.models.records import Record

Records = TypeVar("Records", bound="QuerySet[Record]")
DEFAULT_VERDICTS_NEEDED = 2


def _counted(rows: QuerySet[Model], of: str, *, distinct: bool = False) -> Coalesce:
    """Number of rows of a correlated queryset, 0 where there is none."""
    counted = rows.order_by().values("record").annotate(n=Count(of, distinct=distinct))
    return Coalesce(Subquery(counted.values("n")[:1], output_field=IntegerField()), 0)


def with_team_status(records: Records, stage: Stage) -> Records:
    """Annotate `team_status`; see `rules.consensus.team_status` for the rule.

    Args:
        records: Any queryset of records.
        stage: The stage whose decisions and adjudications count.

    Returns:
        The queryset with `team_status` (a `Status` value), `opinions` (current decisions) and
        `verdicts_needed`.
    """
    here = {"record": OuterRef("pk"), "stage": stage, "superseded_at__isnull": True}
    decisions = apps.get_model("screening", "Decision").objects.filter(**here)
    rulings = apps.get_model("screening", "Adjudication").objects.filter(**here)
    exclusions = decisions.filter(verdict=Verdict.EXCLUDE)
    needed = apps.get_model("screening", "StageSettings").objects.filter(
        review=OuterRef("review"), stage=stage
    )
    annotated = records.annotate(
        ruling=Subquery(rulings.values("verdict")[:1]),
        opinions=_counted(decisions, "pk"),
        reasons=_counted(exclusions.exclude(reason=None), "reason", distinct=True),
        has_exclusion=Exists(exclusions),
        has_inclusion=Exists(decisions.exclude(verdict=Verdict.EXCLUDE)),
        verdicts_needed=Coalesce(
            Subquery(needed.values("verdicts_needed")[:1], output_field=IntegerField()),
            DEFAULT_VERDICTS_NEEDED,
        ),
    )
    return annotated.annotate(team_status=_status_case())


def tally_of(decisions: QuerySet["Decision"], *, verdicts_needed: int) -> dict[Status, int]:
    """Count records by status over their decisions, in one pass over an index.

    Args:
        decisions: Current decisions of one stage, whole records at a time, none of them ruled.
        verdicts_needed: How many verdicts a record needs.

    Returns:
        How many records are in conflict, included and excluded; the others await verdicts.
    """
    grouped = (
        decisions.order_by()
        .values("record")
        .annotate(
            opinions=Count("pk"),
            exclusions=Count("pk", filter=Q(verdict=Verdict.EXCLUDE)),
            first_reason=Min("reason"),
            last_reason=Max("reason"),
        )
    )
    are_enough = Q(opinions__gte=verdicts_needed)
    differs = Q(exclusions__gt=0) & (
        Q(exclusions__lt=F("opinions")) | Q(first_reason__lt=F("last_reason"))
    )
    found = grouped.aggregate(
        conflict=Count("record", filter=are_enough & differs),
        included=Count("record", filter=are_enough & Q(exclusions=0)),
        enough=Count("record", filter=are_enough),
    )
    return {
        Status.CONFLICT: found["conflict"],
        Status.INCLUDED: found["included"],
        Status.EXCLUDED: found["enough"] - found["conflict"] - found["included"],
    }


def _status_case() -> Case:
    differs = Q(has_exclusion=True) & (Q(has_inclusion=True) | Q(reasons__gt=1))
    return Case(
        When(ruling=Verdict.EXCLUDE.value, then=Value(Status.EXCLUDED.value)),
        When(ruling__isnull=False, then=Value(Status.INCLUDED.value)),
        When(opinions__lt=F("verdicts_needed"), then=Value(Status.AWAITING.value)),
        When(differs, then=Value(Status.CONFLICT.value)),
        When(has_exclusion=True, then=Value(Status.EXCLUDED.value)),
        default=Value(Status.INCLUDED.value),
        output_field=CharField(),
    )
