"""Addresses of the API of screening, below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, include, path

from screening.api import (
    assignments,
    bundles,
    conflicts,
    criteria,
    duplicates,
    exports,
    imports,
    jobs,
    labels,
    life,
    members,
    pilots,
    progress,
    ranking,
    records,
    reports,
    reviews,
    sources,
    views,
    webhooks,
)

app_name = "screening-api"
Urls = list[URLPattern | URLResolver]

at_stage: Urls = [
    path("", views.RecordAtStage.as_view(), name="record"),
    path("decisions/", views.Decisions.as_view(), name="decide"),
    path("ruling/", conflicts.Ruling.as_view(), name="ruling"),
    path("consensus/", conflicts.Consensus.as_view(), name="consensus"),
    path("discussion/", labels.Discussion.as_view(), name="discussion"),
    path("why/", ranking.Why.as_view(), name="why"),
]
stage_urls: Urls = [
    path("", reviews.OneStage.as_view(), name="stage"),
    path("records/", views.Records.as_view(), name="stage-records"),
    path("records/<int:record_id>/", include(at_stage)),
    path("next/", views.NextRecord.as_view(), name="next"),
    path("undo/", views.Undo.as_view(), name="undo"),
    path("decided/", views.OwnDecisions.as_view(), name="decided"),
    path("counts/", views.Counts.as_view(), name="counts"),
    path("progress/", progress.Progress.as_view(), name="progress"),
    path("progress/people/", progress.PeopleProgress.as_view(), name="people-progress"),
    path("conflicts/", conflicts.Conflicts.as_view(), name="conflicts"),
    path("settled/", conflicts.Settled.as_view(), name="settled"),
    path("pilots/", pilots.Pilots.as_view(), name="pilots"),
    path("questions/", criteria.Questions.as_view(), name="questions"),
    path("assignments/", assignments.Assignments.as_view(), name="assignments"),
    path("shares/", assignments.Shares.as_view(), name="shares"),
    path("assigning/", assignments.Assigning.as_view(), name="assigning"),
    path("order/", ranking.OrderState.as_view(), name="order"),
    path("trainings/", ranking.Trainings.as_view(), name="trainings"),
]
member_urls: Urls = [
    path("members/", members.Members.as_view(), name="members"),
    path("members/<int:member_id>/", members.Member.as_view(), name="member"),
    path(
        "members/<int:member_id>/deactivate/",
        members.Deactivate.as_view(),
        name="deactivate-member",
    ),
    path(
        "members/<int:member_id>/reactivate/",
        members.Reactivate.as_view(),
        name="reactivate-member",
    ),
    path("members/<int:member_id>/removal/", members.Removal.as_view(), name="remove-member"),
    path("invitations/", members.Invitations.as_view(), name="invitations"),
    path("invitations/<int:invitation_id>/", members.OneInvitation.as_view(), name="invitation"),
    path("audit/", members.Audit.as_view(), name="audit"),
    path("audit/chain/", members.AuditChain.as_view(), name="audit-chain"),
]
team_urls: Urls = [
    path("criteria/", criteria.Criteria.as_view(), name="criteria"),
    path("questions/<int:question_id>/", criteria.OneQuestion.as_view(), name="question"),
    path("groups/", assignments.Groups.as_view(), name="groups"),
    path("groups/<int:group_id>/", assignments.OneGroup.as_view(), name="group"),
    path(
        "assignments/<int:screening_assignment_id>/",
        assignments.OneAssignment.as_view(),
        name="assignment",
    ),
    path(
        "assignments/<int:screening_assignment_id>/reassign/",
        assignments.Reassign.as_view(),
        name="reassign",
    ),
    path("pilots/<int:pilot_id>/", pilots.OnePilot.as_view(), name="pilot"),
    path("pilots/<int:pilot_id>/people/", pilots.PilotPeople.as_view(), name="pilot-people"),
    path("pilots/<int:pilot_id>/records/", pilots.PilotRecords.as_view(), name="pilot-records"),
    path(
        "pilots/<int:pilot_id>/records/<int:record_id>/discussion/",
        pilots.PilotTalk.as_view(),
        name="pilot-talk",
    ),
    path("pilots/<int:pilot_id>/end/", pilots.EndPilot.as_view(), name="end-pilot"),
    path(
        "pilots/<int:pilot_id>/open-main-round/",
        pilots.OpenMainRound.as_view(),
        name="open-main-round",
    ),
]
label_urls: Urls = [
    path("reasons/", labels.Reasons.as_view(), name="reasons"),
    path("reasons/<int:reason_id>/", labels.OneReason.as_view(), name="reason"),
    path("tags/", labels.Tags.as_view(), name="tags"),
    path("tags/<int:tag_id>/", labels.OneTag.as_view(), name="tag"),
    path("notes/<int:note_id>/", labels.OneNote.as_view(), name="note"),
    path("discussion/<int:message_id>/", labels.Message.as_view(), name="message"),
    path("words/", labels.HighlightedWords.as_view(), name="words"),
    path("words/mine/", labels.OwnWords.as_view(), name="own-words"),
]
source_urls: Urls = [
    path("sources/", sources.Sources.as_view(), name="sources"),
    path("sources/<int:source_id>/", sources.OneSource.as_view(), name="source"),
    path("searches/", sources.Searches.as_view(), name="searches"),
    path("searches/<int:search_id>/", sources.OneSearch.as_view(), name="search"),
    path("searches/<int:search_id>/count/", sources.CountSearch.as_view(), name="count-search"),
    path("searches/<int:search_id>/fetch/", sources.FetchSearch.as_view(), name="fetch-search"),
    path("declared/", sources.Declared.as_view(), name="declared"),
    path("declared/<int:declared_id>/", sources.OneDeclared.as_view(), name="one-declared"),
    path("imports/", imports.Imports.as_view(), name="imports"),
    path("imports/<int:batch_id>/", imports.OneImport.as_view(), name="import"),
    path("imports/<int:batch_id>/file/", imports.ImportFile.as_view(), name="import-file"),
    path("imports/<int:batch_id>/preview/", imports.ImportPreview.as_view(), name="import-preview"),
    path("imports/<int:batch_id>/people/", imports.ImportPeople.as_view(), name="import-people"),
    path("imports/<int:batch_id>/start/", imports.StartImport.as_view(), name="start-import"),
    path(
        "imports/<int:batch_id>/problems/",
        imports.ImportProblems.as_view(),
        name="import-problems",
    ),
    path(
        "imports/<int:batch_id>/problems/<int:problem_id>/",
        imports.OneImportProblem.as_view(),
        name="import-problem",
    ),
]
record_urls: Urls = [
    path("records/", records.AllRecords.as_view(), name="records"),
    path("records/<int:record_id>/", records.OneRecord.as_view(), name="whole-record"),
    path("records/<int:record_id>/trace/", records.Trace.as_view(), name="trace"),
    path("records/<int:record_id>/abstract/", records.Abstract.as_view(), name="abstract"),
    path("records/<int:record_id>/tags/", labels.TagsOfRecord.as_view(), name="record-tags"),
    path(
        "records/<int:record_id>/tags/<int:tag_id>/",
        labels.TagOfRecord.as_view(),
        name="record-tag",
    ),
    path("records/<int:record_id>/notes/", labels.NotesOfRecord.as_view(), name="record-notes"),
    path(
        "records/<int:record_id>/duplicate-of/",
        duplicates.DuplicateOf.as_view(),
        name="duplicate-of",
    ),
    path(
        "records/<int:record_id>/fields/<slug:field>/",
        duplicates.ShownField.as_view(),
        name="shown-field",
    ),
    path("gaps/", records.Gaps.as_view(), name="gaps"),
    path("completions/", records.Completions.as_view(), name="completions"),
    path("completions/<int:completion_id>/", records.OneCompletion.as_view(), name="completion"),
]
duplicate_urls: Urls = [
    path("duplicates/questions/", duplicates.Suggestions.as_view(), name="duplicate-questions"),
    path(
        "duplicates/questions/<int:suggestion_id>/",
        duplicates.OneSuggestion.as_view(),
        name="duplicate-question",
    ),
    path("duplicates/links/", duplicates.Links.as_view(), name="duplicate-links"),
    path("duplicates/links/<int:link_id>/", duplicates.OneLink.as_view(), name="duplicate-link"),
    path("duplicates/rulings/", duplicates.Rejections.as_view(), name="duplicate-rulings"),
    path(
        "duplicates/rulings/<int:ruling_id>/",
        duplicates.OneRejection.as_view(),
        name="duplicate-ruling",
    ),
    path("duplicates/groups/", duplicates.Groups.as_view(), name="duplicate-groups"),
]
report_urls: Urls = [
    path("reports/", reports.Reports.as_view(), name="reports"),
    path("reports/attempts/", reports.ManyAttempts.as_view(), name="many-attempts"),
    path("reports/export/<slug:file_format>/", reports.ReportsFile.as_view(), name="reports-file"),
    path("reports/counts/", reports.RetrievalCounts.as_view(), name="report-counts"),
    path("reports/<int:report_id>/", reports.OneReport.as_view(), name="report"),
    path("reports/<int:report_id>/attempts/", reports.Attempts.as_view(), name="attempts"),
    path("reports/<int:report_id>/full-texts/", reports.FullTexts.as_view(), name="full-texts"),
    path(
        "full-texts/<int:full_text_id>/file/",
        reports.FullTextFile.as_view(),
        name="full-text-file",
    ),
    path(
        "full-texts/<int:full_text_id>/pages/",
        reports.FullTextPages.as_view(),
        name="full-text-pages",
    ),
    path("pdf-batches/", reports.PdfBatches.as_view(), name="pdf-batches"),
    path("pdf-batches/<int:pdf_batch_id>/", reports.OnePdfBatch.as_view(), name="pdf-batch"),
    path(
        "pdf-batches/files/<int:batch_pdf_id>/report/",
        reports.AssignPdf.as_view(),
        name="assign-pdf",
    ),
    path(
        "pdf-batches/files/<int:batch_pdf_id>/set-aside/",
        reports.SetPdfAside.as_view(),
        name="set-pdf-aside",
    ),
]
review_urls: Urls = [
    path("", reviews.OneReview.as_view(), name="review"),
    path("stages/<stage:stage>/", include(stage_urls)),
    path("stopping/", ranking.Stopping.as_view(), name="stopping"),
    path("stops/", ranking.Stops.as_view(), name="stops"),
    path("stops/<int:stop_id>/", ranking.OneStop.as_view(), name="stop"),
    path("prior/", ranking.Prior.as_view(), name="prior"),
    path("export/<slug:file_format>/", exports.RecordsFile.as_view(), name="export"),
    path("archive/", life.Archive.as_view(), name="archive"),
    path("deletion/", life.Deletion.as_view(), name="deletion"),
    path("bundles/", bundles.Bundles.as_view(), name="bundles"),
    path("bundles/<int:bundle_id>/", bundles.BundleFile.as_view(), name="bundle"),
    path("jobs/", jobs.Jobs.as_view(), name="jobs"),
    path("jobs/<int:job_id>/", jobs.OneJob.as_view(), name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.CancelJob.as_view(), name="cancel-job"),
    path("jobs/<int:job_id>/retry/", jobs.RetryJob.as_view(), name="retry-job"),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<int:webhook_id>/", webhooks.OneWebhook.as_view(), name="webhook"),
    path("webhooks/deliveries/", webhooks.Deliveries.as_view(), name="deliveries"),
    path(
        "webhooks/deliveries/<int:delivery_id>/again/",
        webhooks.SendAgain.as_view(),
        name="send-again",
    ),
    *member_urls,
    *team_urls,
    *label_urls,
    *source_urls,
    *record_urls,
    *duplicate_urls,
    *report_urls,
]
urlpatterns: Urls = [
    path("me/", reviews.Me.as_view(), name="me"),
    path("reviews/", reviews.Reviews.as_view(), name="reviews"),
    path("reviews/<slug:slug>/", include(review_urls)),
]
