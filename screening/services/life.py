"""Writes about a review as a whole: archived, reopened, leaving, kept after all, deleted."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, Job, Membership, Review
from screening.permissions import admit, require
from screening.rules.roles import Capability
from screening.selectors.bundles import DELETE_JOB, bundles_of
from screening.services.bundles import (
    drop_final_bundle,
    has_had_its_day,
    remove_bundles,
    start_final_bundle,
)
from screening.services.removing import remove_files, remove_rows


@transaction.atomic
def archive_review(*, lead: Membership) -> Review:
    """Keep the review as it is: everything can be read, nothing changed.

    Raises:
        PermissionDenied: The member may not manage the review, or it is kept already.
        ValidationError: Work is under way in it.
    """
    require(lead, Capability.MANAGE)
    review = _locked(lead)
    _refuse_work(review)
    if review.archived_at is None:
        review.archived_at = timezone.now()
        review.save(update_fields=["archived_at"])
        AuditEvent.objects.append_by(lead, "review.archived", review)
    return review


@transaction.atomic
def reopen_review(*, lead: Membership) -> Review:
    """Let an archived review be changed again.

    Raises:
        PermissionDenied: The member may not manage the review.
        ValidationError: It is not archived.
    """
    admit(lead, Capability.MANAGE)
    review = _locked(lead)
    if review.archived_at is None:
        raise ValidationError("This review is not archived, so there is nothing to reopen.")
    before = {"archived_at": review.archived_at}
    review.archived_at = None
    review.save(update_fields=["archived_at"])
    AuditEvent.objects.append_by(lead, "review.reopened", review, before=before)
    return review


@transaction.atomic
def ask_deletion(*, lead: Membership, title: str) -> Review:
    """Let the review be deleted for good after the days of grace; until then it is read-only.

    Args:
        lead: Who asks.
        title: The title of the review, typed to confirm.

    Raises:
        PermissionDenied: The member may not manage the review.
        ValidationError: The title is another, work is under way, or the deletion was asked for.
    """
    admit(lead, Capability.MANAGE)
    review = _locked(lead)
    if " ".join(title.split()) != " ".join(review.title.split()):
        raise ValidationError(f"To confirm, type the title as it stands: {review.title}")
    if review.deletes_at is not None:
        raise ValidationError("The deletion of this review was asked for already.")
    _refuse_work(review)
    review.deletes_at = timezone.now() + timedelta(days=settings.DELETION_GRACE_DAYS)
    review.deletion_asked_by = lead.user
    review.save(update_fields=["deletes_at", "deletion_asked_by"])
    after = {"deletes_at": review.deletes_at}
    AuditEvent.objects.append_by(lead, "review.deletion_asked", review, after=after)
    start_final_bundle(review, lead.user)
    return review


@transaction.atomic
def take_back_deletion(*, lead: Membership) -> Review:
    """Keep a review that was to be deleted; it is archived then if it was before.

    Its final bundle goes; if somebody took it, what was blinded and not finished is open now.

    Raises:
        PermissionDenied: The member may not manage the review.
        ValidationError: Nobody asked for its deletion, or it is too late.
    """
    admit(lead, Capability.MANAGE)
    review = _locked(lead)
    if review.deletes_at is None:
        raise ValidationError("Nobody asked for the deletion of this review.")
    if review.deletes_at <= timezone.now():
        raise ValidationError("The days of grace are over and the review is being deleted.")
    before = {"deletes_at": review.deletes_at}
    review.deletes_at = review.deletion_asked_by = None
    review.save(update_fields=["deletes_at", "deletion_asked_by"])
    AuditEvent.objects.append_by(lead, "review.deletion_taken_back", review, before=before)
    drop_final_bundle(lead=lead, deletes_at=before["deletes_at"].isoformat())
    return review


@transaction.atomic
def start_due_deletions() -> list[Job]:
    """Let the workers delete the reviews whose days of grace are over; the app's own work.

    A review without its final bundle is not deleted: the bundle is written first.

    Returns:
        The jobs, one a review; those that were started before too.
    """
    leaving = Review.objects.filter(deletes_at__isnull=False).select_related("deletion_asked_by")
    for review in leaving:
        start_final_bundle(review, review.deletion_asked_by)
    due = Review.objects.due_for_deletion(timezone.now()).filter(deletion_asked_by__isnull=False)
    return [_start_deletion(review) for review in due if has_had_its_day(review)]


def _start_deletion(review: Review) -> Job:
    last = max(one.job.pk for one in bundles_of(review) if one.is_final)
    moment = f"{review.deletes_at:%Y%m%d%H%M%S%f}"
    job: Job = Job.objects.enqueue(
        kind=DELETE_JOB,
        review=None,
        created_by=None,
        params={"review": review.pk, "slug": review.slug},
        idempotency_key=f"delete-review-{review.pk}-{moment}-{last}",
    )
    return job


def delete_review(*, review_id: int) -> dict[str, int]:
    """Delete a review whose time has come: its files, all its rows in one transaction, its bundles.

    Cut at any point it can be run again. What remains is one event of the installation's own
    trail, with the end of the review's chain.

    Args:
        review_id: The review.

    Returns:
        How many rows of which table are gone; empty when it was gone already.

    Raises:
        ValidationError: Its days of grace are not over, or the deletion was taken back.
    """
    review = _leaving(review_id)
    if review is not None:
        remove_files(review)
    gone = _remove(review_id)
    remove_bundles(review_id)
    return gone


def _remove(review_id: int) -> dict[str, int]:
    """All rows and the one event that stays."""
    with transaction.atomic():
        review = _leaving(review_id)
        if review is None:
            return {}
        last = AuditEvent.objects.filter(review=review).order_by("-pk").first()
        facts = {"title": review.title, "slug": review.slug, "created_at": review.created_at}
        facts |= {"events": AuditEvent.objects.filter(review=review).count()}
        AuditEvent.objects.append(
            action="review.deleted",
            target=review,
            actor=review.deletion_asked_by,
            before=facts | {"last_hash": last.hash if last else ""},
        )
        return remove_rows(review)


def _leaving(review_id: int) -> Review | None:
    """The locked review, when its time has come."""
    with transaction.atomic():
        review = Review.objects.select_for_update().filter(pk=review_id).first()
        if review is None:
            return None
        is_due = Review.objects.due_for_deletion(timezone.now()).filter(pk=review_id).exists()
        if is_due and not has_had_its_day(review):
            raise ValidationError("Its final bundle is not there yet, or for less than a day.")
        if is_due:
            return review
    raise ValidationError("The deletion was taken back, or its days of grace are not over.")


def _locked(lead: Membership) -> Review:
    review: Review = Review.objects.select_for_update().get(pk=lead.review_id)
    lead.review = review
    return review


def _refuse_work(review: Review) -> None:
    running = Job.objects.open().filter(review=review).count()
    if running:
        raise ValidationError(
            f"Work is under way in this review: {running} job{'' if running == 1 else 's'}. "
            "Wait until it has ended, or cancel it on the page of the work."
        )
