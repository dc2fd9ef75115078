"""The engine over a review's records: merges become links, doubts become suggestions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from screening.dedup import DedupResult, DuplicateIndex, Link
from screening.dedup.engine import collector_at_rest
from screening.dedup.increment import compare_new
from screening.dedup.normal import Normal
from screening.models import DuplicateLink, DuplicateSuggestion, Job, Membership, Review, User
from screening.permissions import refuse_read_only, require
from screening.rules.roles import Capability
from screening.selectors.duplicates import DETECTION, running_detection
from screening.selectors.jobs import is_small
from screening.selectors.rulings import Rulings
from screening.services.compared import (
    FEED,
    Compared,
    forget,
    name_of,
    new_records,
    normal_forms,
    remember,
)
from screening.services.duplicates import end_link, lock
from screening.services.durability import unflushed
from screening.services.linking import Linking, components, reasons_of
from screening.services.reports import ensure_reports

CHUNK = 200

Progress = Callable[[int, int, str], None]


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
        kind=DETECTION,
        review=membership.review,
        created_by=membership.user,
        params={},
        is_short=is_small(review=membership.review),
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
        kind=DETECTION,
        review=review,
        created_by=asked_by,
        params={},
        is_short=is_small(review=review),
    )


def detect_duplicates(
    *, review: Review, progress: Progress = lambda *_: None, is_afresh: bool = False
) -> None:
    """Compare the records that are new, link what is surely one report, store what is in doubt.

    The app's own work: whoever starts it was asked for permission there. Running it again adds
    nothing, no person's ruling or undone link is overridden, and the groups are those of one run
    over all records, whatever the order in which they came.

    A link that a rule made when fewer records were there ends when all records together speak
    for another grouping; after a change of the rules themselves it stays until all is compared
    afresh.

    Args:
        review: The review.
        progress: Told steps done, steps in all and a sentence; may raise to stop the work.
        is_afresh: Compare all records again, also those that were compared before.

    Raises:
        ReviewIsReadOnly: The review is archived or about to be deleted.
    """
    refuse_read_only(review)
    if is_afresh:
        forget(review)
    with collector_at_rest():
        _detect(review, progress, is_afresh=is_afresh)


def _detect(review: Review, progress: Progress, *, is_afresh: bool) -> None:
    answer = _Answer(review, progress)
    steps = len(answer.result.merged) + len(answer.result.suggested) + len(answer.new)
    done = 0
    kept = answer.unlink() if is_afresh or answer.scope is not None else set()
    for groups in _chunks(answer.result.merged):
        kept |= answer.link(groups)
        done += len(groups)
        progress(done, steps, "Linking records of one report")
    answer.withdraw_questions()
    for links in _chunks(answer.result.suggested):
        answer.ask(links)
        done += len(links)
        progress(done, steps, "Noting pairs to check")
    remember(review, answer.new, lambda more: progress(done + more, steps, "Remembering records"))
    _ensure_reports(review, kept)
    progress(steps, steps, "Done")


def _ensure_reports(review: Review, kept: set[int]) -> None:
    """Reports of records that a link or its end may have brought to full text."""
    for some in _chunks(sorted(kept), FEED // 2):
        ensure_reports(review, among=some)


class _Answer:
    """What the engine says of the new records of a review, and how that is written down.

    Written without a wait for the disk: it could be found anew, and the end of the job, which
    waits, takes it along.
    """

    def __init__(self, review: Review, progress: Progress) -> None:
        self.review = review
        self.rulings = Rulings(review)
        self.new: Sequence[Normal] = []
        self.scope: frozenset[str] | None = None  # None: every record of the review
        self.result = self._compare(progress)

    def _compare(self, progress: Progress) -> DedupResult:
        apart = [(name_of(one), name_of(two)) for one, two in self.rulings.apart]
        known, records = Compared(self.review, self.rulings), new_records(self.review)
        if known.is_empty:
            total = records.count()
            index = DuplicateIndex(apart)
            for forms in _chunks(normal_forms(records), FEED):
                index.feed_normal(forms)
                progress(len(index.records), total, "Comparing records")
            self.new = index.records
            return index.result()
        self.new = list(normal_forms(records))
        progress(0, len(self.new), "Comparing records")
        touched = {name_of(pk) for pair in self.rulings.of_persons for pk in pair}
        increment = compare_new(self.new, known, apart, touched - {form.id for form in self.new})
        self.scope = increment.scope
        return increment.result

    def _concerns(self, *ids: int) -> bool:
        return self.scope is None or all(name_of(pk) in self.scope for pk in ids)

    def unlink(self) -> set[int]:
        """End links of rules that all records together do not bear out; no person's link."""
        touched: set[int] = set()
        while loose := self._loose():
            for some in _chunks(loose):
                touched |= self._end(some)
        return touched

    def _loose(self) -> list[int]:
        made = DuplicateLink.objects.standing()
        by_person = Q(created_by__isnull=False) | Q(method=DuplicateLink.Method.MANUAL)
        ruled = made.filter(by_person, review=self.review)
        pairs = list(ruled.values_list("record_id", "kept_id"))
        for group in self.result.merged:
            pairs += pairwise(map(int, group))
        together = components(pairs)
        return [
            pk
            for pk, record, kept in self._within_scope(made.exclude(by_person))
            if together.get(record, record) != together.get(kept, -kept)
        ]

    def _within_scope(self, links: QuerySet[DuplicateLink]) -> Iterator[tuple[int, int, int]]:
        """Link, record and kept record of the links inside the scope."""
        rows = links.values_list("pk", "record_id", "kept_id")
        if self.scope is None:
            yield from rows.filter(review=self.review)
            return
        for some in _chunks(sorted(self.scope), FEED // 2):
            for row in rows.filter(record__in=map(int, some)):
                if self._concerns(*row[1:]):
                    yield row

    @unflushed()
    def _end(self, ids: Sequence[int]) -> set[int]:
        lock(self.review)
        touched: set[int] = set()
        for pk in ids:
            if link := DuplicateLink.objects.standing().filter(pk=pk).first():
                end_link(link)
                touched |= {link.record_id, link.kept_id}
        return touched

    @unflushed()
    def link(self, groups: Sequence[tuple[str, ...]]) -> set[int]:
        """Link the records of some groups and give the ids of those that are kept."""
        lock(self.review)
        linking = Linking(self.review, self.result, self.rulings)
        linking.link(groups)
        return linking.kept

    def withdraw_questions(self) -> None:
        """Drop questions that all records together no longer raise; none that a person raised."""
        raised = {(int(link.a), int(link.b)) for link in self.result.suggested}
        stored = DuplicateSuggestion.objects.filter(review=self.review)
        gone = [
            pk
            for pk, one, two in stored.values_list("pk", "first_id", "second_id")
            if self._concerns(one, two)
            and (one, two) not in raised
            and (one, two) not in self.rulings.of_persons
        ]
        for some in _chunks(gone):
            stored.filter(pk__in=some).delete()

    @unflushed()
    def ask(self, links: Sequence[Link]) -> None:
        """Store questions, or what is now known about those that were asked before."""
        lock(self.review)
        rows = [
            DuplicateSuggestion(
                review=self.review,
                first_id=int(link.a),
                second_id=int(link.b),
                score=link.score,
                reasons=reasons_of(link),
            )
            for link in links
        ]
        DuplicateSuggestion.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["first", "second"],
            update_fields=["score", "reasons"],
        )


def _chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    rest = iter(items)
    while chunk := tuple(islice(rest, size)):
        yield chunk
