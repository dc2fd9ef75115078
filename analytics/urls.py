"""Addresses of the top floor."""

from django.urls import include, path

from analytics.views import figures, overview

app_name = "analytics"

review_urls = [
    path("", overview.overview, name="overview"),
    path("waiting/", overview.waiting_counts, name="waiting"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:key>.csv", figures.figure_data, {"kind": "csv"}, name="figure-csv"),
    path("figures/<slug:key>.json", figures.figure_data, {"kind": "json"}, name="figure-json"),
    path("values/<int:study_id>/<slug:row_key>/", figures.value, name="value"),
]

urlpatterns = [
    path("r/<slug:slug>/", include(review_urls)),
]
