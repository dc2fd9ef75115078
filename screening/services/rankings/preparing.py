"""The vectors of a review: made by a worker after each import, extended or fitted anew."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from screening.models import Job, RankingVectors, Review, User
from screening.selectors.jobs import is_small

if TYPE_CHECKING:
    from screening.ranking.vectors import Vectors

PREPARATION = "prepare_ranking"
#: An unused older version is kept this long, since another process may be about to read it.
KEPT_UNUSED = timedelta(hours=1)

Progress = Callable[[int, int, str], None]


@transaction.atomic
def start_preparation(*, review: Review, asked_by: User | None) -> Job:
    """Let a worker bring the review's vectors up to date; one that waits already is enough.

    The app's own work: it follows an import or a change of a text, whose permission was asked.
    """
    waiting = Job.objects.filter(
        kind=PREPARATION, review=review, state=Job.State.QUEUED, attempts=0
    ).first()
    return waiting or Job.objects.enqueue(
        kind=PREPARATION,
        review=review,
        created_by=asked_by,
        params={},
        is_short=is_small(review=review),
    )


def prepare_vectors(
    *, review: Review, progress: Progress = lambda *_: None
) -> RankingVectors | None:
    """Make the vectors of the review's records as they are shown now.

    New records extend the newest vectors; where a text has changed or too many came since the
    fit, all are fitted anew. Nothing is locked meanwhile. Running it again changes nothing.

    Args:
        review: The review.
        progress: Told steps done, steps in all and a sentence; may raise to stop the work.

    Returns:
        The newest vectors; None when the review has no record.
    """
    from screening.selectors.rankings.texts import (  # noqa: PLC0415  # numpy, for a worker only
        digests_of,
        text_state,
        texts_of,
    )

    state = text_state(review)
    newest = RankingVectors.objects.filter(review=review).last()
    if newest is not None and newest.text_state == state:
        return newest
    progress(0, 3, "Reading the records")
    ids, texts = texts_of(review)
    if not ids:
        return None
    digests = digests_of(texts)
    if newest is not None and bytes(newest.digests) == digests:
        RankingVectors.objects.filter(pk=newest.pk).update(text_state=state)
        return newest
    progress(1, 3, "Counting the words")
    vectors = _made(newest, digests, ids, texts)
    progress(2, 3, "Storing")
    stored = _store(
        RankingVectors(
            review=review,
            fingerprint=vectors.fingerprint,
            records=len(vectors),
            fitted=vectors.fitted,
            digests=digests,
            text_state=state,
        ),
        vectors.to_bytes(),
    )
    progress(3, 3, "Done")
    return stored


def _made(
    newest: RankingVectors | None, digests: bytes, ids: list[int], texts: list[str]
) -> "Vectors":
    """Extend the newest vectors when only records came, else fit anew."""
    from screening.ranking.vectors import Vectors, fit_vectors  # noqa: PLC0415  # as above

    if newest is not None and digests.startswith(bytes(newest.digests)):
        with newest.file.open("rb") as file:
            old = Vectors.from_bytes(file.read())
        known = len(old)
        if old.ids.tolist() == ids[:known]:
            extended = old.extended(ids[known:], texts[known:])
            if not extended.needs_refit:
                return extended
    return fit_vectors(ids, texts)


def _store(row: RankingVectors, content: bytes) -> RankingVectors:
    """Write the file, then the row; a version that no ranking was made with is let go of."""
    row.size = len(content)
    row.file.save(row.fingerprint, ContentFile(content), save=False)
    row.save(force_insert=True)
    old = RankingVectors.objects.filter(
        review=row.review_id, pk__lt=row.pk, created_at__lt=timezone.now() - KEPT_UNUSED
    )
    for unused in old.filter(rankings__isnull=True):
        unused.file.delete(save=False)
        unused.delete()
    return row
