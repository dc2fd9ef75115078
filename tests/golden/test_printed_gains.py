"""A printed gain of the seed paper: Huang et al. 2023, npj Digital Medicine 6:74, Results."""

import pytest

from analytics.stats.gains import gain


def test_the_smallest_relative_gain_of_the_paper_is_reproduced():
    found = gain(0.8348, 0.8330)  # study 58, AUROC
    assert found.relative == pytest.approx(0.216, abs=5e-4)
    assert found.absolute == pytest.approx(0.18)
    assert found.error_reduction == pytest.approx(100 * 0.0018 / 0.167)
