"""The dashboard and the value page."""

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    QuotePlace,
    Reconciliation,
)
from extraction.models.quotes import quote_digest
from extraction.schema.codec import to_json
from screening.models import FullText
from tests import factories
from tests.analytics.seed import made_up_form


def page(client_of, person, query=""):
    return client_of(person).get(f"/r/ssl/figures/{query}")


def value_url(row):
    arguments = {"slug": "ssl", "study_id": row.extraction.study_id, "row_key": row.key}
    return reverse("analytics:value", kwargs=arguments)


def plots_of(response):
    found = re.search(r'<script id="figure-plots"[^>]*>(.*?)</script>', response.text, re.DOTALL)
    return json.loads(found.group(1))["plots"]


@pytest.mark.parametrize(
    "kind", ["figures/", "figures/cards/", "figures/relative-gain.csv", "values/1/abc/"]
)
def test_a_stranger_finds_nothing(client_of, stranger, stored, kind):
    assert client_of(stranger).get(f"/r/ssl/{kind}").status_code == 404


def test_an_observer_sees_every_figure_with_its_reading(client_of, observer, stored):
    response = page(client_of, observer)
    assert response.status_code == 200
    assert set(plots_of(response)) == {
        "relative-gain",
        "mean-gain-full",
        "mean-gain-subset",
        "error-reduction",
        "gain-by-fraction",
        "forest",
        "funnel",
        "sensitivity",
        "gain-by-test-size",
        "gain-by-year",
        "shared-data",
        "groups-on-the-same-task",
        "regions-by-group",
        "studies-per-year",
        "map-regions-by-group",
        "provenance",
    }
    assert "1 of 2 studies</a> treated is better than control" in response.text
    assert "1 experiment: the control value is not reported." in response.text


def test_every_point_stands_in_the_data_table_with_its_link(client_of, observer, stored):
    text = page(client_of, observer).text
    for key in ("t1", "t2", "t3"):
        assert f'href="{value_url(stored[key])}"' in text


def test_filters_of_the_address_apply_to_all_figures(client_of, observer, stored):
    response = page(client_of, observer, "?group=maize")
    plots = plots_of(response)
    assert [bar["name"] for bar in plots["regions-by-group"]["data"]] == ["maize"]
    assert [t["name"] for t in plots["relative-gain"]["data"] if "name" in t] == ["maize, full"]
    assert "Remove the filter Crop: maize" in response.text
    assert 'value="maize" selected' in response.text


def pick(row):
    return f"{row.extraction.study_id}-{row.key[:10]}"


def waiting_in(response):
    return re.findall(r'data-waits="([^"]*)"', response.text)


def test_a_page_may_ask_for_the_figures_in_sight_first(client_of, observer, stored):
    client, wanted = client_of(observer), "mean-gain-full,provenance,no-such-figure"
    whole = client.get("/r/ssl/figures/?group=maize")
    first = client.get("/r/ssl/figures/?group=maize", headers={"X-Figures": wanted})
    assert waiting_in(whole) == []
    assert set(plots_of(first)) == {"mean-gain-full", "provenance"}
    rest = waiting_in(first)
    assert sorted([*rest, *plots_of(first)]) == sorted(plots_of(whole))
    assert "X-Figures" in first.headers["Vary"]
    headers = {"X-Figures": ",".join(rest)}
    later = client.get("/r/ssl/figures/cards/?group=maize", headers=headers)
    assert list(plots_of(later)) == rest
    assert [key for key in plots_of(whole) if f'id="figure-{key}"' in later.text] == rest
    together = plots_of(first) | plots_of(later)
    for key, plot in plots_of(whole).items():  # places in the list of addresses differ by part
        assert together[key]["layout"] == plot["layout"]
        assert [t["x"] for t in together[key]["data"]] == [t["x"] for t in plot["data"]]


def test_a_page_without_figures_in_sight_asks_for_none_at_first(client_of, observer, stored):
    first = client_of(observer).get("/r/ssl/figures/", headers={"X-Figures": ""})
    assert plots_of(first) == {}
    assert len(waiting_in(first)) == len(plots_of(page(client_of, observer)))


def test_later_figures_of_a_review_without_a_form_are_not_found(client_of, observer, review):
    assert client_of(observer).get("/r/ssl/figures/cards/").status_code == 404


def test_selected_points_are_listed_and_ticked_without_a_script(client_of, observer, stored):
    """What a checkbox of the data table sends; the part that the script fetches says the same."""
    one, two = stored["t1"], stored["t3"]
    asked = f"?group=wheat&pick={pick(one)},{pick(two)}"
    text = page(client_of, observer, asked).text
    assert "1 selected point<" in text  # the other does not stand under the filter
    assert f'value="{pick(one)}" form="picking" aria-label="Select Author 2001" checked' in text
    part = client_of(observer).get(f"/r/ssl/figures/picked/{asked}").text
    assert f'href="{value_url(one)}"' in part
    studies = json.loads(re.search(r'id="picked-studies"[^>]*>(.*?)</script>', part)[1])
    assert studies == [{"group": "wheat", "regions": "north", "year": "2001"}]


def test_a_selection_that_is_gone_says_so(client_of, observer, stored):
    assert "No point is selected" in page(client_of, observer, "?pick=9-abc").text


def test_of_long_tables_the_first_rows_stand_on_the_page(client_of, observer, stored, monkeypatch):
    monkeypatch.setattr("analytics.figures.model.MOST_ROWS", 1)
    monkeypatch.setattr("analytics.views.figures.MOST_ROWS", 1)
    monkeypatch.setattr("analytics.figures.model.FIRST_ROWS", 1)
    monkeypatch.setattr("analytics.views.figures.FIRST_ROWS", 1)
    text = page(client_of, observer).text
    assert "The first 1 rows stand here" in text
    assert "The 3 studies of this view" in text


def test_a_filter_that_fits_nothing_says_so(client_of, observer, stored):
    text = page(client_of, observer, "?group=rice").text
    assert "No study fits these filters." in text
    assert "Nothing to draw here." in text


def test_styles_of_plotly_are_allowed_on_the_dashboard_only(client_of, observer, stored):
    dashboard = page(client_of, observer)["Content-Security-Policy"]
    other = client_of(observer).get(value_url(stored["t1"]))["Content-Security-Policy"]
    assert "style-src-attr 'unsafe-inline'" in dashboard
    assert "script-src 'self'" in dashboard
    assert "unsafe-inline" not in other


def test_no_asset_comes_from_elsewhere_and_nothing_runs_inline(client_of, observer, stored):
    text = page(client_of, observer).text
    assert re.findall(r'(?:src|href)="https?://', text) == []
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))", text)
    assert scripts == []
    assert " style=" not in text


def test_before_there_is_a_form_the_page_says_what_to_do(client_of, observer, review):
    assert "names no comparison" in page(client_of, observer).text


def test_before_there_are_studies_the_page_says_what_to_do(client_of, observer, review):
    factories.make_form(review, to_json(made_up_form()))
    assert "Open extraction" in page(client_of, observer).text


def test_the_csv_holds_exactly_what_is_plotted(client_of, observer, stored):
    response = client_of(observer).get("/r/ssl/figures/relative-gain.csv?group=wheat")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="relative-gain.csv"' in response["Content-Disposition"]
    header, *rows = response.text.splitlines()
    assert header.startswith("study,group,metric,task")
    assert [row.split(",")[0] for row in rows] == ["Author 2001", "Author 2001"]


def test_the_json_is_a_figure_with_colours(client_of, observer, stored):
    plot = client_of(observer).get("/r/ssl/figures/studies-per-year.json").json()
    assert plot["layout"]["paper_bgcolor"] == "#ffffff"


def test_an_unknown_figure_is_not_found(client_of, observer, stored):
    assert client_of(observer).get("/r/ssl/figures/luck.csv").status_code == 404


def test_the_value_page_shows_gain_values_and_place(client_of, observer, stored):
    ExtractedValue.objects.filter(row=stored["t1"], field="treated").update(
        quote="88 of 100 plots", page=4, location="table", source_url="https://example.org/paper"
    )
    text = client_of(observer).get(value_url(stored["t1"])).text
    for words in (
        "+10.00 %",
        "(88 % − 80 %) / 80 %",
        "absolute +8.00 points · error reduction +40.0 %",
        "imported, not yet reconciled",
        "88 of 100 plots",
        "from the table, page 4",
        'href="https://example.org/paper"',
        "Stands in Table 1 as full data.",
    ):
        assert words in text


def test_the_page_of_the_report_is_shown_with_the_marked_place(client_of, observer, stored):
    report = factories.make_report(factories.make_record(observer.review))
    pdf = FullText.objects.create(
        report=report, file=ContentFile(b"%PDF", name="x.pdf"), original_name="x.pdf",
        sha256="0" * 64, size=4, page_count=9, uploaded_by=observer,
    )  # fmt: skip
    values = ExtractedValue.objects.filter(row=stored["t1"], field__in=["treated", "control"])
    values.update(page=4, full_text=pdf, quote="88 against 80", rectangles=[[0.1, 0.2, 0.5, 0.25]])
    text = client_of(observer).get(value_url(stored["t1"])).text
    assert f'href="/r/ssl/full-texts/{pdf.pk}/?page=4"' in text
    assert text.count('<rect x="0.1" y="0.2" width="0.4" height="0.05"/>') == 1
    assert text.count("88 against 80") == 1


@pytest.mark.parametrize(
    ("found_on", "said", "opens"),
    [(None, "Quote not found", "old"), (6, "it was read on page 4 of an older one", "new")],
)
def test_a_replaced_file_shows_where_the_quote_is_now(
    client_of, observer, stored, *, found_on, said, opens
):
    study = stored["t1"].extraction.study
    report = factories.make_report(factories.make_record(observer.review))
    study.study_reports.create(report=report)
    files = {
        name: FullText.objects.create(
            report=report, file=ContentFile(b"%PDF", name="x.pdf"), original_name="x.pdf",
            sha256="0" * 64, size=4, page_count=9, uploaded_by=observer, replaced_at=replaced_at,
        )
        for name, replaced_at in (("old", study.created_at), ("new", None))
    }  # fmt: skip
    values = ExtractedValue.objects.filter(row=stored["t1"], field__in=["treated", "control"])
    values.update(page=4, full_text=files["old"], quote="88 against 80")
    QuotePlace.objects.create(
        full_text=files["new"], digest=quote_digest("88 against 80"), page=found_on
    )
    text = client_of(observer).get(value_url(stored["t1"])).text
    assert said in text
    assert f'href="/r/ssl/full-texts/{files[opens].pk}/?page={found_on or 4}"' in text


def test_a_refused_gain_says_why(client_of, observer, stored):
    text = client_of(observer).get(value_url(stored["t4"])).text
    assert "the control value is not reported" in text
    assert "Not reported: another experiment" in text


def test_an_experiment_of_another_review_or_study_is_not_found(client_of, observer, stored):
    other = stored["t3"].extraction.study_id
    row = stored["t1"]
    assert client_of(observer).get(f"/r/ssl/values/{other}/{row.key}/").status_code == 404
    assert client_of(observer).get(f"/r/ssl/values/{other}/nothing/").status_code == 404


@pytest.fixture
def settled(review, stored, extractor, other_extractor, adjudicator):
    """Study 2, extracted twice; the treated value is settled, the control value is not."""
    study = stored["t3"].extraction.study
    form = stored["t3"].extraction.form
    rows, values = [], []
    for member, number in ((extractor, "72"), (other_extractor, "75")):
        made = Extraction.objects.create(
            study=study, form=form, extractor=member, submitted_at=study.created_at
        )
        row = made.rows.create(group="trial", position=0)
        rows.append(row)
        values.append(made.values.create(row=row, field="treated", value=number, unit="percent"))
    done = Reconciliation.objects.create(study=study, form=form)
    row = ConsensusRow.objects.create(
        reconciliation=done, group="trial", position=0, row_a=rows[0], row_b=rows[1]
    )
    ConsensusValue.objects.create(
        reconciliation=done, row=row, field="treated", value="75", unit="percent", side="b",
        value_a=values[0], value_b=values[1], rationale="Table 2 says so",
        decided_by=adjudicator, quote="75 %", page=3,
    )  # fmt: skip
    return row


def settled_page(client_of, person, row):
    study = row.reconciliation.study_id
    return client_of(person).get(f"/r/ssl/values/{study}/{row.key}/").text


def test_both_raw_values_stand_beside_the_reconciled_one(client_of, observer, settled):
    text = settled_page(client_of, observer, settled)
    for words in (
        "72 %",
        "<b>75 %</b>",
        "B&#x27;s value",
        "reconciled by Ada Judge, because “Table 2 says so”",
        "page 3",
    ):
        assert words in text


def test_extractors_are_named_only_when_the_study_is_final(client_of, observer, settled):
    assert "Ed Extractor" not in settled_page(client_of, observer, settled)
    done = settled.reconciliation
    done.finalised_at = done.created_at
    done.save()
    assert "Ed Extractor" in settled_page(client_of, observer, settled)


def test_the_page_asks_as_few_questions_whatever_the_size(
    client_of, observer, stored, review, lead, django_assert_max_num_queries
):
    """The whole page with session and person: at most 12, and 20 when it reads everything again."""
    client = client_of(observer)
    page(client_of, observer)
    with django_assert_max_num_queries(12):
        assert client.get("/r/ssl/figures/?group=wheat").status_code == 200
    rows = stored["t1"].extraction
    for number in range(30):
        row = rows.rows.create(group="trial", position=number + 10)
        rows.values.create(row=row, field="treated", value="90", unit="percent")
    with django_assert_max_num_queries(20):
        assert client.get("/r/ssl/figures/").status_code == 200


def test_a_figure_goes_out_as_points_lines_and_an_offline_page(client_of, observer, stored):
    asked = client_of(observer)
    points = asked.get("/r/ssl/figures/relative-gain.points.csv?group=wheat").text
    drawn = plots_of(page(client_of, observer, "?group=wheat"))["relative-gain"]["data"]
    assert points.count("\n") - 1 == sum(len(one["x"]) for one in drawn)
    lines = asked.get("/r/ssl/figures/relative-gain.py").text
    compile(lines, "relative-gain.py", "exec")
    offline = asked.get("/r/ssl/figures/relative-gain.html")
    assert len(offline.content) > 1_000_000
    assert "sandbox" in offline["Content-Security-Policy"]
    assert offline["Content-Disposition"] == 'attachment; filename="relative-gain.html"'


def test_the_page_to_print_has_one_figure_and_its_whole_table(
    client_of, observer, stored, monkeypatch
):
    monkeypatch.setattr("analytics.figures.model.MOST_ROWS", 1)
    response = client_of(observer).get("/r/ssl/figures/relative-gain/print/?group=wheat")
    assert list(plots_of(response)) == ["relative-gain"]
    assert response.text.count('<th scope="row">') == 2
    assert "/r/ssl/figures/?group=wheat#figure-relative-gain" in response.text
