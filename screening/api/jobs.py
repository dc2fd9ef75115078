"""Long work: how far it is, cancel, try again."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.pages import PageQuery
from screening.models import Job
from screening.selectors.jobs import title_of
from screening.services.jobs import cancel_job, retry_job


class JobOut(serializers.ModelSerializer[Job]):
    """A piece of long work."""

    title = serializers.SerializerMethodField()
    asked_by = serializers.CharField(source="created_by.name", allow_null=True, default=None)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "title",
            "state",
            "done",
            "total",
            "message",
            "error",
            "asked_by",
            "created_at",
            "finished_at",
        )

    def get_title(self, job: Job) -> str:
        """The kind in words."""
        return title_of(job)


class JobsQuery(PageQuery):
    """Which work."""

    state = serializers.ChoiceField(required=False, choices=Job.State.choices)
    kind = serializers.CharField(required=False, max_length=60)


class JobApi(ReviewApi):
    """What endpoints of work share."""

    def job(self, job_id: int) -> Job:
        """A job of the review."""
        rows = Job.objects.select_related("review", "created_by")
        found: Job = get_object_or_404(rows, pk=job_id, review=self.review)
        return found


class Jobs(ReviewApi):
    """All work of the review."""

    @endpoint(JobOut, many=True, asks=JobsQuery)
    def get(self) -> QuerySet[Job]:
        """List the work, newest first."""
        wanted: dict[str, Any] = {
            name: self.asked[name] for name in ("state", "kind") if name in self.asked
        }
        rows: QuerySet[Job] = Job.objects.filter(review=self.review, **wanted)
        return rows.select_related("created_by")


class OneJob(JobApi):
    """One piece of work."""

    @endpoint(JobOut)
    def get(self, job_id: int) -> Job:
        """Say how far it is."""
        return self.job(job_id)


class CancelJob(JobApi):
    """Stopping work."""

    @endpoint(JobOut, even_archived=True)
    def post(self, job_id: int) -> Job:
        """Stop the work at its next step; who asked for it or a lead may."""
        cancel_job(job=self.job(job_id), user=self.user)
        return self.job(job_id)


class RetryJob(JobApi):
    """Trying work again."""

    @endpoint(JobOut)
    def post(self, job_id: int) -> Job:
        """Queue failed or cancelled work again; who asked for it or a lead may."""
        retry_job(job=self.job(job_id), user=self.user)
        return self.job(job_id)
