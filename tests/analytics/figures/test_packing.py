"""All plots of a page in one document: nothing lost, each address once."""

import json

from analytics.figures import packing
from analytics.figures.gains import gains_by_group
from analytics.figures.packing import packed
from analytics.figures.scatters import YEAR, gain_against
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of

STUDIES = [study(n, trial(f"t{n}", str(80 + n), "80"), crop="wheat") for n in range(1, 6)]


def figures():
    experiments, overview, wording = frames_of(STUDIES, made_up_form())
    return [
        gains_by_group(experiments, overview, wording),
        gain_against(experiments, YEAR, wording),
    ]


def addresses(document, key):
    return [
        document["base"] + document["links"][place]
        for trace in document["plots"][key]["data"]
        for place in trace.get("customdata", [])
    ]


def test_every_point_finds_its_address_again_and_each_address_stands_once():
    document = packed(figures(), "/")
    for figure in figures():
        wanted = [link for trace in figure.plot["data"] for link in trace.get("customdata", [])]
        assert addresses(document, figure.key) == wanted
    assert len(document["links"]) == len(set(document["links"])) == 5


def test_texts_go_when_there_are_too_many_points_and_names_stay(monkeypatch):
    monkeypatch.setattr(packing, "MOST_TEXTS", 3)
    document = packed(figures(), "/")
    assert "against" not in json.dumps(document)
    assert document["labels"][0].startswith("Author 200")


def test_a_figure_of_many_points_stays_small(monkeypatch):
    """2,000 studies: the plots of a figure of single effects stay under 100 bytes a point."""
    many = [study(n, trial(f"t{n}", "88.1234"), crop="wheat") for n in range(1, 2001)]
    experiments, overview, wording = frames_of(many, made_up_form())
    monkeypatch.setattr(packing, "MOST_TEXTS", 1)
    one = [gains_by_group(experiments, overview, wording)]
    assert len(json.dumps(packed(one, "/"))) < 100 * 2000
