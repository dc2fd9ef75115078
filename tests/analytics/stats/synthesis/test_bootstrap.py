"""The cluster bootstrap: seeded, by study, quick."""

import numpy as np
import pytest

from analytics.stats.synthesis.bootstrap import Statistic, cluster_bootstrap

VALUES = np.array([1.0, 2.0, 4.0, 8.0, 3.0, 5.0])
STUDIES = np.array([0, 0, 1, 1, 2, 3])


@pytest.mark.parametrize("statistic", list(Statistic))
def test_the_same_seed_gives_the_same_interval_whatever_the_order(statistic):
    order = np.array([5, 3, 1, 0, 2, 4])
    renamed = np.array([2, 2, 0, 0, 3, 1])
    here = cluster_bootstrap(VALUES, STUDIES, statistic, seed=7)
    there = cluster_bootstrap(VALUES[order], renamed[order], statistic, seed=7)
    assert here == there
    assert here.low <= here.estimate <= here.high


def test_another_seed_gives_another_interval_close_by():
    here = cluster_bootstrap(VALUES, STUDIES, seed=1)
    there = cluster_bootstrap(VALUES, STUDIES, seed=2)
    assert here.low == pytest.approx(there.low, abs=0.2)


def test_the_estimates_are_the_plain_mean_and_median():
    assert cluster_bootstrap(VALUES, STUDIES).estimate == pytest.approx(VALUES.mean())
    median = cluster_bootstrap(VALUES, STUDIES, Statistic.MEDIAN)
    assert median.estimate == pytest.approx(np.median(VALUES))


def test_medians_equal_numpy_on_every_draw():
    rng = np.random.default_rng(3)
    values, owners = rng.normal(size=31), np.arange(31) % 7
    found = cluster_bootstrap(values, owners, Statistic.MEDIAN, draws=200, seed=9)
    content = [tuple(np.sort(values[owners == g])) for g in range(7)]
    ordered = sorted(content)
    drawn = np.random.default_rng(9).integers(0, 7, size=(200, 7), dtype=np.int32)
    slow = [np.median(np.concatenate([ordered[g] for g in row])) for row in drawn]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(slow, [0.025, 0.975])))


def test_copies_inside_a_study_do_not_narrow_the_interval():
    single = cluster_bootstrap(np.array([1.0, 2.0, 4.0, 8.0]), np.arange(4), seed=5)
    copied = cluster_bootstrap(
        np.repeat([1.0, 2.0, 4.0, 8.0], 9), np.repeat(np.arange(4), 9), seed=5
    )
    assert (copied.low, copied.high) == pytest.approx((single.low, single.high))


@pytest.mark.parametrize(
    ("values", "studies", "draws", "words"),
    [
        (VALUES, np.zeros(6, dtype=np.int64), 1000, "cannot be resampled"),
        (VALUES, STUDIES, 10, "at least 100"),
        (np.full(6, np.nan), STUDIES, 1000, "finite"),
        (np.empty(0), np.empty(0, dtype=np.int64), 1000, "cannot be resampled"),
    ],
)
def test_what_cannot_be_resampled_is_refused(values, studies, draws, words):
    with pytest.raises(ValueError, match=words):
        cluster_bootstrap(values, studies, draws=draws)
