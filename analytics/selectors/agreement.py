"""How far reviewers agree, from what each decided alone, before anybody ruled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db.models import Min, Q

from analytics.stats import agreement
from analytics.stats.agreement import Estimate
from screening.models import (
    Adjudication,
    Decision,
    DuplicateLink,
    Membership,
    Record,
    Review,
    StageSettings,
)
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.roles import Capability, Role
from screening.selectors.stages import in_stage

Alone = dict[int, dict[int, Verdict]]


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers on the records that both judged.

    Attributes:
        first: One reviewer.
        second: The other reviewer.
        n: Records both judged.
        categories: Verdicts in the order of the table.
        table: Counts, rows the first's verdicts.
        percent: Share of records judged the same, 0 to 1.
        kappa: Cohen's kappa.
        weighted_kappa: With linear weights; nothing when maybe was not used.
        pabak: Prevalence- and bias-adjusted kappa.
        ac1: Gwet's AC1.
        on_include: Agreement on inclusion, 0 to 1, or nothing.
        on_exclude: Agreement on exclusion, 0 to 1, or nothing.
        imported: How many of these verdicts were imported and not given here.
    """

    first: Membership
    second: Membership
    n: int
    categories: tuple[Verdict, ...]
    table: tuple[tuple[int, ...], ...]
    percent: Estimate
    kappa: Estimate
    weighted_kappa: Estimate | None
    pabak: Estimate
    ac1: Estimate
    on_include: float | None
    on_exclude: float | None
    imported: int

    @property
    def lines(self) -> list[tuple[str, tuple[int, ...]]]:
        """The table line by line, each with the first's verdict."""
        names = (category.value for category in self.categories)
        return list(zip(names, self.table, strict=True))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of everybody at one stage.

    Attributes:
        stage: The stage.
        categories: Verdicts in their order; maybe only where somebody used it.
        pairs: Every two reviewers who judged a record both, the most records first.
        records: Records that two or more judged.
        reviewers: Reviewers with a verdict on such a record.
        fleiss: Fleiss' kappa of all.
        alpha: Krippendorff's alpha of all.
        ac1: Gwet's AC1 of all.
        imported: How many verdicts were imported.
    """

    stage: Stage
    categories: tuple[Verdict, ...]
    pairs: tuple[PairAgreement, ...]
    records: int
    reviewers: int
    fleiss: Estimate
    alpha: Estimate
    ac1: Estimate
    imported: int


def may_see_agreement(membership: Membership, stage: Stage) -> bool:
    """Whether a member may see who agreed with whom at a stage.

    A lead may at any time, an observer too unless screening as well; everybody else once the stage
    is finished, or at any time when it is not blinded.
    """
    if not membership.can(Capability.VIEW):
        return False
    settings = StageSettings.objects.get(review=membership.review, stage=stage)
    if not settings.is_blinded or membership.is_lead:
        return True
    if Role.OBSERVER in membership.roles and not membership.is_screener:
        return True
    here = in_stage(Record.objects.filter(review=membership.review), stage).with_status(stage)
    unfinished = Q(team_status__in=[Status.AWAITING.value, Status.CONFLICT.value])
    return not here.filter(unfinished).exists()


def agreement_of(*, review: Review, stage: Stage) -> Agreement:
    """Compute the agreement of everybody at a stage, in a fixed number of queries.

    Counted is the verdict that stood when the record was first ruled on, or stands now; undone
    verdicts and those on duplicates are left out. Imported verdicts count and are told.

    Args:
        review: The review.
        stage: The stage.

    Returns:
        The agreement; ask `may_see_agreement` first when a person wants to see it.
    """
    alone, imported = _alone(review, stage)
    used = {verdict for verdicts in alone.values() for verdict in verdicts.values()}
    order = (Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE)
    categories = tuple(one for one in order if one in used or one is not Verdict.MAYBE)
    several = {record: said for record, said in alone.items() if len(said) > 1}
    counts = agreement.counts_of([list(said.values()) for said in several.values()], categories)
    people = Membership.objects.select_related("user").in_bulk(
        {person for said in several.values() for person in said}
    )
    return Agreement(
        stage=stage,
        categories=categories,
        pairs=_pairs(several, people, categories, imported),
        records=len(several),
        reviewers=len(people),
        fleiss=agreement.fleiss_kappa(counts),
        alpha=agreement.krippendorff_alpha(counts),
        ac1=agreement.gwet_ac1(counts),
        imported=sum(record in several for record, _ in imported),
    )


def _alone(review: Review, stage: Stage) -> tuple[Alone, set[tuple[int, int]]]:
    """Each person's verdict per record as it stood before any ruling; and which were imported."""
    ruled: dict[int, datetime] = dict(
        Adjudication.objects.filter(record__review=review, stage=stage)
        .order_by()
        .values_list("record_id")
        .annotate(first=Min("created_at"))
    )
    duplicates = set(
        DuplicateLink.objects.standing().filter(review=review).values_list("record_id", flat=True)
    )
    rows = Decision.objects.filter(record__review=review, stage=stage, undone_at__isnull=True)
    alone: Alone = defaultdict(dict)
    imported = set()
    for record, person, verdict, origin, made, ended in rows.order_by("pk").values_list(
        "record_id", "reviewer_id", "verdict", "origin", "created_at", "superseded_at"
    ):
        moment = ruled.get(record)
        stood = ended is None if moment is None else made <= moment and not _before(ended, moment)
        if record in duplicates or not stood:
            continue
        alone[record][person] = Verdict(verdict)
        if origin == Decision.Origin.IMPORT:
            imported.add((record, person))
        else:
            imported.discard((record, person))
    return alone, imported


def _before(ended: datetime | None, moment: datetime) -> bool:
    return ended is not None and ended <= moment


def _pairs(
    several: Alone,
    people: Mapping[int, Membership],
    categories: Sequence[Verdict],
    imported: set[tuple[int, int]],
) -> tuple[PairAgreement, ...]:
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for record, said in several.items():
        for pair in combinations(sorted(said), 2):
            shared[pair].append(record)
    pairs = []
    for (one, other), records in sorted(shared.items(), key=lambda item: -len(item[1])):
        verdicts = [[several[record][person] for record in records] for person in (one, other)]
        brought = sum((record, p) in imported for record in records for p in (one, other))
        pairs.append(_pair((people[one], people[other]), verdicts, categories, brought))
    return tuple(pairs)


def _pair(
    people: tuple[Membership, Membership],
    verdicts: Sequence[Sequence[Verdict]],
    categories: Sequence[Verdict],
    imported: int,
) -> PairAgreement:
    table = agreement.table_of(verdicts[0], verdicts[1], categories)
    has_maybe = Verdict.MAYBE in categories
    return PairAgreement(
        first=people[0],
        second=people[1],
        n=len(verdicts[0]),
        categories=tuple(categories),
        table=tuple(tuple(int(count) for count in row) for row in table),
        percent=agreement.percent_agreement(table),
        kappa=agreement.kappa(table),
        weighted_kappa=agreement.kappa(table, agreement.LINEAR) if has_maybe else None,
        pabak=agreement.pabak(table),
        ac1=agreement.ac1(table),
        on_include=agreement.specific_agreement(table, categories.index(Verdict.INCLUDE)),
        on_exclude=agreement.specific_agreement(table, categories.index(Verdict.EXCLUDE)),
        imported=imported,
    )
