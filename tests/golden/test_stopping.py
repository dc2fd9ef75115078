"""The stopping test and the measures of an order against published and independent numbers.

The p-values of `stopping_oracles.json` are those of buscarpy 0.0.2 (`calculate_h0`, bias 1) and
of an own restatement with scipy's hypergeometric distribution.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from screening.ranking.metrics import measure, recall_after
from screening.ranking.stopping import recall_p_value, stopping_state

ORACLES = json.loads((Path(__file__).parent / "stopping_oracles.json").read_text("utf-8"))
SIX = 1e-6


def labels_of(case):
    if "alternating_1_0" in case:
        return [True, False] * case["alternating_1_0"]
    return [bool(label) for label, times in case["runs"] for _ in range(times)]


CASES = [(case, float(target)) for case in ORACLES["cases"] for target in case["p"]]


@pytest.mark.parametrize(
    ("case", "target"), CASES, ids=[f"{case['id']} at {target}" for case, target in CASES]
)
def test_p_of_the_stopping_test(case, target):
    found = recall_p_value(labels_of(case), case["N"], target)

    assert found == pytest.approx(case["p"][str(target)], abs=SIX)


def test_where_the_reference_gives_no_number_all_were_screened_and_p_is_zero():
    case = next(case for case in ORACLES["cases"] if "buscarpy_0.0.2_nan_at" in case)

    assert recall_p_value(labels_of(case), case["N"], 0.8) == 0


def test_nothing_found_yet_never_says_stop():
    cases = [case for case in ORACLES["cases"] if not any(labels_of(case))]
    assert cases

    for case in cases:
        state = stopping_state(labels_of(case), case["N"])
        assert not any(test.is_reached for test in state.tests)
        assert {test.more_irrelevant for test in state.tests} == {None}


@pytest.mark.parametrize("case", ORACLES["metric_cases"], ids=lambda case: str(case["order"]))
def test_measures_of_an_order(case):
    labels = np.array(case["order"], dtype=bool)
    found = measure(labels)

    assert found.loss == pytest.approx(case["loss"], abs=SIX)
    assert found.wss95 == pytest.approx(case["wss95"], abs=SIX)
    assert found.screened_at_95 == case["n_at_95"]
    if "atd" in case:
        assert found.atd == pytest.approx(case["atd"], abs=SIX)
    if "recall_at_20pct" in case:
        assert recall_after(labels, 0.2) == pytest.approx(case["recall_at_20pct"], abs=SIX)
