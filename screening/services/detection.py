"""The engine over a review's records: merges become links, doubts become suggestions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction

from screening.dedup import DedupRecord, DedupResult, DuplicateIndex, Link, Reason
from screening.models import (
    DuplicateLink,
    DuplicateSuggestion,
    Job,
    Membership,
    NotDuplicate,
    Record,
    Review,
    User,
)
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.duplicates import (
    DETECTION,
    best_of,
    group_of,
    head_of,
    running_detection,
)
from screening.services.duplicates import Grounds, join, lock
from screening.services.reports import ensure_reports

FEED = 1000
CHUNK = 100

Progress = Callable[[int, int, str], None]
Pairs = set[tuple[int, int]]

METHODS = {
    "same identifier and title": DuplicateLink.Method.IDENTIFIER,
    "same title, authors, year and venue": DuplicateLink.Method.TITLE,
}


@transaction.atomic
def start_detection(*, membership: Membership) -> Job:
    """Let a worker look for duplicates; while one looks, the same job is given back.

    Raises:
        PermissionDenied: The member may not judge duplicates.
    """
    require(membership, Capability.DEDUPLICATE)
    lock(membership.review)
    running = running_detection(review=membership.review)
    return running or Job.objects.enqueue(
        kind=DETECTION, review=membership.review, created_by=membership.user, params={}
    )


@transaction.atomic
def detect_after_import(*, review: Review, asked_by: User | None) -> Job | None:
    """Let a worker look for duplicates among what has just been imported.

    The app's own work: who imported was asked for permission. A job that waits and has not begun
    will see the new records too, so it is enough.

    Args:
        review: The review.
        asked_by: Whose import it was; may cancel the job.

    Returns:
        The job; None when the review's setting is off.
    """
    if not Review.objects.filter(pk=review.pk, is_detection_automatic=True).exists():
        return None
    lock(review)
    waiting = Job.objects.filter(
        kind=DETECTION, review=review, state=Job.State.QUEUED, attempts=0
    ).first()
    return waiting or Job.objects.enqueue(
        kind=DETECTION, review=review, created_by=asked_by, params={}
    )


def detect_duplicates(*, review: Review, progress: Progress = lambda *_: None) -> None:
    """Compare all records of a review, link what is surely one report, store what is in doubt.

    The app's own work: whoever starts it was asked for permission there. Running it again adds
    nothing, and no person's ruling or undone link is overridden.

    Args:
        review: The review.
        progress: Told steps done, steps in all and a sentence; may raise to stop the work.
    """
    known = Rulings(review)
    result = _compare(review, known.apart, progress)
    steps = len(result.merged) + len(result.suggested)
    done = 0
    for groups in _chunks(result.merged):
        _link_chunk(review, groups, result, known)
        done += len(groups)
        progress(done, steps, "Linking records of one report")
    for links in _chunks(result.suggested):
        _suggest_chunk(review, links, known)
        done += len(links)
        progress(done, steps, "Noting pairs to check")
    ensure_reports(review)
    progress(steps, steps, "Done")


class Rulings:
    """What persons said: pairs that stay apart, and pairs that only a person may link."""

    def __init__(self, review: Review) -> None:
        """Read the standing rulings and the links that a person undid."""
        rulings = NotDuplicate.objects.standing().filter(review=review)
        undone = DuplicateLink.objects.filter(review=review, undone_by__isnull=False)
        self.rejected: Pairs = set(rulings.values_list("first_id", "second_id"))
        self.unlinked: Pairs = {
            (min(pair), max(pair)) for pair in undone.values_list("record_id", "kept_id")
        }

    @property
    def apart(self) -> Pairs:
        """Pairs that the engine must neither merge nor ask about."""
        return self.rejected | self.unlinked

    def forbid(self, one: Iterable[int], two: Iterable[int]) -> bool:
        """Whether some pair across two groups was ruled apart."""
        return any((min(a, b), max(a, b)) in self.apart for a in one for b in two)


def _compare(review: Review, apart: Pairs, progress: Progress) -> DedupResult:
    rejected = [(_name(one), _name(two)) for one, two in apart]
    index = DuplicateIndex(rejected)
    records = Record.objects.filter(review=review).order_by("pk")
    total, done = records.count(), 0
    for rows in _chunks(records.iterator(chunk_size=FEED), FEED):
        index.feed(map(as_dedup, rows))
        done += len(rows)
        progress(done, total, "Comparing records")
    return index.result()


def _name(pk: int) -> str:
    """An id as text whose order is that of the numbers."""
    return f"{pk:012d}"


def as_dedup(record: Record) -> DedupRecord:
    """A record as the engine takes it; identifiers hidden in its links are found there."""
    links = [str(link.get("url", "")) for link in record.urls if isinstance(link, dict)]
    return DedupRecord(
        id=_name(record.pk),
        title=record.title,
        authors=tuple(map(str, record.authors)),
        year=record.year,
        venue=record.venue,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi or next((url for url in links if "doi.org/" in url), ""),
        pmid=record.pmid or next((url for url in links if "pubmed" in url), ""),
        arxiv_id=record.arxiv_id or next((url for url in links if "arxiv.org/" in url), ""),
        abstract=record.abstract,
        type=record.record_type,
    )


def _chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    rest = iter(items)
    while chunk := tuple(islice(rest, size)):
        yield chunk


@transaction.atomic
def _link_chunk(
    review: Review, groups: Sequence[tuple[str, ...]], result: DedupResult, known: Rulings
) -> None:
    lock(review)
    for group in groups:
        _link_group(group, result, known)


def _link_group(group: tuple[str, ...], result: DedupResult, known: Rulings) -> None:
    members = Record.objects.in_bulk(map(int, group))
    heads = {head.pk: head for head in map(head_of, members.values())}
    if len(heads) == 1:
        return
    kept = best_of(heads.values())
    inside = {record.pk for record in group_of(kept)}
    for head in sorted(heads.values(), key=lambda record: record.pk):
        theirs = {record.pk for record in group_of(head)}
        if head.pk == kept.pk or known.forbid(inside, theirs):
            continue
        join(kept=kept, gone=head, grounds=_grounds(theirs, inside, result), by=None)
        inside |= theirs


def _grounds(theirs: set[int], inside: set[int], result: DedupResult) -> Grounds:
    """The strongest link from one group to the other; by way of a third record when none is."""
    pairs = [tuple(sorted((_name(one), _name(two)))) for one in theirs for two in inside]
    links = [result.links[one, two] for one, two in pairs if (one, two) in result.links]
    if not links:
        text = "Both are linked to a third record of the same report"
        return Grounds(
            DuplicateLink.Method.SCORE, None, [_as_dict(Reason("group", agrees=True, text=text))]
        )
    best = max(links, key=lambda link: (link.score, link.pair))
    method = METHODS.get(best.rule, DuplicateLink.Method.SCORE)
    return Grounds(method, best.score, [_as_dict(reason) for reason in best.reasons])


def _as_dict(reason: Reason) -> dict[str, Any]:
    return {"field": reason.field, "agrees": reason.agrees, "text": reason.text}


@transaction.atomic
def _suggest_chunk(review: Review, links: Sequence[Link], known: Rulings) -> None:
    lock(review)
    for link in links:
        one, two = sorted((int(link.a), int(link.b)))
        if (one, two) in known.rejected:
            continue
        DuplicateSuggestion.objects.update_or_create(
            first_id=one,
            second_id=two,
            defaults={
                "review": review,
                "score": link.score,
                "reasons": [_as_dict(reason) for reason in link.reasons],
            },
        )
