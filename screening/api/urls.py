"""Addresses of the API of screening, below `/api/v1/`."""

from django.urls import include, path

from screening.api import exports, ranking, views

app_name = "screening-api"

stage_urls = [
    path("records/", views.Records.as_view(), name="records"),
    path("records/<int:record_id>/", views.RecordAtStage.as_view(), name="record"),
    path("records/<int:record_id>/decisions/", views.Decisions.as_view(), name="decide"),
    path("next/", views.NextRecord.as_view(), name="next"),
    path("undo/", views.Undo.as_view(), name="undo"),
    path("decided/", views.OwnDecisions.as_view(), name="decided"),
    path("counts/", views.Counts.as_view(), name="counts"),
]
urlpatterns = [
    path("reviews/<slug:slug>/stages/<stage:stage>/", include(stage_urls)),
    path("reviews/<slug:slug>/stopping/", ranking.Stopping.as_view(), name="stopping"),
    path(
        "reviews/<slug:slug>/export/<slug:file_format>/",
        exports.RecordsFile.as_view(),
        name="export",
    ),
]
