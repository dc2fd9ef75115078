"""Lets stored values follow a change of the form: at once in a small review, else by a worker."""

from collections.abc import Collection
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from extraction.models import Extraction, FormChange, Reconciliation, Study
from extraction.selectors.form_changes import CARRY_JOB, change_job_key, studies_to_follow
from extraction.services.carrying import carry_values
from extraction.services.restoring import restore_values
from screening.models import Job, Membership

AT_ONCE = 100  # studies that follow inside the request
CHUNK = 25  # studies a transaction


class Progress(Protocol):
    """Told in each chunk, inside its transaction."""

    def __call__(self, *, done: int, total: int, message: str, cursor: int) -> None:
        """Take the progress."""


def follow_or_enqueue(change: FormChange, membership: Membership) -> None:
    """Let few studies follow at once; hand many to the workers. Call inside a transaction."""
    studies = studies_to_follow(change)
    if len(studies) <= AT_ONCE:
        _follow(change, studies)
        _finish(change)
        return
    Job.objects.enqueue(
        kind=CARRY_JOB,
        review=change.review,
        created_by=membership.user,
        params={"change_id": change.pk, "total": len(studies)},
        idempotency_key=change_job_key(change),
    )


def follow_change(*, change: FormChange, total: int, progress: Progress) -> None:
    """Let the studies of a change follow that have not yet, some in each transaction.

    Every study follows in one piece and names the version it stands on, so that it can be read
    and extracted at any moment, and a second try goes on where the first ended.

    Args:
        change: A published change, or one that was taken back.
        total: How many studies there were when it was made.
        progress: Told with each chunk.
    """
    while waiting := studies_to_follow(change):
        done = max(total - len(waiting), 0)
        some = waiting[:CHUNK]
        with transaction.atomic():
            _follow(change, some)
            done += len(some)
            progress(done=done, total=max(total, done), message="Studies carried over", cursor=done)
    _finish(change)


def _follow(change: FormChange, studies: Collection[int]) -> None:
    _lock(studies)
    if change.taken_back_at is None:
        carry_values(change, studies)
    else:
        restore_values(change, studies)


def _lock(studies: Collection[int]) -> None:
    """Keep everybody from writing into the studies until they have followed."""
    for kind, path in ((Study, "pk"), (Extraction, "study"), (Reconciliation, "study")):
        rows = kind._base_manager.filter(**{f"{path}__in": studies}).order_by("pk")
        list(rows.select_for_update().values_list("pk", flat=True))


def _finish(change: FormChange) -> None:
    change.carried_at = timezone.now()
    change.save(update_fields=["carried_at"])
