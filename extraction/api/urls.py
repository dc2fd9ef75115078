"""Addresses of the API of extraction, below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, include, path

from extraction.api import (
    candidates,
    drafting,
    extracting,
    keeping,
    progress,
    reconciling,
    sheets,
    studies,
    trying,
    verifying,
)

app_name = "extraction-api"
Urls = list[URLPattern | URLResolver]

study_urls: Urls = [
    path("", studies.OneStudy.as_view(), name="study"),
    path("reports/", studies.StudyReports.as_view(), name="study-reports"),
    path("reports/<int:report_id>/split/", keeping.SplitReport.as_view(), name="split-report"),
    path("reports/<int:report_id>/join/", keeping.JoinReport.as_view(), name="join-report"),
    path("extraction/revisits/", keeping.Revisits.as_view(), name="revisits"),
    path("extraction/", extracting.OwnExtraction.as_view(), name="own-extraction"),
    path("extraction/cell/", extracting.Cell.as_view(), name="cell"),
    path("extraction/evidence/", extracting.CellEvidence.as_view(), name="evidence"),
    path("extraction/rows/", extracting.Rows.as_view(), name="rows"),
    path("extraction/rows/<int:row_id>/", extracting.OneRow.as_view(), name="row"),
    path("extraction/candidates/", candidates.Candidates.as_view(), name="candidates"),
    path("extraction/missing/", extracting.Missing.as_view(), name="missing"),
    path("extraction/submit/", extracting.Submit.as_view(), name="submit"),
    path("extraction/reopen/", extracting.ReopenOwn.as_view(), name="reopen-own"),
    path("reconciliation/", reconciling.Compare.as_view(), name="reconciliation"),
    path("reconciliation/agreed/", reconciling.AcceptAgreed.as_view(), name="accept-agreed"),
    path("reconciliation/cell/", reconciling.SettledCell.as_view(), name="settle"),
    path("reconciliation/cell/evidence/", reconciling.ProvenCell.as_view(), name="prove"),
    path("reconciliation/cell/reopen/", reconciling.UnsettleCell.as_view(), name="unsettle"),
    path(
        "reconciliation/rows/<int:consensus_row_id>/",
        reconciling.SettledRow.as_view(),
        name="settle-row",
    ),
    path("reconciliation/final/", reconciling.Finalise.as_view(), name="final"),
    path("reconciliation/reopen/", reconciling.ReopenStudy.as_view(), name="reopen-study"),
    path("verification/", verifying.Verification.as_view(), name="verification"),
    path("verification/cell/", verifying.VerifiedCell.as_view(), name="verify"),
    path("verification/cell/evidence/", verifying.VerifiedEvidence.as_view(), name="verify-proof"),
    path("verification/cell/reopen/", verifying.UnverifyCell.as_view(), name="unverify"),
    path(
        "verification/rows/<int:consensus_row_id>/",
        verifying.VerifiedRow.as_view(),
        name="verify-row",
    ),
    path("verification/final/", verifying.FinaliseVerified.as_view(), name="verified-final"),
    path("verification/reopen/", verifying.ReopenVerified.as_view(), name="reopen-verified"),
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
    path("forms/take-back/", drafting.TakeBack.as_view(), name="take-back-form"),
    path("forms/draft/", drafting.Draft.as_view(), name="draft"),
    path("forms/draft/changes/", drafting.DraftChanges.as_view(), name="draft-changes"),
    path("forms/draft/try/", trying.TryDraft.as_view(), name="try-draft"),
    path("forms/draft/publish/", drafting.PublishDraft.as_view(), name="publish-draft"),
    path("sheets/", sheets.Sheets.as_view(), name="sheets"),
    path("sheets/<int:sheet_id>/", sheets.OneSheet.as_view(), name="sheet"),
    path("sheets/<int:sheet_id>/start/", sheets.StartSheet.as_view(), name="start-sheet"),
    path("sheets/<int:sheet_id>/problems/", sheets.SheetProblems.as_view(), name="sheet-problems"),
    path("data-sets/", keeping.DataSets.as_view(), name="data-sets"),
    path("data-sets/unknown/", keeping.UnknownDataSets.as_view(), name="unknown-data-sets"),
    path("data-sets/<int:data_set_id>/", keeping.OneDataSet.as_view(), name="data-set"),
    path("shares/", keeping.Shares.as_view(), name="shares"),
    path("lost-quotes/", keeping.LostQuotes.as_view(), name="lost-quotes"),
    path("extraction-progress/", progress.Progress.as_view(), name="progress"),
    path(
        "extraction-progress/<int:member_id>/withdraw/",
        progress.WithdrawPerson.as_view(),
        name="withdraw-person",
    ),
    path("extraction-settings/", studies.Settings.as_view(), name="settings"),
]
urlpatterns: Urls = [path("reviews/<slug:slug>/", include(review_urls))]
