"""Every point of every figure of the demo, one by one against the table of results.

Row keys of these frames are the ids of `results.csv`, so each plotted row names the line it must
agree with. Nothing here goes through the database; `test_demo_pairs` does.
"""

import re
from collections import Counter
from functools import cache
from statistics import mean, median

import pytest

from extraction.schema.fields import FieldType
from tests.analytics.seed import SCORES, demo_studies, rows_of, ssl_form
from tests.analytics.seed_figures import figures_of, frames_of

RESULTS = {row["result_id"]: row for row in rows_of("results.csv")}
STUDIES = {row["ref_no"]: row for row in rows_of("studies.csv")}
POINT = re.compile(r"/(\d+)/(R\d+)/")


@pytest.fixture(scope="module")
def figures():
    experiments, studies, wording = frames_of(demo_studies(), ssl_form())
    return {one.key: one for one in figures_of(experiments, studies, ssl_form(), wording)}


def points(figure):
    for row in figure.table.rows:
        if found := POINT.fullmatch(row["link"]):
            assert RESULTS[found[2]]["ref_no"] == found[1]
            yield row, RESULTS[found[2]]


def scores(result):
    return [float(result[key]) for key in SCORES]


POINTS_OF = {
    "relative-gain": 210,
    "error-reduction": 12,
    "gain-by-fraction": 76,
    "forest": 12,
    "gain-by-year": 12,
    "groups-on-the-same-task": 18,
    "fine-tuning-on-the-same-task": 146,
}


@pytest.mark.parametrize(("key", "count"), POINTS_OF.items())
def test_each_point_is_its_line_of_the_table(figures, key, count):
    found = list(points(figures[key]))
    assert len(found) == count
    for row, result in found:
        assert row["study"] == f"{result['first_author']} {result['year']}".strip()
        assert row["metric"] == result["metric"]
        assert row["arm_typed"].removesuffix(" %") == result["ssl_performance"]
        if "other_typed" not in row:
            continue
        assert row["other_typed"].removesuffix(" %") == result["supervised_performance"]
        ssl, other = scores(result)
        gain = row["relative_gain"] if "relative_gain" in row else row["shown"]
        assert gain == pytest.approx(100 * (ssl - other) / other, abs=1e-5)
        if "error_reduction" in row and row["error_reduction"] is not None:
            best = 100 if result["scale"] == "percent" else 1
            expected = 100 * (ssl - other) / (best - other)
            assert row["error_reduction"] == pytest.approx(expected, abs=1e-5)


def test_no_pair_of_the_table_is_missing(figures):
    drawn = {row["result_id"] for _, row in points(figures["relative-gain"])}
    usable = {key for key, row in RESULTS.items() if row["value_type"] == "pair"}
    assert drawn == usable


@pytest.mark.parametrize(
    ("key", "column"),
    [
        ("imaging-modality-by-group", "imaging_modality"),
        ("clinical-domain-by-group", "clinical_domain"),
        ("fine-tuning-by-group", "fine_tuning"),
    ],
)
def test_each_bar_counts_the_studies_of_the_table(figures, key, column):
    rows = figures[key].table.rows
    assert sum(row["total"] for row in rows) == len(STUDIES) == 79
    strategies = [row["strategy"] for row in STUDIES.values()]
    for strategy in set(strategies):
        assert sum(row.get(strategy, 0) for row in rows) == strategies.count(strategy)
    kinds = [kind(column, row[column]) for row in STUDIES.values()]
    assert {row["kind"]: row["total"] for row in rows} == Counter(kinds)


def test_each_year_counts_the_studies_of_the_table(figures):
    years = [row["year"] for row in STUDIES.values()]
    for row in figures["studies-per-year"].table.rows:
        assert row["total"] == years.count(row["kind"])


@pytest.mark.parametrize("role", ["full", "subset"])
def test_each_mean_is_that_of_the_pairs_of_the_worked_example(figures, role):
    pairs = [row for row in rows_of("selected_pairs.csv") if row[f"relative_difference_{role}_pct"]]
    found = list(figures[f"mean-gain-{role}"].table.rows)
    assert sum(row["effects"] for row in found) == len(pairs) > 0
    for row in found:
        gains = [
            float(pair[f"relative_difference_{role}_pct"])
            for pair in pairs
            if STUDIES[pair["ref_no"]]["strategy"] == row["group"]
            and pair["metric"] == row["metric"]
        ]
        assert row["effects"] == row["studies"] == len(gains)
        assert row["mean"] == pytest.approx(sum(gains) / len(gains), abs=6e-4)
        assert row["median"] == pytest.approx(median(gains), abs=6e-4)
        assert row["worse"] == sum(gain < 0 for gain in gains)


MAPS = {
    "map-imaging-modality-by-group": ("imaging_modality", "strategy"),
    "map-clinical-domain-by-group": ("clinical_domain", "strategy"),
    "evidence-map": ("clinical_domain", "imaging_modality"),
}


def test_each_cell_of_the_maps_counts_the_studies_of_the_table(figures):
    for key, (down, across) in MAPS.items():
        expected = Counter(
            (kind(down, one[down]), kind(across, one[across])) for one in STUDIES.values()
        )
        rows = figures[key].table.rows
        assert {(row["row"], row["column"]): row["count"] for row in rows} == expected, key


@cache
def kind(column, text):
    """The vocabulary's word for what the table says; `several` for more than one."""
    field = ssl_form().find(column)
    parts = text.split("; ") if field.type is FieldType.CHOICES else [text]
    words = {term.shown if (term := field.term_of(part)) else part for part in filter(None, parts)}
    return "several" if len(words) > 1 else next(iter(words), "not stated")


def test_each_mark_of_shared_data_counts_experiments_of_the_table(figures):
    rows = figures["shared-data"].table.rows
    assert len(rows) == 65
    for row in rows:
        same = [one for one in RESULTS.values() if fold(one["dataset"]) == fold(row["dataset"])]
        assert len({one["ref_no"] for one in same}) > 1
        of_study = [one for one in same if f"{one['first_author']} {one['year']}" == row["study"]]
        assert row["experiments"] <= len(of_study)
    total = sum(row["experiments"] for row in rows)
    named = {fold(row["dataset"]) for row in rows}
    assert total == sum(fold(one["dataset"]) in named for one in RESULTS.values())


def fold(text):
    return " ".join(text.casefold().split())


def test_every_plotted_value_of_the_demo_is_counted_by_its_proof(figures):
    (row,) = figures["provenance"].table.rows
    assert row["total"] == sum(one["value_type"] == "pair" for one in RESULTS.values())


def test_each_variant_of_the_sensitivity_is_recomputed_from_the_worked_example(figures):
    pairs = [row for row in rows_of("selected_pairs.csv") if row["relative_difference_full_pct"]]
    gains = {row["result_id_full"]: float(row["relative_difference_full_pct"]) for row in pairs}
    of_metric = {row["result_id_full"]: row["metric"] for row in pairs}
    auroc = {key: gain for key, gain in gains.items() if of_metric[key] == "AUROC"}
    rows = figures["sensitivity"].table.rows
    left_out = [row for row in rows if row["kind"] == "one study left out"]
    assert {POINT.fullmatch(row["link"])[2] for row in left_out} == set(auroc)
    for row in rows:
        of_row = {key: one for key, one in gains.items() if of_metric[key] == row["metric"]}
        if row in left_out:
            of_row.pop(POINT.fullmatch(row["link"])[2])
        assert row["value"] == pytest.approx(mean(of_row.values()), abs=6e-4)
        assert row["change"] == pytest.approx(row["value"] - mean(auroc.values()), abs=6e-4)
        assert row["effects"] == row["studies"] == len(of_row)


def test_no_figure_is_left_unchecked(figures):
    """Funnel and test-set size have nothing to draw: the table has no sizes and no intervals."""
    empty = {"funnel", "gain-by-test-size"}
    counted = {"imaging-modality-by-group", "clinical-domain-by-group", "fine-tuning-by-group"}
    means = {"mean-gain-full", "mean-gain-subset", "sensitivity"}
    others = {"studies-per-year", "shared-data", "provenance"}
    assert set(figures) == {*POINTS_OF, *MAPS, *empty, *counted, *means, *others}
    assert not any(figures[key].table.rows for key in empty)
