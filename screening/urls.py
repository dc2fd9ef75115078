"""Addresses of the ground floor."""

from django.urls import include, path

from screening.views import (
    accounts,
    imports,
    jobs,
    members,
    settings,
    sources,
)

app_name = "screening"

review_urls = [
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<int:member_id>/", members.change_member, name="change-member"),
    path(
        "invitations/<int:invitation_id>/revoke/",
        members.revoke_invitation,
        name="revoke-invitation",
    ),
    path("settings/", settings.settings, name="settings"),
    path("sources/", sources.sources, name="sources"),
    path("sources/running/", sources.running_imports, name="running-imports"),
    path("sources/import/", imports.new_import, name="new-import"),
    path("imports/<int:batch_id>/", sources.import_report, name="import-report"),
    path("imports/<int:batch_id>/preview/", imports.import_preview, name="import-preview"),
    path("imports/<int:batch_id>/discard/", imports.discard_import, name="discard-import"),
    path("imports/<int:batch_id>/file/", sources.original_file, name="original-file"),
]

urlpatterns = [
    path("", accounts.home, name="home"),
    path("login/", accounts.sign_in, name="login"),
    path("logout/", accounts.sign_out, name="logout"),
    path("account/", accounts.account, name="account"),
    path("invitations/<str:token>/", accounts.invitation, name="invitation"),
    path("reviews/new/", accounts.new_review, name="new-review"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="cancel-job"),
    path("jobs/<int:job_id>/retry/", jobs.retry, name="retry-job"),
    path("r/<slug:slug>/", include(review_urls)),
]
