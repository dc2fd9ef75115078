"""Addresses of the top floor."""

from django.urls import include, path

from analytics.views import overview

app_name = "analytics"

review_urls = [
    path("", overview.overview, name="overview"),
]

urlpatterns = [
    path("r/<slug:slug>/", include(review_urls)),
]
