"""Bundles asked for, taken and forgotten; the worker that writes them is `reviewapp.tasks`.

When a review is about to be deleted its final bundle is written by itself, and nothing is deleted
before that bundle has been there for a day to be taken.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from screening.models import AuditEvent, Job, Membership, Review, StageSettings, User
from screening.permissions import admit
from screening.rules.bundles import NAMES_IN_FILES, Files, names_reviewers
from screening.rules.roles import Capability
from screening.selectors.bundles import (
    BUNDLE_JOB,
    DOWNLOADED,
    KEPT,
    Bundle,
    bundle_numbered,
    bundles_of,
    final_bundle,
    hidden_parts,
    hidden_stages,
    was_taken,
)

TRIED_AGAIN_AFTER = timedelta(hours=1)
LEAST_TO_TAKE = timedelta(days=1)
HEADERS = {
    "Content-Type": "application/zip",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A bundle on its way out."""

    stream: "File[bytes]"
    name: str


@transaction.atomic
def start_bundle(*, lead: Membership, files: Files, has_pseudonyms: bool) -> Job:
    """Let a worker write the whole review into one open file; older ones make room.

    Args:
        lead: Who asks.
        files: Which stored files go in.
        has_pseudonyms: Whether people are called Person 1, 2, ...

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: Something is still hidden from leads, files and pseudonyms do not go
            together, or a bundle is being written.
    """
    admit(lead, Capability.MANAGE)
    review = Review.objects.select_for_update().get(pk=lead.review_id)
    if names_reviewers(files, has_pseudonyms=has_pseudonyms):
        raise ValidationError(NAMES_IN_FILES)
    refuse_hidden(review)
    asked = [one for one in bundles_of(review) if not one.is_final]
    if any(one.is_moving for one in asked):
        raise ValidationError("A bundle is being written. Wait until it is done.")
    for former in asked[KEPT - 1 :]:
        forget_bundle(former)
    params = {"files": files.value, "pseudonyms": has_pseudonyms}
    job: Job = Job.objects.enqueue(
        kind=BUNDLE_JOB, review=review, created_by=lead.user, params=params
    )
    return job


def refuse_hidden(review: Review) -> None:
    """Refuse a bundle while it would tell what blinding hides.

    Raises:
        ValidationError: Something is blinded and not finished; says what.
    """
    hidden = hidden_parts(review)
    if hidden:
        raise ValidationError(
            f"A bundle holds what everybody said, and {', '.join(hidden)}. It can be made once "
            "that is finished, or when a lead ends the blinding in the settings."
        )


def take_bundle(*, lead: Membership, bundle_id: int) -> Taken:
    """Open a bundle to be downloaded, and note who takes it.

    Raises:
        PermissionDenied: The member does not lead.
        Http404: There is no such bundle, or it made room for newer ones.
    """
    admit(lead, Capability.MANAGE)
    bundle = bundle_numbered(lead.review, bundle_id)
    if bundle is None or not default_storage.exists(bundle.file):
        raise Http404("There is no such bundle.")
    after = {"content_sha256": bundle.facts.get("content_sha256", ""), "is_final": bundle.is_final}
    AuditEvent.objects.append_by(lead, DOWNLOADED, bundle.job, after=after)
    day = (bundle.job.finished_at or bundle.job.created_at).date().isoformat()
    kind = "final-bundle" if bundle.is_final else "bundle"
    return Taken(default_storage.open(bundle.file), f"{lead.review.slug}-{kind}-{day}.zip")


def start_final_bundle(review: Review, asked_by: User | None) -> Job | None:
    """Let the final bundle of a leaving review be written, unless it is there or under way.

    What failed is tried again an hour later. Several sweepers may ask at the same moment.

    Returns:
        The job, if there is a new one.
    """
    if review.deletes_at is None:
        return None
    leaves_at = review.deletes_at.isoformat()
    former = Job.objects.filter(review=review, kind=BUNDLE_JOB, params__deletes_at=leaves_at)
    last = former.order_by("-pk").first()
    if last is not None and not _is_wanted_again(last):
        return None
    job: Job = Job.objects.enqueue(
        kind=BUNDLE_JOB,
        review=review,
        created_by=asked_by,
        params={"files": Files.ALL.value, "pseudonyms": False, "deletes_at": leaves_at},
        idempotency_key=f"final-bundle-{review.pk}-{leaves_at}-{former.count()}",
    )
    return job


def _is_wanted_again(last: Job) -> bool:
    if (last.result or {}).get("forgotten"):
        return True
    has_failed = last.state in {Job.State.FAILED, Job.State.CANCELLED}
    ended = last.finished_at or last.created_at
    return has_failed and ended <= timezone.now() - TRIED_AGAIN_AFTER


def has_had_its_day(review: Review) -> bool:
    """Whether the final bundle lies in the storage, long enough for a lead to have taken it."""
    final = final_bundle(review)
    if final is None or not final.file or final.job.finished_at is None:
        return False
    needed = min(LEAST_TO_TAKE, timedelta(days=settings.DELETION_GRACE_DAYS))
    is_old = final.job.finished_at <= timezone.now() - needed
    return is_old and default_storage.exists(final.file)


def drop_final_bundle(*, lead: Membership, deletes_at: str) -> None:
    """Forget the final bundle of a review that stays; if it was taken, blinding has ended.

    Who took it has seen what everybody said, so what was hidden and is not finished is open to
    all from here on; the audit trail says so.
    """
    review = lead.review
    jobs = Job.objects.filter(review=review, kind=BUNDLE_JOB, params__deletes_at=deletes_at)
    finals = [Bundle(job) for job in jobs]
    if any(was_taken(one) for one in finals):
        end_blinding(lead)
    for one in finals:
        forget_bundle(one)


def end_blinding(lead: Membership) -> None:
    """Open what is blinded and not finished."""
    review = lead.review
    if len(hidden_parts(review)) > len(hidden_stages(review)):
        review.is_extraction_blinded = False
        review.save(update_fields=["is_extraction_blinded"])
        _note_end(lead, "review.changed", review, "is_extraction_blinded")
    for stage in hidden_stages(review):
        stage.is_blinded = False
        stage.save(update_fields=["is_blinded"])
        _note_end(lead, "stage.changed", stage, "is_blinded")


def _note_end(lead: Membership, action: str, target: Review | StageSettings, name: str) -> None:
    AuditEvent.objects.append_by(lead, action, target, before={name: True}, after={name: False})


def forget_bundle(bundle: Bundle) -> None:
    """Delete a bundle's file once this is certain, or stop its writing; its job stays."""
    job = Job.objects.filter(pk=bundle.job.pk)
    job.update(result={"forgotten": True})
    job.open().update(
        state=Job.State.CANCELLED, owner="", lease_until=None, finished_at=timezone.now()
    )
    if bundle.file:
        transaction.on_commit(lambda: default_storage.delete(bundle.file))


def bundles_folder(review_id: int) -> str:
    """Where the bundles of a review are stored."""
    return f"bundles/{review_id}"


def remove_bundles(review_id: int) -> None:
    """Delete the bundles of a review that is gone."""
    folder = bundles_folder(review_id)
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")


def forget_bundles_with(person: User) -> None:
    """Forget all bundles that name a person who is made unknown."""
    jobs = Job.objects.filter(kind=BUNDLE_JOB, review__memberships__user=person)
    for job in jobs.distinct():
        if not job.params.get("pseudonyms"):
            forget_bundle(Bundle(job))
