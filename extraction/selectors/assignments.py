"""Who is named for what, and how studies would be shared among people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import QuerySet

from extraction.models import Assignment, Extraction, Study
from extraction.permissions import extractions_needed
from screening.models import Membership, Review
from screening.rules.roles import Capability


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would be named for which study; the studies that would still lack somebody."""

    pairs: tuple[tuple[Study, Membership], ...]
    lacking: int

    @property
    def per_person(self) -> list[tuple[Membership, int]]:
        """How many studies each person would get."""
        counted = Counter(member for _, member in self.pairs)
        return sorted(counted.items(), key=lambda one: one[0].user.name)


def people_for(review: Review, task: str) -> list[Membership]:
    """Active members who may do a task, by name."""
    members = Membership.objects.active().filter(review=review).select_related("user")
    needed = capability_for(review, task)
    able = [one for one in members if one.can(needed)]
    return sorted(able, key=lambda member: member.user.name)


def capability_for(review: Review, task: str) -> Capability:
    """What a person must be able to do for a task; settling is verifying in that mode."""
    if task == Assignment.Task.EXTRACT:
        return Capability.EXTRACT
    return Capability.VERIFY if extractions_needed(review) == 1 else Capability.RECONCILE


def standing_assignments(study: Study) -> QuerySet[Assignment]:
    """Who is named for a study now."""
    return study.assignments.standing().select_related("member__user")


def plan_of(
    studies: Sequence[Study], members: Sequence[Membership], *, task: str, seats: int
) -> Plan:
    """Share studies evenly: each gets people until `seats` are taken, the least busy first.

    Nobody gets a study twice, and nobody is to settle a study that they extracted. Equally busy
    people take turns by the study's own seed, so that the pairs are mixed and a preview says what
    will be done.
    """
    taken = _taken(studies, task)
    barred = _extractors(studies)
    load = _load(members, task)
    pairs: list[tuple[Study, Membership]] = []
    lacking = 0
    for study in studies:
        able = [one for one in members if one.pk not in taken[study.pk] | barred[study.pk]]
        able.sort(key=lambda one, study=study: (load[one.pk], _turn(study, one)))  # type: ignore[misc]
        free = max(0, seats - len(taken[study.pk]))
        for member in able[:free]:
            load[member.pk] += 1
            pairs.append((study, member))
        lacking += len(able[:free]) < free
    return Plan(tuple(pairs), lacking)


def _taken(studies: Iterable[Study], task: str) -> dict[int, set[int]]:
    """Who has a seat already: named, or at work without having been named."""
    taken: dict[int, set[int]] = defaultdict(set)
    standing = Assignment.objects.standing().filter(study__in=studies, task=task)
    for study, member in standing.values_list("study_id", "member_id"):
        taken[study].add(member)
    if task == Assignment.Task.EXTRACT:
        for one in _of_pages(studies).select_related("extractor__user"):
            if one.submitted_at is not None or one.extractor.is_active:
                taken[one.study_id].add(one.extractor_id)
    return taken


def _extractors(studies: Iterable[Study]) -> dict[int, set[int]]:
    barred: dict[int, set[int]] = defaultdict(set)
    every = Extraction.objects.filter(study__in=studies)
    for study, extractor in every.values_list("study_id", "extractor_id"):
        barred[study].add(extractor)
    return barred


def _of_pages(studies: Iterable[Study]) -> QuerySet[Extraction]:
    return Extraction.objects.filter(study__in=studies, origin=Extraction.Origin.PAGE)


def _load(members: Sequence[Membership], task: str) -> Counter[int]:
    standing = Assignment.objects.standing().filter(member__in=members, task=task)
    return Counter(standing.values_list("member_id", flat=True))


def _turn(study: Study, member: Membership) -> str:
    return sha256(f"{study.side_seed} {member.pk}".encode()).hexdigest()
