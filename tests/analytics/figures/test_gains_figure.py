"""Relative gain per group and metric (figure 3E)."""

import math
import re

import pytest

from analytics.figures.gains import gains_by_group
from analytics.figures.model import finite, signed
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of

STUDIES = [
    study(1, trial("t1", "88", "80"), trial("t2", "60", "50", dose="1%"), crop="wheat"),
    study(2, trial("t3", "80", "80"), trial("t4", "70", "80", brand="Y"), crop="wheat"),
    study(3, trial("t5", "60", "80", measure="F1"), crop="maize"),
    study(4, trial("t6", "60", ""), crop="rye"),
    study(5, crop="rye"),
]


@pytest.fixture(scope="module")
def figure():
    return gains_by_group(*frames_of(STUDIES, made_up_form()))


def marks(figure, name):
    return next(trace for trace in figure.plot["data"] if trace.get("name") == name)


def test_the_reading_counts_what_is_better_equal_and_worse(figure):
    assert figure.sentence == (
        "In 1 of 3 studies treated is better than control, in 1 equal and in 1 worse; the median "
        "relative gain is 0.00 %, from −25.00 % to +10.00 %; with few labels +20.00 % in 1 study "
        "(3 effects from 3 studies, descriptive)."
    )


def test_each_number_of_the_reading_leads_to_its_rows(figure):
    links = {part.text: part.link for part in figure.reading if part.link}
    assert links == {
        "1 of 3 studies": "?role=full&sign=up",
        "1": "?role=full&sign=down",
        "0.00 %": "?role=full",
        "−25.00 % to +10.00 %": "?role=full",
        "+20.00 % in 1 study": "?role=subset",
        "3 effects from 3 studies": "?role=full",
    }
    assert not any(re.search(r"\d", part.text) for part in figure.reading if not part.link)


def test_full_and_subset_have_the_same_colour_and_different_symbols(figure):
    full, subset = marks(figure, "wheat, full"), marks(figure, "wheat, subset")
    assert full["x"] == [10.0, 0.0]
    assert subset["x"] == [20.0]
    assert full["marker"]["color"] == subset["marker"]["color"] == "@group-1"
    assert (full["marker"]["symbol"], subset["marker"]["symbol"]) == ("square", "square-open")


def test_other_experiments_are_small_dots_in_the_lane_of_their_study(figure):
    dots, full = marks(figure, "other experiments"), marks(figure, "wheat, full")
    assert dots["x"] == [-12.5]
    assert round(dots["y"][0]) in full["y"]
    assert dots["y"][0] not in full["y"]  # never hidden under a mark of equal value


def test_every_point_carries_its_link(figure):
    points = [trace for trace in figure.plot["data"] if "customdata" in trace]
    links = {link for trace in points for link in trace["customdata"]}
    assert links == {"/1/t1/", "/1/t2/", "/2/t3/", "/2/t4/", "/3/t5/"}
    assert {row["link"] for row in figure.table.rows} == links


def test_the_data_table_is_shown_as_text(figure):
    cells, link = figure.shown_rows[0]
    assert link == "/2/t3/"
    assert cells[0] == ("Author 2002", False)
    assert ("0.00", True) in cells


def test_missing_numbers_are_shown_as_a_dash():
    rows = [study(1, trial("t1", "90", "100"), crop="wheat")]
    figure = gains_by_group(*frames_of(rows, made_up_form()))
    assert ("–", True) in figure.shown_rows[0][0]  # a perfect comparator leaves no error


def test_groups_without_a_pair_stay_visible(figure):
    heads = [note["text"] for note in figure.plot["layout"]["annotations"]]
    assert heads == [
        "<b>wheat · accuracy</b>  2 of 2 studies",
        "<b>maize · F1</b>  1 of 1 study",
        "<b>rye</b>  0 of 2 studies, no comparable pair",
    ]
    none = gains_by_group(*frames_of(STUDIES[:2], made_up_form()))
    assert len(none.plot["layout"]["annotations"]) == 1  # no study is a maize study here


def test_what_is_left_out_is_said_with_its_reason(figure):
    assert figure.left_out == (
        "1 experiment: the control value is not reported.",
        "1 study has no experiment with a value of treated or control.",
    )


def test_without_any_gain_the_figure_says_so():
    figure = gains_by_group(*frames_of(STUDIES[3:], made_up_form()))
    assert figure.sentence == "No study of this selection reports a comparable pair."
    assert figure.plot["data"] == []


def test_the_absolute_gain_is_drawn_in_points():
    figure = gains_by_group(*frames_of(STUDIES, made_up_form()), "absolute_gain")
    assert marks(figure, "wheat, full")["x"] == [8.0, 0.0]
    assert "points" in figure.plot["layout"]["xaxis"]["title"]["text"]


def test_an_unknown_gain_is_refused():
    with pytest.raises(ValueError, match="no gain is called luck"):
        gains_by_group(*frames_of(STUDIES, made_up_form()), "luck")


def test_hundreds_of_lanes_lose_their_names_and_keep_their_points():
    many = [study(n, trial(f"t{n}"), crop="wheat") for n in range(1, 120)]
    figure = gains_by_group(*frames_of(many, made_up_form()))
    assert figure.plot["layout"]["yaxis"]["tickvals"] == []
    assert len(marks(figure, "wheat, full")["x"]) == 119


@pytest.mark.parametrize(
    ("value", "text"), [(4.467, "+4.47 %"), (-1.347, "−1.35 %"), (0.001, "0.00 %")]
)
def test_gains_are_written_with_their_sign(value, text):
    assert signed(value) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, None, "none"])
def test_what_is_no_number_becomes_nothing(value):
    assert finite(value) is None
