"""What waits for a member, stage by stage: the counts beside the navigation and on the overview."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from extraction.selectors.desk import waiting_for
from screening.models import Membership
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.conflicts import conflict_counts
from screening.selectors.counts import queue_counts
from screening.selectors.duplicates import open_suggestions

PLACES = {Stage.TITLE_ABSTRACT: "screening", Stage.FULL_TEXT: "fulltext"}
WORDS = {
    Stage.TITLE_ABSTRACT: "to screen by title & abstract",
    Stage.FULL_TEXT: "to screen by full text",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the member; `place` is the mark of its line in the navigation."""

    place: str
    count: int
    label: str
    url: str


def waiting(*, membership: Membership) -> list[Waiting]:
    """All that waits for the member, in the order of the stages; nothing where nothing waits."""
    found = [*_duplicates(membership), *_screening(membership), *_extraction(membership)]
    return [entry for entry in found if entry.count]


def waiting_places(*, membership: Membership) -> dict[str, int]:
    """How much waits at each line of the navigation; 0 where nothing does."""
    counts = dict.fromkeys(("duplicates", "screening", "fulltext", "extraction"), 0)
    for entry in waiting(membership=membership):
        counts[entry.place] += entry.count
    return counts


def _url(name: str, membership: Membership, **arguments: str) -> str:
    return reverse(name, kwargs={"slug": membership.review.slug} | arguments)


def _duplicates(membership: Membership) -> Iterator[Waiting]:
    if membership.can(Capability.DEDUPLICATE):
        pairs = open_suggestions(review=membership.review).count()
        url = _url("screening:duplicates", membership)
        yield Waiting("duplicates", pairs, "pairs of records to judge", url)


def _screening(membership: Membership) -> Iterator[Waiting]:
    for stage, place in PLACES.items():
        slug = stage.value.replace("_", "-")
        if membership.can(Capability.SCREEN):
            counts = queue_counts(membership=membership, stage=stage)
            url = _url("screening:screen", membership, stage=slug)
            yield Waiting(place, counts.to_decide, WORDS[stage], url)
        if membership.can(Capability.ADJUDICATE):
            mine = conflict_counts(membership=membership, stage=stage).for_me
            url = _url("screening:conflicts", membership, stage=slug)
            yield Waiting(place, mine, "conflicts to settle", url)


def _extraction(membership: Membership) -> Iterator[Waiting]:
    if membership.can(Capability.EXTRACT) or membership.can(Capability.RECONCILE):
        url = _url("extraction:studies", membership)
        yield Waiting("extraction", waiting_for(membership), "studies to work on", url)
