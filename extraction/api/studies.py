"""Studies, the form, and how far the two extractors agree."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from extraction.api import serializers as shapes
from extraction.models import Assignment, ExtractionForm, Study
from extraction.selectors.assignments import standing_assignments
from extraction.selectors.desk import DeskStudy, desk_of, desk_rows, reports_without_study
from extraction.selectors.forms import current_form
from extraction.selectors.own import extraction_standings
from extraction.selectors.settings import settings_of
from extraction.services.assignments import name_for_study, withdraw_assignments
from extraction.services.forms import publish_form
from extraction.services.reports import join_report
from extraction.services.settings import change_settings
from extraction.services.studies import StudyFacts, create_study, describe_study
from screening.api.base import ReviewApi, endpoint
from screening.models import Membership, Report
from screening.rules.roles import Capability


class OpenReportOut(serializers.ModelSerializer[Report]):
    """An included report that belongs to no study."""

    title = serializers.CharField(source="record.title")

    class Meta:
        model = Report
        fields = ("id", "record", "title")


class StudyApi(ReviewApi):
    """What endpoints of studies share."""

    def study(self, study_id: int) -> Study:
        """A study of the review."""
        rows = Study.objects.standing().select_related("review")
        return get_object_or_404(rows, pk=study_id, review=self.review)

    def report(self, report_id: int) -> Report:
        """A report of the review."""
        rows = Report.objects.select_related("record__review")
        return get_object_or_404(rows, pk=report_id, record__review=self.review)

    def whole(self, study_id: int) -> Study:
        """A study with its reports and extractions."""
        study = self.study(study_id)
        extractions = list(study.extractions.select_related("extractor__user").order_by("pk"))
        reports = study.study_reports.select_related("report__record").order_by("-is_main", "pk")
        found: Any = study
        found.reports = list(reports)
        found.standings = extraction_standings(self.membership, study, extractions)
        return study


class Studies(StudyApi):
    """The studies of the review."""

    @endpoint(shapes.DeskStudyOut, many=True)
    def get(self) -> list[DeskStudy]:
        """List the studies with their state, and what each asks of me."""
        return desk_rows(desk_of(self.membership).order_by("first_author", "year", "pk"))

    @endpoint(
        shapes.StudyWholeOut, takes=shapes.StudyIn, status=201, needs=Capability.MANAGE_REPORTS
    )
    def post(self) -> Study:
        """Make a study of an included report."""
        report = self.report(self.given["report"])
        return self.whole(create_study(membership=self.membership, report=report).pk)


class OpenReports(ReviewApi):
    """Reports without a study."""

    @endpoint(OpenReportOut, many=True)
    def get(self) -> list[Report]:
        """List the included reports that belong to no study yet."""
        return reports_without_study(self.review)


class OneStudy(StudyApi):
    """One study."""

    @endpoint(shapes.StudyWholeOut)
    def get(self, study_id: int) -> Study:
        """Show a study with its reports, and how far its extractions are."""
        return self.whole(study_id)

    @endpoint(shapes.StudyWholeOut, takes=shapes.StudyPatchIn, needs=Capability.MANAGE_REPORTS)
    def patch(self, study_id: int) -> Study:
        """Change what the study says of itself."""
        study = self.study(study_id)
        names = ("title", "first_author", "year", "label")
        facts = {name: getattr(study, name) for name in names} | self.given
        describe_study(membership=self.membership, study=study, facts=StudyFacts(**facts))
        return self.whole(study_id)


class StudyReports(StudyApi):
    """The reports of a study."""

    @endpoint(
        shapes.StudyWholeOut, takes=shapes.StudyIn, status=201, needs=Capability.MANAGE_REPORTS
    )
    def post(self, study_id: int) -> Study:
        """Join another included report to the study, a free one or one of another study."""
        study = self.study(study_id)
        report = self.report(self.given["report"])
        join_report(membership=self.membership, study=study, report=report)
        return self.whole(study_id)


class Forms(ReviewApi):
    """The versions of the extraction form."""

    @endpoint(shapes.FormLineOut, many=True, order=("-version",))
    def get(self) -> QuerySet[ExtractionForm]:
        """List the versions, newest first."""
        return ExtractionForm.objects.filter(review=self.review)

    @endpoint(shapes.FormOut, takes=shapes.FormIn, status=201, needs=Capability.MANAGE)
    def post(self) -> ExtractionForm:
        """Publish a version; stored values follow it, in a large review by a job."""
        return publish_form(membership=self.membership, **self.given)


class CurrentForm(ReviewApi):
    """The form in force."""

    @endpoint(shapes.FormOut)
    def get(self) -> ExtractionForm:
        """Show the form in force with all its questions."""
        form = current_form(self.review)
        if form is None:
            raise Http404("No form is published yet.")
        return form


class Assignments(StudyApi):
    """Who is named for a study."""

    @endpoint(shapes.AssignmentOut, many=True, needs=Capability.MANAGE)
    def get(self, study_id: int) -> list[Assignment]:
        """List who is named for the study now."""
        return list(standing_assignments(self.study(study_id)))

    @endpoint(shapes.AssignmentOut, takes=shapes.NamePersonIn, status=201, needs=Capability.MANAGE)
    def post(self, study_id: int) -> Assignment:
        """Name a person for the study."""
        study = self.study(study_id)
        people = Membership.objects.select_related("user", "review")
        member = get_object_or_404(people, pk=self.given["member"], review=self.review)
        return name_for_study(
            membership=self.membership, study=study, member=member, task=self.given["task"]
        )


class OneAssignment(StudyApi):
    """One person named for a study."""

    @endpoint(needs=Capability.MANAGE)
    def delete(self, study_id: int, assignment_id: int) -> None:
        """Take back that the person is named."""
        found = get_object_or_404(self.study(study_id).assignments, pk=assignment_id)
        withdraw_assignments(membership=self.membership, assignments=[found])


class Settings(ReviewApi):
    """How this review extracts and reconciles."""

    @endpoint(shapes.SettingsOut)
    def get(self) -> dict[str, Any]:
        """Show the settings of the extraction."""
        return self._values()

    @endpoint(shapes.SettingsOut, takes=shapes.SettingsIn, needs=Capability.MANAGE)
    def patch(self) -> dict[str, Any]:
        """Change the settings of the extraction."""
        if self.given:
            change_settings(membership=self.membership, wanted=self.given)
        return self._values()

    def _values(self) -> dict[str, Any]:
        stored = settings_of(self.review)
        self.review.refresh_from_db(fields=["is_extraction_blinded"])
        return {
            "mode": stored.mode,
            "evidence_needed": stored.evidence_needed,
            "is_extraction_blinded": self.review.is_extraction_blinded,
            "is_reconciliation_blinded": stored.is_reconciliation_blinded,
            "is_assigned_only": stored.is_assigned_only,
        }
