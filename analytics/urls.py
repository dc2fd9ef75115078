"""Addresses of the top floor."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.module_loading import import_string

from analytics.views import overview

app_name = "analytics"
heavy_views: list[str] = []


def later(name: str) -> Callable[..., HttpResponse]:
    """A view that is loaded when it is first asked for.

    pandas, SciPy, Plotly and the writers of files stand behind these; without them the first page
    is there in half the time. `reviewapp.supervisor.web` loads them once it serves.
    """
    heavy_views.append(name)

    def view(request: HttpRequest, **parts: object) -> HttpResponse:
        response: HttpResponse = import_string(name)(request, **parts)
        return response

    return view


figures_page = later("analytics.views.figures.figures")
progress_page = later("analytics.views.figures.progress")
picked_rows = later("analytics.views.figures.picked_rows")
figure_cards = later("analytics.views.figures.figure_cards")
figure_data = later("analytics.views.figures.figure_data")
figure_print = later("analytics.views.figures.figure_print")
changes_page = later("analytics.views.changes.changes")
changes_csv = later("analytics.views.changes.changes_csv")
publications_page = later("analytics.views.publications.publications")
publish = later("analytics.views.publications.publish")
withdraw = later("analytics.views.publications.withdraw")
public_dashboard = login_not_required(later("analytics.views.publications.dashboard"))
report_page = later("analytics.views.reports.report")
write_report = later("analytics.views.reports.write")
report_file = later("analytics.views.reports.report_file")
value = later("analytics.views.figures.value")
agreement_page = later("analytics.views.agreement.agreement")
agreement_export = later("analytics.views.agreement.agreement_export")
pilot_page = later("analytics.views.pilots.pilot")
extraction_agreement_page = later("analytics.views.extraction_agreement.agreement")
extraction_agreement_csv = later("analytics.views.extraction_agreement.agreement_csv")
prisma_page = later("analytics.views.prisma.prisma")
prisma_box = later("analytics.views.prisma.prisma_box")
prisma_export = later("analytics.views.prisma.prisma_export")
checklist_page = later("analytics.views.reporting.checklist")
checklist_export = later("analytics.views.reporting.checklist_export")
risk_page = later("analytics.views.risk_of_bias.risk_page")
risk_file = later("analytics.views.risk_of_bias.risk_file")
simulations_page = later("analytics.views.simulations.simulations")
simulate = later("analytics.views.simulations.simulate")
table1_page = later("analytics.views.table1.table1")
table1_export = later("analytics.views.table1.table1_export")
table1_policy = later("analytics.views.table1_settings.policy")
table1_policy_save = later("analytics.views.table1_settings.policy_save")
table1_layout = later("analytics.views.table1_settings.layout")
table1_layout_save = later("analytics.views.table1_settings.layout_save")
table1_head_footnote = later("analytics.views.table1_settings.head_footnote")
table1_footnote_remove = later("analytics.views.table1_settings.footnote_remove")
comparison_preview = later("analytics.views.comparison_preview.comparison_preview")
extracted_page = later("analytics.views.extracted.extracted")
extracted_export = later("analytics.views.extracted.extracted_export")
table1_study = later("analytics.views.table1_study.study")
table1_choose = later("analytics.views.table1_study.choose")
table1_footnote = later("analytics.views.table1_study.footnote")

audit = later("analytics.views.audit.audit")
audit_chain = later("analytics.views.audit.audit_chain")
audit_file = later("analytics.views.audit.audit_file")

TABLE1_STUDY = "table-1/studies/<int:study_id>/"

review_urls = [
    path("", overview.overview, name="overview"),
    path("waiting/", overview.waiting_counts, name="waiting"),
    path("audit/", audit, name="audit"),
    path("audit/chain/", audit_chain, name="audit-chain"),
    path("audit/export/<slug:file_format>/", audit_file, name="audit-file"),
    path("figures/", figures_page, name="figures"),
    path("figures/progress/", progress_page, name="figures-progress"),
    path("figures/picked/", picked_rows, name="figures-picked"),
    path("figures/cards/", figure_cards, name="figure-cards"),
    path("figures/changes/", changes_page, name="changes"),
    path("figures/changes/all.csv", changes_csv, name="changes-csv"),
    path("figures/published/", publications_page, name="publications"),
    path("figures/published/new/", publish, name="publish"),
    path("figures/published/<int:publication_id>/withdraw/", withdraw, name="unpublish"),
    path("figures/<slug:key>.csv", figure_data, {"kind": "csv"}, name="figure-csv"),
    path(
        "figures/<slug:key>.points.csv", figure_data, {"kind": "points.csv"}, name="figure-points"
    ),
    path("figures/<slug:key>.py", figure_data, {"kind": "py"}, name="figure-lines"),
    path("figures/<slug:key>.html", figure_data, {"kind": "html"}, name="figure-html"),
    path("figures/<slug:key>.json", figure_data, {"kind": "json"}, name="figure-json"),
    path("figures/<slug:key>/print/", figure_print, name="figure-print"),
    path("values/<int:study_id>/<slug:row_key>/", value, name="value"),
    path("prisma/", prisma_page, name="prisma"),
    path("prisma/report/<slug:report>/", checklist_page, name="checklist"),
    path(
        "prisma/report/<slug:report>/<slug:file_format>/",
        checklist_export,
        name="checklist-export",
    ),
    path("prisma/export/<slug:file_format>/", prisma_export, name="prisma-export"),
    path("prisma/<slug:box>/", prisma_box, name="prisma-box"),
    path("prisma/<slug:box>/<int:number>/", prisma_box, name="prisma-part"),
    path("report/", report_page, name="report"),
    path("report/write/", write_report, name="write-report"),
    path("report/file/<slug:file_format>/", report_file, name="report-file"),
    path("risk-of-bias/", risk_page, name="risk-of-bias"),
    path("risk-of-bias/<slug:tool>/<slug:kind>/", risk_file, name="risk-file"),
    path("simulations/", simulations_page, name="simulations"),
    path("simulations/start/", simulate, name="simulate"),
    path("agreement/", agreement_page, name="agreement"),
    path(
        "agreement/export/<slug:file_format>/",
        agreement_export,
        name="agreement-export",
    ),
    path("pilots/<int:pilot_id>/", pilot_page, name="pilot"),
    path("extraction/agreement/", extraction_agreement_page, name="extraction-agreement"),
    path("extraction/agreement.csv", extraction_agreement_csv, name="extraction-agreement-csv"),
    path("table-1/", table1_page, name="table1"),
    path("table-1/policy/", table1_policy, name="table1-policy"),
    path("table-1/policy/save/", table1_policy_save, name="table1-policy-save"),
    path("table-1/columns/", table1_layout, name="table1-layout"),
    path("table-1/columns/save/", table1_layout_save, name="table1-layout-save"),
    path("table-1/footnotes/", table1_head_footnote, name="table1-head-footnote"),
    path(
        "table-1/footnotes/<int:footnote_id>/remove/",
        table1_footnote_remove,
        name="table1-footnote-remove",
    ),
    path(
        "extraction/form/draft/comparison/preview/", comparison_preview, name="comparison-preview"
    ),
    path("extraction/data/", extracted_page, name="extracted"),
    path(
        "extraction/data/<slug:shape>/<slug:file_format>/",
        extracted_export,
        name="extracted-export",
    ),
    path(TABLE1_STUDY, table1_study, name="table1-study"),
    path(f"{TABLE1_STUDY}choose/", table1_choose, name="table1-choose"),
    path(f"{TABLE1_STUDY}footnote/", table1_footnote, name="table1-footnote"),
    path("table-1/export/<slug:file_format>/", table1_export, name="table1-export"),
]

urlpatterns = [
    path("p/<str:token>/", public_dashboard, name="public-dashboard"),
    path("r/<slug:slug>/", include(review_urls)),
]
