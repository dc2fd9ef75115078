"""Addresses of the ground floor."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from screening.views import (
    accounts,
    completions,
    conflicts,
    decided,
    declared,
    discussion,
    duplicate_groups,
    duplicate_of,
    duplicates,
    exports,
    fields,
    full_texts,
    import_facts,
    import_problems,
    imports,
    jobs,
    members,
    online,
    pdf_batches,
    prior,
    reasons,
    records,
    removal,
    reports,
    screening,
    settings,
    sources,
    waiting,
)
from screening.views.later import later
from screening.views.stages import StageConverter

app_name = "screening"
register_converter(StageConverter, "stage")

stage_urls = [
    path("", screening.screen, name="screen"),
    path("counts/", screening.counts, name="counts"),
    path("undo/", screening.undo, name="undo"),
    path("decided/", decided.decided, name="decided"),
    path("conflicts/", conflicts.conflicts_page, name="conflicts"),
    path("records/<int:record_id>/decide/", screening.decide, name="decide"),
    path("records/<int:record_id>/decide/waiting/", waiting.decide_waiting, name="decide-waiting"),
    path("records/<int:record_id>/settle/", conflicts.settle, name="settle"),
    path("records/<int:record_id>/agree/", conflicts.agree, name="agree"),
    path("records/<int:record_id>/withdraw/", conflicts.withdraw, name="withdraw"),
    path("records/<int:record_id>/discussion/", discussion.add_message, name="add-message"),
    path("records/<int:record_id>/why/", later("screening.views.ranking.why"), name="why"),
    path("ranking/", later("screening.views.ranking.page"), name="ranking"),
    path("ranking/order/", later("screening.views.ranking.set_order"), name="set-order"),
    path("ranking/trainings/", later("screening.views.ranking.trainings"), name="trainings"),
    path("ranking/stop/", later("screening.views.ranking.stop"), name="stop"),
]

record_urls = [
    path("", records.records, name="records"),
    path("missing/", completions.missing, name="missing"),
    path("missing/complete/", completions.complete_all, name="complete-records"),
    path("<int:record_id>/complete/", completions.complete_one, name="complete-record"),
    path("<int:record_id>/", records.record, name="record"),
    path("<int:record_id>/tags/", records.add_tag, name="add-tag"),
    path("<int:record_id>/tags/<int:tag_id>/remove/", records.remove_tag, name="remove-tag"),
    path("<int:record_id>/notes/", records.add_note, name="add-note"),
]

report_urls = [
    path("reports/", reports.reports, name="reports"),
    path("reports/pdfs/", pdf_batches.pdf_batches, name="pdf-batches"),
    path("reports/pdfs/<int:pdf_batch_id>/", pdf_batches.pdf_batch, name="pdf-batch"),
    path("reports/pdfs/files/<int:batch_pdf_id>/", pdf_batches.batch_pdf, name="batch-pdf"),
    path("reports/pdfs/files/<int:batch_pdf_id>/assign/", pdf_batches.assign, name="assign-pdf"),
    path("reports/pdfs/files/<int:batch_pdf_id>/undo/", pdf_batches.undo_match, name="undo-match"),
    path(
        "reports/pdfs/files/<int:batch_pdf_id>/set-aside/",
        pdf_batches.set_aside,
        name="set-pdf-aside",
    ),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("reports/<int:report_id>/attempts/", reports.add_attempt, name="add-attempt"),
    path("reports/<int:report_id>/full-text/", reports.upload, name="upload-full-text"),
    path("full-texts/<int:full_text_id>/", full_texts.full_text, name="full-text"),
    path("full-texts/<int:full_text_id>/file/", full_texts.full_text_file, name="full-text-file"),
    path(
        "full-texts/<int:full_text_id>/pages/<int:number>.webp",
        full_texts.full_text_page,
        name="full-text-page",
    ),
    path(
        "full-texts/<int:full_text_id>/pages/<int:number>/boxes/",
        full_texts.full_text_boxes,
        name="full-text-boxes",
    ),
]

review_urls: list[URLPattern | URLResolver] = [
    path("screening/<stage:stage>/", include(stage_urls)),
    path("records/", include(record_urls)),
    path("export/", exports.export, name="export"),
    path("export/file/", exports.export_file, name="export-file"),
    path("completions/<int:completion_id>/undo/", completions.undo, name="undo-completion"),
    path(
        "discussion/<int:message_id>/take-back/", discussion.remove_message, name="remove-message"
    ),
    path("notes/<int:note_id>/remove/", records.remove_note, name="remove-note"),
    *report_urls,
    path("stops/<int:stop_id>/take-back/", later("screening.views.ranking.resume"), name="resume"),
    path("ranking/learn/", later("screening.views.ranking.learn"), name="learn-prior"),
    path("ranking/forget/", later("screening.views.ranking.forget"), name="forget-prior"),
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<int:member_id>/", members.change_member, name="change-member"),
    path("members/<int:member_id>/remove/", removal.remove_member, name="remove-member"),
    path(
        "invitations/<int:invitation_id>/revoke/",
        members.revoke_invitation,
        name="revoke-invitation",
    ),
    path("settings/", settings.settings, name="settings"),
    path("settings/reasons/", reasons.reasons, name="reasons"),
    path("settings/reasons/<int:reason_id>/", reasons.change_reason, name="change-reason"),
    path("my-words/", settings.own_words, name="own-words"),
    path("sources/", sources.sources, name="sources"),
    path("sources/running/", sources.running_imports, name="running-imports"),
    path("sources/import/", imports.new_import, name="new-import"),
    path("sources/declared/", declared.declare, name="declare"),
    path(
        "sources/declared/<int:declared_id>/withdraw/",
        declared.withdraw,
        name="withdraw-declared",
    ),
    path("sources/search/", online.new_search, name="new-search"),
    path("sources/searches/<int:search_id>/", online.saved_search, name="saved-search"),
    path("sources/searches/<int:search_id>/count/", online.count, name="count-search"),
    path("sources/searches/<int:search_id>/fetch/", online.fetch, name="fetch-search"),
    path("sources/searches/<int:search_id>/forget/", online.forget, name="forget-search"),
    path("imports/<int:batch_id>/", sources.import_report, name="import-report"),
    path("imports/<int:batch_id>/preview/", imports.import_preview, name="import-preview"),
    path("imports/<int:batch_id>/people/", prior.import_people, name="import-people"),
    path("imports/<int:batch_id>/discard/", imports.discard_import, name="discard-import"),
    path("imports/<int:batch_id>/undo/", imports.undo_import, name="undo-import"),
    path("imports/<int:batch_id>/edit/", import_facts.edit_import, name="edit-import"),
    path(
        "imports/<int:batch_id>/problems/<int:problem_id>/",
        import_problems.import_problem,
        name="import-problem",
    ),
    path("sources/<int:source_id>/edit/", import_facts.edit_source, name="edit-source"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("imports/<int:batch_id>/file/", sources.original_file, name="original-file"),
]

duplicates_urls = [
    path("", duplicates.desk, name="duplicates"),
    path("find/", duplicates.find, name="find-duplicates"),
    path("pairs/<int:suggestion_id>/link/", duplicates.link_pair, name="link-pair"),
    path("pairs/<int:suggestion_id>/reject/", duplicates.reject_pair, name="reject-pair"),
    path("links/<int:link_id>/undo/", duplicates.undo_link, name="undo-link"),
    path("links/<int:link_id>/swap/", duplicates.swap_kept, name="swap-kept"),
    path("rulings/<int:ruling_id>/undo/", duplicates.undo_rejection, name="undo-rejection"),
    path("fields/<int:record_id>/choose/", fields.choose_field, name="choose-field"),
    path("fields/<int:record_id>/release/", fields.release_field, name="release-field"),
    path("of/<int:record_id>/", duplicate_of.duplicate_of, name="duplicate-of"),
    path("of/<int:record_id>/mark/", duplicate_of.mark_duplicate, name="mark-duplicate"),
    path("groups/<int:record_id>/", duplicate_groups.group, name="duplicate-group"),
    path("groups/<int:record_id>/answer/", duplicate_groups.answer_group, name="answer-group"),
    path("sure/", duplicate_groups.sure_pairs, name="sure-pairs"),
    path("sure/accept/", duplicate_groups.accept_sure_pairs, name="accept-sure-pairs"),
]

urlpatterns = [
    path("", accounts.home, name="home"),
    path("login/", accounts.sign_in, name="login"),
    path("session/", waiting.session, name="session"),
    path("logout/", accounts.sign_out, name="logout"),
    path("account/", accounts.account, name="account"),
    path("invitations/<str:token>/", accounts.invitation, name="invitation"),
    path("reviews/new/", accounts.new_review, name="new-review"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="cancel-job"),
    path("jobs/<int:job_id>/retry/", jobs.retry, name="retry-job"),
    path("r/<slug:slug>/", include(review_urls)),
    path("r/<slug:slug>/duplicates/", include(duplicates_urls)),
]
