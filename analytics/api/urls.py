"""Addresses of the API of results, below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, include, path

from analytics.api import agreement, extracted, reporting, results, sharing, table1

app_name = "analytics-api"
Urls = list[URLPattern | URLResolver]

review_urls: Urls = [
    path("overview/", results.Overview.as_view(), name="overview"),
    path("table-1/", table1.Table1.as_view(), name="table1"),
    path("table-1/export/<slug:file_format>/", table1.Table1File.as_view(), name="table1-file"),
    path("table-1/footnotes/", table1.Footnotes.as_view(), name="footnotes"),
    path("table-1/footnotes/<int:footnote_id>/", table1.OneFootnote.as_view(), name="footnote"),
    path(
        "table-1/studies/<int:study_id>/choice/",
        table1.ReportedExperiments.as_view(),
        name="reported",
    ),
    path("table-1/policy/", reporting.Policy.as_view(), name="policy"),
    path("table-1/policy/preview/", reporting.PolicyPreview.as_view(), name="policy-preview"),
    path("table-1/layout/", reporting.TableLayout.as_view(), name="layout"),
    path("gains/", table1.Gains.as_view(), name="gains"),
    path("prisma/", results.Prisma.as_view(), name="prisma"),
    path("prisma/export/<slug:file_format>/", results.PrismaFile.as_view(), name="prisma-file"),
    path(
        "prisma/reports/<slug:report>/<slug:file_format>/",
        results.Checklist.as_view(),
        name="checklist",
    ),
    path("prisma/boxes/<str:box>/", results.PrismaBox.as_view(), name="prisma-box"),
    path("stages/<stage:stage>/agreement/", agreement.Agreement.as_view(), name="agreement"),
    path(
        "stages/<stage:stage>/agreement/export/<slug:file_format>/",
        agreement.AgreementFile.as_view(),
        name="agreement-file",
    ),
    path(
        "pilots/<int:pilot_id>/agreement/",
        agreement.PilotAgreement.as_view(),
        name="pilot-agreement",
    ),
    path(
        "extraction-agreement/",
        agreement.ExtractionAgreement.as_view(),
        name="extraction-agreement",
    ),
    path(
        "extracted/<slug:shape>/<slug:file_format>/",
        extracted.ExtractedFile.as_view(),
        name="extracted-file",
    ),
    path("risk-of-bias/", extracted.RiskOfBias.as_view(), name="risk-of-bias"),
    path("risk-of-bias/<slug:tool>/<slug:kind>/", extracted.RiskFile.as_view(), name="risk-file"),
    path(
        "forms/draft/comparison-preview/",
        extracted.ComparisonPreview.as_view(),
        name="comparison-preview",
    ),
    path("figures/", results.Figures.as_view(), name="figures"),
    path("figures/<slug:key>/", results.OneFigure.as_view(), name="figure"),
    path(
        "figures/<slug:key>/files/<str:kind>/",
        results.FigureFile.as_view(),
        name="figure-file",
    ),
    path("values/<int:study_id>/<slug:row_key>/", results.Value.as_view(), name="value"),
    path("changes/", sharing.Changes.as_view(), name="changes"),
    path("publications/", sharing.Publications.as_view(), name="publications"),
    path(
        "publications/<int:publication_id>/",
        sharing.OnePublication.as_view(),
        name="publication",
    ),
    path("report/", sharing.Reports.as_view(), name="reports"),
    path("report/files/<slug:file_format>/", sharing.ReportFile.as_view(), name="report-file"),
    path("simulations/", results.Simulations.as_view(), name="simulations"),
]
urlpatterns: Urls = [path("reviews/<slug:slug>/", include(review_urls))]
