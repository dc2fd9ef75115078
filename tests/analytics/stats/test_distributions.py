import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.stats import distributions

shares = st.floats(0.001, 0.999)
degrees = st.floats(1, 500)
statistics = st.floats(0, 30)


@given(shares, degrees)
def test_quantiles_are_those_of_the_reference(share, df):
    middle = (1 + share) / 2
    assert distributions.central_quantile(share) == pytest.approx(stats.norm.ppf(middle))
    assert distributions.central_quantile(share, df) == pytest.approx(stats.t.ppf(middle, df))
    assert distributions.chi2_quantile(share, df) == pytest.approx(stats.chi2.ppf(share, df))


@given(statistics, degrees)
def test_tails_are_those_of_the_reference(statistic, df):
    assert distributions.two_sided_p(-statistic) == pytest.approx(2 * stats.norm.sf(statistic))
    assert distributions.two_sided_p(statistic, df) == pytest.approx(2 * stats.t.sf(statistic, df))
    assert distributions.chi2_tail(statistic, df) == pytest.approx(stats.chi2.sf(statistic, df))


def test_the_two_numbers_everybody_knows():
    assert distributions.central_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert distributions.two_sided_p(1.959964) == pytest.approx(0.05, abs=1e-7)
