"""Coefficients of agreement against published tables.

Each case of `agreement_oracles.json` names its source; the values were recomputed with two
independent libraries. Six digits; five for the variances of AC1 and Fleiss.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from analytics.stats import agreement

ORACLES = json.loads((Path(__file__).parent / "agreement_oracles.json").read_text("utf-8"))
TABLES = {case["id"]: case for case in ORACLES["tables"]}
RAW = {case["id"]: case for case in ORACLES["raw"]}
SIX, FIVE = 1e-6, 1e-5


def of_tables(key):
    return [case for case in TABLES.values() if case.get(key) is not None]


def of_raw(key):
    return [case for case in RAW.values() if case.get(key) is not None]


def names(case):
    return case["id"]


def table_of(case):
    return np.array(case["table"], dtype=float)


def counts_of(case):
    if "counts" in case:
        return np.array(case["counts"], dtype=float)
    items = list(zip(*case["rows_raters_cols_units"], strict=True))
    categories = sorted({verdict for item in items for verdict in item if verdict is not None})
    return agreement.counts_of(items, categories)


def items_of(table):
    """The same data as counts per item: what many raters would be computed from."""
    q = len(table)
    rows = []
    for i in range(q):
        for j in range(q):
            row = np.zeros(q)
            row[i] += 1
            row[j] += 1
            rows += [row] * int(table[i][j])
    return np.array(rows)


@pytest.mark.parametrize("case", of_tables("po"), ids=names)
def test_percent_agreement(case):
    assert agreement.percent_agreement(table_of(case)).value == pytest.approx(case["po"], abs=SIX)


@pytest.mark.parametrize("case", of_tables("kappa"), ids=names)
def test_kappa_and_its_standard_error(case):
    found = agreement.kappa(table_of(case))

    assert found.value == pytest.approx(case["kappa"], abs=SIX)
    if "kappa_se" in case:
        assert found.se == pytest.approx(case["kappa_se"], abs=SIX)
    if "kappa_ci95_z" in case:
        assert [found.low, found.high] == pytest.approx(case["kappa_ci95_z"], abs=2 * SIX)


@pytest.mark.parametrize("case", of_tables("PABAK"), ids=names)
def test_pabak(case):
    found = agreement.pabak(table_of(case))

    assert found.value == pytest.approx(case["PABAK"], abs=SIX)
    if "PABAK_se_table" in case:
        assert found.se == pytest.approx(case["PABAK_se_table"], abs=SIX)


@pytest.mark.parametrize("case", of_tables("AC1"), ids=names)
def test_ac1_of_two_raters(case):
    found = agreement.ac1(table_of(case))

    assert found.value == pytest.approx(case["AC1"], abs=SIX)
    if "AC1_se_table" in case:
        assert found.se == pytest.approx(case["AC1_se_table"], abs=FIVE)
    if "AC1_ci95_t" in case:
        digits = 1e-3 if case["id"] == "irrcac_3x3" else FIVE  # printed to three digits there
        assert [found.low, found.high] == pytest.approx(case["AC1_ci95_t"], abs=digits)


@pytest.mark.parametrize("case", of_tables("alpha"), ids=names)
def test_alpha_of_two_raters(case):
    found = agreement.krippendorff_alpha(items_of(case["table"]))

    assert found.value == pytest.approx(case["alpha"], abs=SIX)


@pytest.mark.parametrize("case", of_tables("scott_pi"), ids=names)
def test_fleiss_kappa_of_two_raters_is_scotts_pi(case):
    found = agreement.fleiss_kappa(items_of(case["table"]))

    assert found.value == pytest.approx(case["scott_pi"], abs=SIX)


@pytest.mark.parametrize("case", of_raw("alpha_nominal"), ids=names)
def test_alpha_of_raw_verdicts(case):
    found = agreement.krippendorff_alpha(counts_of(case))

    assert found.value == pytest.approx(case["alpha_nominal"], abs=SIX)
    if "alpha_se" in case:
        assert found.se == pytest.approx(case["alpha_se"], abs=FIVE)


@pytest.mark.parametrize("case", of_raw("fleiss"), ids=names)
def test_fleiss_kappa(case):
    found = agreement.fleiss_kappa(counts_of(case))

    assert found.value == pytest.approx(case["fleiss"], abs=SIX)
    if "fleiss_se" in case:
        assert found.se == pytest.approx(case["fleiss_se"], abs=FIVE)


@pytest.mark.parametrize("case", of_raw("AC1"), ids=names)
def test_ac1_of_raw_verdicts(case):
    found = agreement.gwet_ac1(counts_of(case))

    assert found.value == pytest.approx(case["AC1"], abs=FIVE)
    assert found.se == pytest.approx(case["AC1_se"], abs=FIVE)
    assert [found.low, found.high] == pytest.approx(case["AC1_ci95_t"], abs=5 * FIVE)


def test_when_everybody_said_the_same_kappa_is_not_defined_and_says_so():
    table = table_of(TABLES["degenerate_all_exclude"])

    for found in (
        agreement.kappa(table),
        agreement.fleiss_kappa(items_of(table)),
        agreement.krippendorff_alpha(items_of(table)),
    ):
        assert found.value is None
        assert "only one category was used" in found.note
    assert agreement.percent_agreement(table).value == 1
    assert agreement.ac1(table).value == 1
    assert agreement.pabak(table).value == 1
