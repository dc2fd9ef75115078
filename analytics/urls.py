"""Addresses of the top floor."""

from django.urls import include, path

from analytics.views import agreement, figures, overview, prisma, table1

app_name = "analytics"

review_urls = [
    path("", overview.overview, name="overview"),
    path("waiting/", overview.waiting_counts, name="waiting"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:key>.csv", figures.figure_data, {"kind": "csv"}, name="figure-csv"),
    path("figures/<slug:key>.json", figures.figure_data, {"kind": "json"}, name="figure-json"),
    path("values/<int:study_id>/<slug:row_key>/", figures.value, name="value"),
    path("prisma/", prisma.prisma, name="prisma"),
    path("prisma/export/<slug:file_format>/", prisma.prisma_export, name="prisma-export"),
    path("prisma/<slug:box>/", prisma.prisma_box, name="prisma-box"),
    path("prisma/<slug:box>/<int:number>/", prisma.prisma_box, name="prisma-part"),
    path("agreement/", agreement.agreement, name="agreement"),
    path(
        "agreement/export/<slug:file_format>/",
        agreement.agreement_export,
        name="agreement-export",
    ),
    path("table-1/", table1.table1, name="table1"),
    path("table-1/export/<slug:file_format>/", table1.table1_export, name="table1-export"),
]

urlpatterns = [
    path("r/<slug:slug>/", include(review_urls)),
]
