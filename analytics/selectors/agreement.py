"""How far reviewers agree, from what each decided alone, before anybody ruled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db.models import Q

from analytics.selectors.alone import ALL, Alone, Narrowing, said_alone, still_hidden, without
from analytics.stats import agreement
from analytics.stats.agreement import Estimate
from screening.models import ExclusionReason, Membership, Record, Review, StageSettings
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.roles import Capability, Role
from screening.selectors.stages import in_stage

Labelled = dict[int, dict[int, str]]
EACH = "each"
ANOTHER = "another reason"
ANYTHING_ELSE = "anything else"
LEAST = 2


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers on the records that both judged.

    Attributes:
        first: One reviewer.
        second: The other reviewer.
        n: Records both judged.
        categories: Verdicts or reasons in the order of the table.
        table: Counts, rows the first's verdicts.
        percent: Share of records judged the same, 0 to 1.
        kappa: Cohen's kappa.
        weighted_kappa: With linear weights; nothing when maybe was not used.
        fleiss: Fleiss' kappa of the two, which is Scott's pi.
        alpha: Krippendorff's alpha of the two.
        pabak: Prevalence- and bias-adjusted kappa.
        ac1: Gwet's AC1.
        specific: Agreement on each category, 0 to 1, or nothing.
        imported: How many of these verdicts were imported and not given here.
    """

    first: Membership
    second: Membership
    n: int
    categories: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    percent: Estimate
    kappa: Estimate
    weighted_kappa: Estimate | None
    fleiss: Estimate
    alpha: Estimate
    pabak: Estimate
    ac1: Estimate
    specific: tuple[tuple[str, float | None], ...]
    imported: int

    @property
    def lines(self) -> list[tuple[str, tuple[int, ...]]]:
        """The table line by line, each with the first's verdict."""
        return list(zip(self.categories, self.table, strict=True))

    def on(self, category: str) -> float | None:
        """Agreement on one category, or nothing."""
        return dict(self.specific).get(category)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of everybody at one stage.

    Attributes:
        stage: The stage.
        categories: Verdicts in their order, maybe only where somebody used it; or reasons.
        pairs: Every two reviewers who judged a record both, the most records first.
        records: Records that two or more judged.
        reviewers: Reviewers with a verdict on such a record.
        fleiss: Fleiss' kappa of all.
        alpha: Krippendorff's alpha of all.
        ac1: Gwet's AC1 of all.
        imported: How many verdicts were imported.
    """

    stage: Stage
    categories: tuple[str, ...]
    pairs: tuple[PairAgreement, ...]
    records: int
    reviewers: int
    fleiss: Estimate
    alpha: Estimate
    ac1: Estimate
    imported: int


def may_see_agreement(membership: Membership, stage: Stage) -> bool:
    """Whether a member may see who agreed with whom at a stage.

    A lead may at any time (one who screens as well without the records that still wait for the
    own verdict, see `still_hidden`), an observer too unless screening as well; everybody else once
    the stage is finished, or at any time when it is not blinded.
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


def agreement_of(
    *,
    review: Review,
    stage: Stage,
    narrowing: Narrowing = ALL,
    reason: str = "",
    membership: Membership | None = None,
    as_of: datetime | None = None,
) -> Agreement:
    """Compute the agreement of everybody at a stage, in a fixed number of queries.

    Counted is what each person said alone: see `analytics.selectors.alone` for the rule. Imported
    verdicts count and are told.

    Args:
        review: The review.
        stage: The stage.
        narrowing: Period and round.
        reason: Empty for the verdicts; `each` for which reason, where both excluded; the number of
            a reason for whether it was given or not.
        membership: Who asks; records that still wait for this person's verdict are left out.
        as_of: As it was at this moment; now without it.

    Returns:
        The agreement; ask `may_see_agreement` first when a person wants to see it.

    Raises:
        ValueError: When the review has no such reason.
    """
    alone = said_alone(review, stage, narrowing, as_of)
    if membership is not None:
        alone = without(alone, still_hidden(membership, stage))
    return agreement_on(review, stage, alone, reason)


def agreement_on(review: Review, stage: Stage, alone: Alone, reason: str = "") -> Agreement:
    """The agreement of everybody on what each said alone; the rest as for `agreement_of`."""
    labelled, categories = labels_of(review, alone, reason)
    several = {record: said for record, said in labelled.items() if len(said) > 1}
    imported = {
        (record, person)
        for record in several
        for person in several[record]
        if alone[record][person].is_imported
    }
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
        imported=len(imported),
    )


def labels_of(review: Review, alone: Alone, reason: str) -> tuple[Labelled, tuple[str, ...]]:
    """What is compared: verdicts, reasons of exclusions, or one reason against everything else.

    Returns:
        A label by record and person, and all labels in their order; two at least.

    Raises:
        ValueError: When the review has no such reason.
    """
    if not reason:
        verdicts = {r: {p: s.verdict.value for p, s in said.items()} for r, said in alone.items()}
        used = {label for said in verdicts.values() for label in said.values()}
        order = (Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE)
        found = tuple(one.value for one in order if one is not Verdict.MAYBE or one.value in used)
        return verdicts, found
    names = {one.pk: one.label for one in ExclusionReason.objects.filter(review=review)}
    if reason == EACH:
        given = {
            r: {p: names[s.reason] for p, s in said.items() if s.reason is not None}
            for r, said in alone.items()
        }
        used = {label for said in given.values() for label in said.values()}
        order_of_reasons = [label for label in names.values() if label in used]
        missing = max(0, LEAST - len(order_of_reasons))
        return given, (*order_of_reasons, *(ANOTHER, ANYTHING_ELSE)[:missing])
    chosen = next((pk for pk in names if str(pk) == reason), None)
    if chosen is None:
        raise ValueError(f"This review has no exclusion reason {reason!r}.")
    pair = (names[chosen], ANYTHING_ELSE)
    return {
        r: {p: pair[s.reason != chosen] for p, s in said.items()} for r, said in alone.items()
    }, pair


def _pairs(
    several: Labelled,
    people: Mapping[int, Membership],
    categories: Sequence[str],
    imported: set[tuple[int, int]],
) -> tuple[PairAgreement, ...]:
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for record, said in several.items():
        for pair in combinations(sorted(said), 2):
            shared[pair].append(record)
    pairs = []
    for (one, other), records in sorted(shared.items(), key=lambda item: -len(item[1])):
        labels = [[several[record][person] for record in records] for person in (one, other)]
        brought = sum((record, p) in imported for record in records for p in (one, other))
        pairs.append(_pair((people[one], people[other]), labels, categories, brought))
    return tuple(pairs)


def _pair(
    people: tuple[Membership, Membership],
    labels: Sequence[Sequence[str]],
    categories: Sequence[str],
    imported: int,
) -> PairAgreement:
    table = agreement.table_of(labels[0], labels[1], categories)
    counts = agreement.counts_of(list(zip(*labels, strict=True)), categories)
    has_maybe = Verdict.MAYBE.value in categories
    return PairAgreement(
        first=people[0],
        second=people[1],
        n=len(labels[0]),
        categories=tuple(categories),
        table=tuple(tuple(int(count) for count in row) for row in table),
        percent=agreement.percent_agreement(table),
        kappa=agreement.kappa(table),
        weighted_kappa=agreement.kappa(table, agreement.LINEAR) if has_maybe else None,
        fleiss=agreement.fleiss_kappa(counts),
        alpha=agreement.krippendorff_alpha(counts),
        pabak=agreement.pabak(table),
        ac1=agreement.ac1(table),
        specific=tuple(
            (category, agreement.specific_agreement(table, place))
            for place, category in enumerate(categories)
        ),
        imported=imported,
    )
