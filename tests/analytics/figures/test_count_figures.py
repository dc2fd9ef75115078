"""Counts of studies: by category, by year, crossed."""

from dataclasses import replace

import pytest

from analytics.figures.counts import counts_by, evidence_map, per_year
from tests.analytics.seed import made_up_form, study
from tests.analytics.seed_figures import frames_of

STUDIES = [
    study(1, crop="wheat", regions=("north",)),
    study(2, crop="maize", regions=("north",)),
    study(3, crop="wheat", regions=("north", "south")),
    replace(study(5, crop="wheat"), year=2006),
    study(6, crop="wheat", regions=("south",)),
]


@pytest.fixture(scope="module")
def frames():
    _, studies, wording = frames_of(STUDIES, made_up_form())
    return studies, wording


def test_studies_are_counted_once_with_several_and_not_stated_last(frames):
    studies, wording = frames
    figure = counts_by(studies, "regions", "Region", wording)
    wheat, maize = figure.plot["data"]
    assert wheat["y"] == ["north", "south", "several", "not stated"]
    assert wheat["x"] == [1, 1, 1, 1]
    assert maize["x"] == [1, 0, 0, 0]
    assert sum(wheat["x"]) + sum(maize["x"]) == len(STUDIES)


def test_the_reading_and_the_bars_lead_to_their_rows(frames):
    studies, wording = frames
    figure = counts_by(studies, "regions", "Region", wording, "place")
    assert figure.sentence == (
        "north leads with 2 studies of 4 that state their region; 2 values occur."
    )
    assert figure.reading[1].link == "?place=only+north"
    assert figure.plot["data"][0]["customdata"][0] == "?place=only+north&group=wheat"
    assert figure.table.rows[0]["link"] == "?place=only+north"


def test_several_and_missing_values_are_said(frames):
    studies, wording = frames
    assert counts_by(studies, "regions", "Region", wording).left_out == (
        "1 study has more than one value and stand under “several”, each counted once.",
        "1 study has no region on record.",
    )


def test_a_category_nobody_states_says_so(frames):
    studies, wording = frames
    nobody = studies.assign(**{"study.regions": "not stated"})
    figure = counts_by(nobody, "regions", "Region", wording)
    assert figure.sentence == "No study states its region."


def test_years_without_a_study_stay_in_the_axis(frames):
    figure = per_year(*frames)
    assert figure.plot["data"][0]["x"] == ["2001", "2002", "2003", "2004", "2005", "2006"]
    assert figure.plot["data"][0]["y"] == [1, 0, 1, 0, 0, 2]
    assert figure.sentence == "2 studies of 5 appeared in 2006, the year with the most."
    assert figure.left_out == ()


def test_studies_without_a_year_are_said(frames):
    studies, wording = frames
    figure = per_year(studies.assign(year=studies["year"].where(studies["study_id"] < 0)), wording)
    assert figure.sentence == "No study has a year."
    assert figure.left_out == ("5 studies have no year.",)
    assert figure.plot["data"] == []


def test_the_evidence_map_shows_its_gaps(frames):
    studies, wording = frames
    figure = evidence_map(studies, ("regions", "crop"), ("Region", "Crop"), wording)
    bubbles, gaps = figure.plot["data"]
    assert sum(map(int, bubbles["text"])) == len(STUDIES)
    assert list(zip(gaps["y"], gaps["x"], strict=True)) == [
        ("south", "maize"),
        ("several", "maize"),
        ("not stated", "maize"),
    ]
    assert figure.sentence == "3 of 8 combinations of region and crop have no study."
    assert bubbles["customdata"][0] == "?regions=only+north&crop=only+wheat"
