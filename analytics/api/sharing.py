"""What leaves the review: what changed between two days, published dashboards, the report."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from analytics.api.queries import as_query
from analytics.models import Publication
from screening.api.base import ReviewApi, endpoint
from screening.api.jobs import JobOut
from screening.models import Job
from screening.rules.roles import Capability

MANAGE, EXPORT = Capability.MANAGE, Capability.EXPORT
FILTERS = "Filters as in an address of the figures, e.g. `group=contrastive&year=2020`."
NOTHING = "The review's form compared nothing on the later day."
NO_REPORT = "You have no such report of this review, or its file is gone. Write a new one."
MOST_LETTERS = 4000


class ChangesQuery(serializers.Serializer[Any]):
    """Which two days, under which filters."""

    before = serializers.DateField(help_text="From the end of this day.")
    after = serializers.DateField(required=False, help_text="To the end of it; now without.")
    filters = serializers.CharField(required=False, max_length=MOST_LETTERS, help_text=FILTERS)


class PublicationIn(serializers.Serializer[Any]):
    """What is published, frozen when, and for how long."""

    title = serializers.CharField(max_length=200)
    filters = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MOST_LETTERS, help_text=FILTERS
    )
    as_of = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Frozen at its end."
    )
    days = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Until withdrawn without."
    )


class PublicationOut(serializers.Serializer[Any]):
    """A published dashboard; `url` is empty once it opens nothing any more."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()
    filters = serializers.DictField()
    as_of = serializers.DateField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    withdrawn_by = serializers.CharField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class ReportIn(serializers.Serializer[Any]):
    """Of which day."""

    as_of = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="The end of this day; now without."
    )


class WrittenReportOut(serializers.Serializer[Any]):
    """A report of mine; its files are there once its job is done."""

    job = JobOut()
    as_of = serializers.DateField(allow_null=True)
    files = serializers.DictField(child=serializers.CharField(), help_text="Address by format.")
    missing = serializers.CharField(help_text="Why the Word file has no pictures; else empty.")


class ReportQuery(serializers.Serializer[Any]):
    """Which report."""

    job = serializers.IntegerField(
        required=False, min_value=1, help_text="The job that wrote it; the newest without."
    )


class Changes(ReviewApi):
    """What an update changed."""

    @endpoint(OpenApiTypes.OBJECT, asks=ChangesQuery)
    def get(self) -> dict[str, Any]:
        """Tell studies, values, reported gains and readings of figures that differ."""
        from analytics.forms.changes import ChangesForm  # noqa: PLC0415
        from analytics.selectors.changes import change_rows, changes_of  # noqa: PLC0415

        form = ChangesForm(as_query(self.asked))
        if form.days is None:
            raise ValidationError({name: list(map(str, why)) for name, why in form.errors.items()})
        found = changes_of(self.review, *form.days, filters_of(self.asked.get("filters", "")))
        if found is None:
            raise ValidationError(NOTHING, code="settled")
        return {
            "before": found.before,
            "after": found.after,
            "counts": {name: {"before": a, "after": b} for name, a, b in found.counts},
            "problems": list(found.problems),
            "changes": list(change_rows(found)),
        }


class Publications(ReviewApi):
    """Dashboards that everybody with their link can read."""

    @endpoint(PublicationOut, many=True, needs=MANAGE)
    def get(self) -> list[dict[str, Any]]:
        """List the links of the review, withdrawn and expired ones too."""
        from analytics.selectors.publications import publications_of  # noqa: PLC0415

        return [self.shown(made, token) for made, token in publications_of(self.review)]

    @endpoint(PublicationOut, takes=PublicationIn, status=201, needs=MANAGE)
    def post(self) -> dict[str, Any]:
        """Publish the figures: reconciled and verified values only."""
        from analytics.selectors.publications import token_of  # noqa: PLC0415
        from analytics.services.publications import publish_dashboard  # noqa: PLC0415

        made = publish_dashboard(
            lead=self.membership,
            title=self.given["title"],
            asked=filters_of(self.given["filters"]),
            day=self.given["as_of"],
            days=self.given["days"],
        )
        return self.shown(made, token_of(made))

    def shown(self, made: Publication, token: str) -> dict[str, Any]:
        """One dashboard with its address."""
        path = reverse("analytics:public-dashboard", kwargs={"token": token})
        gone = made.withdrawn_by
        return {
            "id": made.pk,
            "title": made.title,
            "url": self.request.build_absolute_uri(path) if made.is_open else "",
            "filters": made.filters,
            "as_of": made.as_of,
            "expires_at": made.expires_at,
            "created_by": made.created_by.user.name,
            "created_at": made.created_at,
            "withdrawn_by": gone.user.name if gone else None,
            "withdrawn_at": made.withdrawn_at,
        }


class OnePublication(ReviewApi):
    """One published dashboard."""

    @endpoint(needs=MANAGE)
    def delete(self, publication_id: int) -> None:
        """Withdraw it: its link opens nothing any more."""
        from analytics.services.publications import withdraw_dashboard  # noqa: PLC0415

        made = get_object_or_404(Publication, pk=publication_id, review=self.review)
        withdraw_dashboard(lead=self.membership, publication=made)


class Reports(ReviewApi):
    """The report of the whole review, written by a worker for who asks."""

    @endpoint(WrittenReportOut, many=True, needs=EXPORT)
    def get(self) -> list[dict[str, Any]]:
        """List my reports, the newest first, with the state of their jobs and their files."""
        from analytics.selectors.written_reports import written_reports  # noqa: PLC0415

        return [self._shown(job) for job in written_reports(self.membership)]

    @endpoint(JobOut, takes=ReportIn, status=202, needs=EXPORT)
    def post(self) -> Job:
        """Let a worker write the report as I may see it, of now or of the end of a day."""
        from analytics.services.reports import start_report  # noqa: PLC0415

        return start_report(member=self.membership, day=self.given["as_of"])

    def _shown(self, job: Job) -> dict[str, Any]:
        from analytics.selectors.written_reports import KINDS, day_of, file_of  # noqa: PLC0415

        files = {}
        for kind in KINDS:
            if file_of(job, kind):
                place = {"slug": self.review.slug, "file_format": kind}
                path = reverse("analytics-api:report-file", kwargs=place)
                files[kind] = self.request.build_absolute_uri(f"{path}?job={job.pk}")
        missing = (job.result or {}).get("missing", "")
        return {"job": job, "as_of": day_of(job), "files": files, "missing": missing}


class ReportFile(ReviewApi):
    """A file of one of my reports."""

    @endpoint(OpenApiTypes.BINARY, asks=ReportQuery, needs=EXPORT)
    def get(self, file_format: str) -> FileResponse:
        """Take a report as html or docx."""
        from analytics.selectors.written_reports import (  # noqa: PLC0415
            KINDS,
            file_of,
            name_of,
            written_report,
        )

        if file_format not in KINDS:
            raise Http404(f"A report comes as {' or '.join(KINDS)}.")
        job = written_report(self.membership, str(self.asked.get("job", "")))
        path = file_of(job, file_format)
        if job is None or path is None:
            raise ValidationError(NO_REPORT)
        return FileResponse(
            default_storage.open(path),
            as_attachment=True,
            filename=f"{name_of(self.membership, job)}.{file_format}",
            content_type=KINDS[file_format],
            headers={"Content-Security-Policy": "sandbox"},
        )


def filters_of(text: str) -> dict[str, list[str]]:
    """Filters as the figures read them."""
    return {key: [str(one) for one in values] for key, values in QueryDict(text).lists()}
