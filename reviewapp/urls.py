"""The addresses: each app brings its own; the house adds nothing but wiring."""

from django.urls import include, path

urlpatterns = [
    path("", include("screening.urls")),
    path("", include("extraction.urls")),
    path("", include("analytics.urls")),
]
