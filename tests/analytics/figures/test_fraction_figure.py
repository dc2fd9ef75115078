"""Gain against the share of labels."""

from analytics.figures.fractions import gain_by_fraction
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of


def drawn(*studies):
    experiments, _, wording = frames_of(studies, made_up_form())
    return gain_by_fraction(experiments, wording)


def test_one_line_per_series_in_the_order_of_shares():
    rows = [trial("t1", "88", dose="100%"), trial("t2", "96", dose="1%"), trial("t3", dose="20")]
    figure = drawn(study(1, *rows, crop="wheat"))
    (line,) = figure.plot["data"]
    assert (line["x"], line["y"]) == ([1.0, 100.0], [20.0, 10.0])
    assert line["customdata"] == ["/1/t2/", "/1/t1/"]
    assert figure.sentence.startswith("In 1 of 1 series the gain is larger with the fewest labels")
    assert figure.left_out == ("1 experiment of series with one share, or with counts only.",)


def test_a_single_share_makes_no_line():
    figure = drawn(study(1, trial("t1"), crop="wheat"))
    assert figure.plot["data"] == []
    assert figure.sentence == "No study reports gains at several shares of labels."
