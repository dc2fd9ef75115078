"""The addresses: each app brings its own; the house adds nothing but wiring."""

from django.urls import include, path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularAPIView

from reviewapp.health import healthz, readyz
from reviewapp.telemetry.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("screening.urls")),
    path("", include("extraction.urls")),
    path("", include("analytics.urls")),
    path("api/v1/", include("screening.api.urls")),
    path("api/v1/", include("extraction.api.urls")),
    path("api/v1/", include("analytics.api.urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/", TemplateView.as_view(template_name="reviewapp/api_docs.html"), name="api-docs"),
]

handler400 = "reviewapp.errors.bad_request"
handler403 = "reviewapp.errors.forbidden"
handler404 = "reviewapp.errors.not_found"
handler500 = "reviewapp.errors.server_error"
