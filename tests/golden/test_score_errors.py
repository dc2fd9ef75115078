"""Published standard errors and intervals.

Sources: tests of the R package auctestr 1.0.0 (Hanley & McNeil 1982); Newcombe 1998, Stat Med
17:857 table I (Wilson) and 17:873 table II (difference, method 10).
"""

import pytest

from analytics.stats.synthesis.errors import newcombe_difference, se_auroc, wilson_interval


@pytest.mark.parametrize(
    ("auroc", "positives", "negatives", "expected"),
    [
        (0.75, 20, 200, 0.0649828274),
        (0.75, 110, 110, 0.0328204841),
        (0.75, 20, 20, 0.0778907202),
    ],
)
def test_hanley_mcneil(auroc, positives, negatives, expected):
    assert se_auroc(auroc, positives, negatives) == pytest.approx(expected, abs=5e-11)


@pytest.mark.parametrize(
    ("events", "n", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson(events, n, expected):
    assert wilson_interval(events, n) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("events", "n", "other", "other_n", "expected"),
    [
        (56, 70, 48, 80, (0.0524, 0.3339)),
        (9, 10, 3, 10, (0.1705, 0.8090)),
        (6, 7, 2, 7, (0.0582, 0.8062)),
        (5, 56, 0, 29, (-0.0381, 0.1926)),
    ],
)
def test_newcombe_difference(events, n, other, other_n, expected):
    assert newcombe_difference(events, n, other, other_n) == pytest.approx(expected, abs=5e-5)
