"""How far extraction is: the team by state, and each person."""

from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from extraction.models import Assignment, ConsensusValue, Extraction
from extraction.selectors.states import StudyState, state_counts
from screening.models import Membership
from screening.rules.roles import Capability


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """What one person is named for and has done; numbers only."""

    member: Membership
    named: int
    not_begun: int
    drafts: int
    submitted: int
    reopened: int
    to_settle: int
    settled: int


@dataclass(frozen=True, slots=True)
class ExtractionProgress:
    """The team by state, and the people this member may see."""

    states: dict[StudyState, int]
    people: list[PersonProgress]

    @property
    def total(self) -> int:
        """All studies."""
        return sum(self.states.values())


def extraction_progress(membership: Membership) -> ExtractionProgress:
    """Counts in a constant number of statements; others' counts are shown to a lead only."""
    people = Membership.objects.filter(review=membership.review).select_related("user")
    if not membership.can(Capability.MANAGE):
        people = people.filter(pk=membership.pk)
    return ExtractionProgress(state_counts(membership.review), _people(people))


def _people(members: QuerySet[Membership]) -> list[PersonProgress]:
    mine = Extraction.objects.filter(extractor=OuterRef("pk"), origin=Extraction.Origin.PAGE)
    named = Assignment.objects.filter(member=OuterRef("pk"), withdrawn_at__isnull=True)
    begun = Q(study__extractions__extractor=F("member"))
    done = Q(study__reconciliation__finalised_at__isnull=False)
    to_extract = named.filter(task=Assignment.Task.EXTRACT)
    to_settle = named.filter(task=Assignment.Task.SETTLE)
    counted = members.annotate(
        n_named=_count(to_extract, "member"),
        n_begun=_count(to_extract.filter(begun), "member"),
        n_drafts=_count(mine.filter(submitted_at__isnull=True), "extractor"),
        n_submitted=_count(mine.filter(submitted_at__isnull=False), "extractor"),
        n_reopened=_count(
            mine.filter(submitted_at__isnull=True, reopened_at__isnull=False), "extractor"
        ),
        n_to_settle=_count(to_settle.exclude(done), "member"),
        n_settled=_count(
            ConsensusValue.objects.current().filter(decided_by=OuterRef("pk")), "decided_by"
        ),
    )
    rows = [_person(member) for member in counted.order_by("user__name", "pk")]
    return [one for one in rows if one.member.is_active or one.submitted or one.settled]


def _person(member: Membership) -> PersonProgress:
    known = vars(member)
    return PersonProgress(
        member=member,
        named=known["n_named"],
        not_begun=known["n_named"] - known["n_begun"],
        drafts=known["n_drafts"],
        submitted=known["n_submitted"],
        reopened=known["n_reopened"],
        to_settle=known["n_to_settle"],
        settled=known["n_settled"],
    )


def _count(
    found: QuerySet[Assignment] | QuerySet[Extraction] | QuerySet[ConsensusValue], by: str
) -> Coalesce:
    counted = found.order_by().values(by).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
