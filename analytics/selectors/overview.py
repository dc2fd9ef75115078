"""Where a review stands, stage by stage; every number leads to its rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from extraction.models import Extraction, Reconciliation, Study
from extraction.selectors.proof import plotted_proof
from screening.models import (
    AuditEvent,
    DuplicateLink,
    Membership,
    Record,
    Review,
    Source,
)
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.selectors.audit import audit_of
from screening.selectors.counts import source_counts
from screening.selectors.duplicates import open_suggestions
from screening.selectors.progress import team_progress

RECENT_EVENTS = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a stage, with its share of the bar."""

    count: int
    label: str
    url: str
    fill: str = "quiet"
    icon: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage on the overview."""

    title: str
    icon: str
    subtitle: str
    parts: tuple[Part, ...]
    action: str
    action_url: str

    @property
    def total(self) -> int:
        """Width of the bar."""
        return max(1, sum(part.count for part in self.parts))


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole overview."""

    stages: tuple[StageRow, ...]
    records: int
    studies: int
    screened: int
    sought: int
    open_verdicts: int
    events: tuple[AuditEvent, ...]


def overview_of(*, membership: Membership) -> Overview:
    """Derive the overview of the member's review."""
    review = membership.review
    first = team_progress(membership=membership, stage=Stage.TITLE_ABSTRACT).counts
    second = team_progress(membership=membership, stage=Stage.FULL_TEXT).counts
    stages = (
        _sources(review),
        _duplicates(review),
        _screening(review, Stage.TITLE_ABSTRACT, first),
        _screening(review, Stage.FULL_TEXT, second),
        _extraction(review),
    )
    waiting = (Status.AWAITING, Status.CONFLICT)
    return Overview(
        stages=tuple(_with_offsets(stage) for stage in stages),
        records=Record.objects.filter(review=review).count(),
        studies=Study.objects.standing().filter(review=review).count(),
        screened=sum(first.values()),
        sought=sum(second.values()),
        open_verdicts=sum(first[status] + second[status] for status in waiting),
        events=_events(membership),
    )


def _url(name: str, review: Review, **arguments: str) -> str:
    return reverse(name, kwargs={"slug": review.slug} | arguments)


def _with_offsets(stage: StageRow) -> StageRow:
    parts, offset = [], 0
    for part in stage.parts:
        parts.append(Part(part.count, part.label, part.url, part.fill, part.icon, offset))
        offset += part.count
    return StageRow(
        stage.title, stage.icon, stage.subtitle, tuple(parts), stage.action, stage.action_url
    )


def _sources(review: Review) -> StageRow:
    by_kind = source_counts(review=review)
    url = _url("screening:sources", review)
    identified = sum(by_kind.get(kind.value, 0) for kind in Source.IDENTIFICATION_KINDS)
    other = sum(by_kind.get(kind.value, 0) for kind in Source.OTHER_METHOD_KINDS)
    previous = by_kind.get(Source.Kind.PREVIOUS_VERSION.value, 0)
    parts = [Part(identified, "from databases and registers", url, "accent")]
    if other:
        parts.append(Part(other, "from other methods", url))
    if previous:
        parts.append(Part(previous, "from the previous version", url, "awaiting"))
    names = review.sources.count()
    return StageRow(
        "Sources",
        "sources",
        f"{names} source{'' if names == 1 else 's'}",
        tuple(parts),
        "Look",
        url,
    )


def _duplicates(review: Review) -> StageRow:
    url = _url("screening:duplicates", review)
    links = DuplicateLink.objects.standing().filter(review=review)
    linked = links.count()
    kept = Record.objects.filter(review=review).to_screen().count()
    open_pairs = open_suggestions(review=review).count()
    parts = (
        Part(kept, "to screen", _url("screening:records", review), "accent"),
        Part(linked, "linked", url),
    )
    return StageRow(
        "Duplicates", "duplicates", f"{open_pairs} suggested pairs", parts, "Check", url
    )


def _screening(review: Review, stage: Stage, counts: Mapping[str, int]) -> StageRow:
    slug = stage.value.replace("_", "-")
    is_first = stage == Stage.TITLE_ABSTRACT
    desk = _url("screening:screen", review, stage=slug)
    settle = _url("screening:conflicts", review, stage=slug)
    rows = _url("screening:records", review) + f"?stage={slug}&status="
    parts = (
        Part(counts[Status.INCLUDED], "included", rows + "included", "include", "include"),
        Part(counts[Status.EXCLUDED], "excluded", rows + "excluded", "exclude", "exclude"),
        Part(counts[Status.CONFLICT], "in conflict", settle, "conflict", "conflict"),
        Part(counts[Status.AWAITING], "awaiting", rows + "awaiting", "awaiting", "awaiting"),
    )
    total = sum(counts.values())
    return StageRow(
        "Title & abstract" if is_first else "Full text",
        "screening" if is_first else "fulltext",
        f"{total} records" if is_first else f"{total} reports sought",
        parts,
        "Screen",
        desk,
    )


def _extraction(review: Review) -> StageRow:
    url = _url("extraction:studies", review)
    studies = Study.objects.standing().filter(review=review)
    final = Reconciliation.objects.filter(study__in=studies, finalised_at__isnull=False)
    imported = Extraction.objects.filter(
        study__in=studies, origin=Extraction.Origin.IMPORT, study__reconciliation__isnull=True
    )
    total, done = studies.count(), final.count()
    given = imported.values("study").distinct().count()
    parts = (
        Part(done, "reconciled", url, "accent"),
        Part(given, "imported", url, "quiet"),
        Part(total - done - given, "open", url, "awaiting", "awaiting"),
    )
    proof = plotted_proof(review)
    words = f"{total} studies"
    if proof is not None and proof.percent is not None:
        words += f"; {proof.percent} % of the plotted values have page and quote"
    return StageRow("Extraction", "extraction", words, parts, "Extract", url)


def _events(membership: Membership) -> tuple[AuditEvent, ...]:
    """The last writes; only for the lead, since they name who did what."""
    if not membership.can(Capability.MANAGE):
        return ()
    return tuple(audit_of(membership=membership).order_by("-pk")[:RECENT_EVENTS])
