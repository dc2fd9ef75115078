"""How the work went on, day by day: never what was decided, and who did it for the lead only."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse

from analytics.figures.model import Figure
from analytics.figures.progress import (
    AgreementRow,
    Series,
    agreement_figure,
    progress_over_time,
)
from analytics.selectors.agreement import agreement_of, may_see_agreement
from extraction.models import Extraction, Reconciliation, Study
from screening.models import Decision, Membership
from screening.rules.consensus import Stage
from screening.rules.roles import Capability

STAGES = {Stage.TITLE_ABSTRACT: "Title & abstract", Stage.FULL_TEXT: "Full text"}
VERDICTS, STUDIES = ("verdict", "verdicts"), ("study", "studies")
PROGRESS_KEYS = ("verdicts-by-day", "verdicts-by-person", "studies-by-day", "agreement")
CARRIED = (Decision.Origin.MERGE, Decision.Origin.HANDED)


def progress_figures(membership: Membership) -> list[Figure]:
    """The dashboards of the work, as this member may see them.

    Everybody sees how many verdicts were given on each day and how many studies were extracted;
    the lead also by whom; agreement whoever may see it on its own page.
    """
    figures = [
        progress_over_time("verdicts-by-day", "Verdicts given", _verdicts(membership), VERDICTS),
        progress_over_time("studies-by-day", "Studies extracted", _studies(membership), STUDIES),
    ]
    if membership.can(Capability.MANAGE):
        people = _people(membership)
        figures.insert(
            1, progress_over_time("verdicts-by-person", "Verdicts by person", people, VERDICTS)
        )
    return [*figures, agreement_figure(_agreement(membership))]


def _decisions(membership: Membership) -> "list[tuple[str, str, date, int]]":
    """Stage, person, day and number of verdicts that stand, each counted once."""
    standing = Decision.objects.current().filter(record__review=membership.review)
    own = standing.exclude(origin__in=CARRIED)
    rows = own.annotate(day=TruncDate("created_at"), name=F("reviewer__user__name"))
    return list(
        rows.values("stage", "name", "day")
        .annotate(n=Count("pk"))
        .order_by("day")
        .values_list("stage", "name", "day", "n")
    )


def _verdicts(membership: Membership) -> list[Series]:
    days: dict[str, dict[date, int]] = {stage: defaultdict(int) for stage in STAGES}
    for stage, _, day, count in _decisions(membership):
        days[stage][day] += count
    return [
        Series(name, days[stage], link=_stage_link(membership, stage))
        for stage, name in STAGES.items()
    ]


def _people(membership: Membership) -> list[Series]:
    days: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for _, name, day, count in _decisions(membership):
        days[name][day] += count
    link = reverse("screening:members", kwargs={"slug": membership.review.slug})
    return [Series(name, days[name], link=link) for name in sorted(days)]


def _stage_link(membership: Membership, stage: Stage) -> str:
    page = reverse("screening:records", kwargs={"slug": membership.review.slug})
    return f"{page}?stage={stage.value.replace('_', '-')}"


def _studies(membership: Membership) -> list[Series]:
    review = membership.review
    link = reverse("extraction:studies", kwargs={"slug": review.slug})
    total = Study.objects.standing().filter(review=review).count()
    readings = Extraction.objects.filter(study__review=review)
    imported = readings.filter(origin=Extraction.Origin.IMPORT)
    submitted = readings.filter(origin=Extraction.Origin.PAGE, submitted_at__isnull=False)
    final = Reconciliation.objects.filter(study__review=review, finalised_at__isnull=False)
    found = (
        ("Imported", imported.annotate(day=TruncDate("created_at")), total),
        ("Submitted by an extractor", submitted.annotate(day=TruncDate("submitted_at")), None),
        ("Reconciled", final.annotate(day=TruncDate("finalised_at")), total),
    )
    return [
        Series(
            name,
            dict(_by_day(rows)),
            goal,
            link,
        )
        for name, rows, goal in found
    ]


def _by_day(rows: QuerySet[Any]) -> QuerySet[Any, tuple[date, int]]:
    counted = rows.values("day").annotate(n=Count("pk")).order_by("day")
    found: QuerySet[Any, tuple[date, int]] = counted.values_list("day", "n")
    return found


def _names(first: Membership, second: Membership) -> str:
    return f"{first.user.name} and {second.user.name}"


def _agreement(membership: Membership) -> list[AgreementRow]:
    page = reverse("analytics:agreement", kwargs={"slug": membership.review.slug})
    found = []
    for stage, name in STAGES.items():
        if not may_see_agreement(membership, stage):
            continue
        of = agreement_of(review=membership.review, stage=stage, membership=membership)
        link = f"{page}?stage={stage.value}"
        if not of.records:
            continue
        everybody = [("Fleiss' kappa", of.fleiss), ("Krippendorff's alpha", of.alpha)]
        lines = [("everybody", of.records, *one) for one in [*everybody, ("Gwet's AC1", of.ac1)]]
        lines += [
            (_names(pair.first, pair.second), pair.n, "Cohen's kappa", pair.kappa)
            for pair in of.pairs
        ]
        for who, records, coefficient, estimate in lines:
            numbers = (estimate.value, estimate.low, estimate.high)
            row = AgreementRow(name, who, records, coefficient, *numbers, estimate.note, link)
            found.append(row)
    return found
