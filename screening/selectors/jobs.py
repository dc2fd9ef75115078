"""Who may see a job and who may steer it."""

from django.http import Http404

from screening.models import Job, Membership, User
from screening.rules.roles import Capability


def visible_job(*, job_id: int, user: User) -> tuple[Job, Membership | None]:
    """A job the person may see, with the membership by which it is seen.

    Members see the jobs of their review; a job without a review is seen by who asked for it.

    Raises:
        Http404: There is no such job for this person.
    """
    job = Job.objects.select_related("review", "created_by").filter(pk=job_id).first()
    membership = _membership(job, user) if job else None
    if job is None or (membership is None and not _is_private_to(job, user)):
        raise Http404("There is no such work.")
    return job, membership


def may_steer(*, job: Job, user: User) -> bool:
    """Whether the person may cancel the job or have it tried again."""
    if job.review_id is None:
        return _is_private_to(job, user)
    membership = _membership(job, user)
    if membership is None or not membership.is_active:
        return False
    return job.created_by_id == user.pk or membership.can(Capability.MANAGE)


def _membership(job: Job, user: User) -> Membership | None:
    if job.review_id is None:
        return None
    active = Membership.objects.active().select_related("review", "user")
    return active.filter(review_id=job.review_id, user=user).first()


def _is_private_to(job: Job, user: User) -> bool:
    return job.review_id is None and (job.created_by_id == user.pk or user.is_superuser)
