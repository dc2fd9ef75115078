"""Sampling errors from what a form records, and nothing guessed where it records nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.frames import experiments_frame
from analytics.stats.gains import with_gains
from analytics.stats.sampling import with_correlation, with_sampling
from tests.analytics.seed import made_up_form, study, trial


def frame_of(*rows, r=0.0):
    return with_sampling(with_gains(experiments_frame([study(1, *rows)], made_up_form())), r)


def only(*rows, r=0.0):
    return frame_of(*rows, r=r).iloc[0]


def test_an_auroc_takes_its_error_from_cases_with_and_without_the_condition():
    """Hanley-McNeil of the tests of CRAN auctestr 1.0.0."""
    found = only(trial("t1", "75", "75", measure="AUROC", plots="220", ripe="20"))
    assert found["error_basis"] == "Hanley-McNeil"
    assert (found["arm_se"], found["other_se"]) == pytest.approx((0.0649828274,) * 2)


@pytest.mark.parametrize(
    ("measure", "n"), [("accuracy", 200), ("sensitivity", 50), ("specificity", 150)]
)
def test_a_share_is_binomial_over_the_cases_it_is_a_share_of(measure, n):
    found = only(trial("t1", "90", "80", measure=measure, plots="200", ripe="50"))
    assert found["error_basis"] == "binomial"
    assert found["arm_se"] == pytest.approx(math.sqrt(0.9 * 0.1 / n))
    assert found["other_se"] == pytest.approx(math.sqrt(0.8 * 0.2 / n))


def test_a_reported_interval_comes_first():
    ends = {"treated_low": "86", "treated_high": "94", "control_low": "75", "control_high": "85"}
    found = only(trial("t1", "90", "80", plots="200", **ends))
    assert found["error_basis"] == "reported interval"
    assert (found["arm_se"], found["other_se"]) == pytest.approx(
        (0.08 / 3.92, 0.1 / 3.92), abs=1e-5
    )


@pytest.mark.parametrize(
    "row",
    [
        trial("t1", "90", "80"),
        trial("t1", "90", "80", measure="F1", plots="200", ripe="20"),
        trial("t1", "90", "80", measure="precision", plots="200", ripe="20"),
        trial("t1", "90", "80", measure="AUROC", plots="200"),
        trial("t1", "90", "80", measure="AUROC", plots="200", ripe="200"),
        trial("t1", "90", "80", plots="about 200"),
        trial("t1", "90", "80", treated_low="86", treated_high="94"),
        trial("t1", "90", "80", treated_low="94", treated_high="86", control_low="1",
              control_high="2"),
        trial("t1", "100", "80", plots="200"),
        trial("t1", "90", "", plots="200"),
    ],
    ids=["nothing", "F1", "precision", "no positives", "no negatives", "words", "one arm",
         "turned around", "error of 0", "no pair"],
)  # fmt: skip
def test_without_what_it_needs_there_is_no_error(row):
    found = only(row)
    assert (found["error_basis"], found["gain_error"]) == ("", "not on record")
    assert math.isnan(found["log_variance"])
    assert math.isnan(found["difference_variance"])


def test_the_variances_follow_the_delta_method():
    found = only(trial("t1", "90", "80", plots="200"), r=0.5)
    a, b = math.sqrt(0.09 / 200), math.sqrt(0.16 / 200)
    log = (a / 0.9) ** 2 + (b / 0.8) ** 2 - 2 * 0.5 * a * b / 0.72
    assert found["log_variance"] == pytest.approx(log)
    assert found["difference_variance"] == pytest.approx(1e4 * (a**2 + b**2 - a * b))


@given(
    arm=st.integers(1, 99), other=st.integers(1, 99), n=st.integers(2, 5000),
    r=st.sampled_from([0.0, 0.25, 0.5, 0.9]),
)  # fmt: skip
def test_laws_of_the_variances(arm, other, n, r):
    """Swapping both values keeps the variances; a larger r never widens; r is applied once."""
    first = frame_of(trial("t1", str(arm), str(other), plots=str(n)), r=r)
    swapped = frame_of(trial("t1", str(other), str(arm), plots=str(n)), r=r)
    for name in ("log_variance", "difference_variance"):
        value = float(first[name].iloc[0])
        assert value == pytest.approx(float(swapped[name].iloc[0]))
        assert value <= float(with_correlation(first, 0.0)[name].iloc[0]) * (1 + 1e-12)
        again = with_correlation(with_correlation(first, 0.0), r)
        assert float(again[name].iloc[0]) == pytest.approx(value)


@pytest.mark.parametrize("r", [-0.1, 1.0])
def test_an_impossible_correlation_is_refused(r):
    frame = frame_of(trial("t1"))
    with pytest.raises(ValueError, match="correlation"):
        with_correlation(frame, r)
    with pytest.raises(ValueError, match="correlation"):
        frame_of(trial("t1"), r=r)
