"""Addresses of the API of extraction, below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, include, path

from extraction.api import extracting, reconciling, studies

app_name = "extraction-api"
Urls = list[URLPattern | URLResolver]

study_urls: Urls = [
    path("", studies.OneStudy.as_view(), name="study"),
    path("reports/", studies.StudyReports.as_view(), name="study-reports"),
    path("extraction/", extracting.OwnExtraction.as_view(), name="own-extraction"),
    path("extraction/cell/", extracting.Cell.as_view(), name="cell"),
    path("extraction/evidence/", extracting.CellEvidence.as_view(), name="evidence"),
    path("extraction/rows/", extracting.Rows.as_view(), name="rows"),
    path("extraction/rows/<int:row_id>/", extracting.OneRow.as_view(), name="row"),
    path("extraction/missing/", extracting.Missing.as_view(), name="missing"),
    path("extraction/submit/", extracting.Submit.as_view(), name="submit"),
    path("extraction/reopen/", extracting.ReopenOwn.as_view(), name="reopen-own"),
    path("reconciliation/", reconciling.Compare.as_view(), name="reconciliation"),
    path("reconciliation/agreed/", reconciling.AcceptAgreed.as_view(), name="accept-agreed"),
    path("reconciliation/cell/", reconciling.SettledCell.as_view(), name="settle"),
    path("reconciliation/cell/reopen/", reconciling.UnsettleCell.as_view(), name="unsettle"),
    path(
        "reconciliation/rows/<int:consensus_row_id>/",
        reconciling.SettledRow.as_view(),
        name="settle-row",
    ),
    path("reconciliation/final/", reconciling.Finalise.as_view(), name="final"),
    path("reconciliation/reopen/", reconciling.ReopenStudy.as_view(), name="reopen-study"),
    path("people/", studies.Assignments.as_view(), name="assignments"),
    path("people/<int:assignment_id>/", studies.OneAssignment.as_view(), name="assignment"),
]
review_urls: Urls = [
    path("studies/", studies.Studies.as_view(), name="studies"),
    path("studies/open-reports/", studies.OpenReports.as_view(), name="open-reports"),
    path("studies/<int:study_id>/", include(study_urls)),
    path("extractions/<int:extraction_id>/", extracting.OneExtraction.as_view(), name="extraction"),
    path("extractions/<int:extraction_id>/reopen/", extracting.Reopen.as_view(), name="reopen"),
    path("forms/", studies.Forms.as_view(), name="forms"),
    path("forms/current/", studies.CurrentForm.as_view(), name="current-form"),
    path("extraction-settings/", studies.Settings.as_view(), name="settings"),
]
urlpatterns: Urls = [path("reviews/<slug:slug>/", include(review_urls))]
