"""Lines of work and coefficients of agreement."""

import json
from datetime import date

import plotly.graph_objects as go

from analytics.figures.progress import (
    AgreementRow,
    Series,
    agreement_figure,
    progress_over_time,
)
from analytics.figures.theme import themed

DAYS = {date(2026, 3, 12): 4, date(2026, 3, 1): 2, date(2026, 3, 10): 1}


def test_what_was_done_is_added_up_in_the_order_of_days():
    series = [Series("Full text", DAYS, 20, "/rows/"), Series("Nothing", {})]
    figure = progress_over_time("work", "Work", series, ("verdict", "verdicts"))
    (line,) = figure.plot["data"]
    assert line["x"] == ["2026-03-01", "2026-03-10", "2026-03-12"]
    assert line["y"] == [2, 3, 7]
    assert figure.sentence == "Full text: 7 verdicts of 20, 5 in the seven days up to 2026-03-12."
    assert figure.table.rows[2] == {
        "day": "2026-03-12", "series": "Full text", "count": 4, "total": 7, "link": "/rows/",
    }  # fmt: skip
    go.Figure(themed(figure.plot, "dark"))


def test_nothing_done_yet_is_said():
    figure = progress_over_time("work", "Work", [Series("Full text", {})], ("verdict", "verdicts"))
    assert figure.sentence == "Nothing was done yet."
    assert figure.plot["data"] == []


def test_coefficients_have_intervals_and_what_is_not_defined_says_why():
    rows = [
        AgreementRow("Full text", "A and B", 9, "Cohen's kappa", 0.5, 0.2, 0.8, link="/a/"),
        AgreementRow("Full text", "everybody", 9, "Gwet's AC1", None, None, None, "not defined: x"),
    ]
    figure = agreement_figure(rows)
    (marks,) = figure.plot["data"]
    assert marks["error_x"]["array"] == marks["error_x"]["arrayminus"] == [0.3]
    assert figure.sentence.startswith("1 coefficient, from 0.50 (A and B, Cohen's kappa)")
    assert figure.left_out == ("Full text, everybody: Gwet's AC1 is not defined: x.",)
    json.dumps(figure.plot, allow_nan=False)
    assert "hidden" in agreement_figure([]).sentence
