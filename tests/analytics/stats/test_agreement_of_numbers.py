import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.stats.agreement import differences_of, intraclass

# Shrout and Fleiss 1979, Psychol Bull 86:420, table 2: 6 targets, 4 judges.
TARGETS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Bland and Altman 1986, Lancet 1:307, table 1: peak flow, large meter, twice (l/min).
FIRST = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
SECOND = [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421]


def test_the_printed_intraclass_correlation_comes_out():
    found = intraclass(TARGETS)
    assert found.value == pytest.approx(0.17, abs=0.005)
    assert (found.low, found.high) == pytest.approx((-0.133, 0.723), abs=1e-3)


def test_the_printed_repeatability_comes_out():
    """The paper takes twice the standard deviation: 43.2."""
    found = differences_of(list(zip(FIRST, SECOND, strict=True)))
    assert found.limit / 1.96 * 2 == pytest.approx(43.2, abs=0.15)
    assert found.n == 17


@pytest.mark.parametrize(
    ("ratings", "note"), [([], "nothing"), ([[1, 2]], "one item"), ([[1, 1], [1, 1]], "same")]
)
def test_what_is_not_defined_says_why(ratings, note):
    assert note in intraclass(ratings).note
    assert intraclass(ratings).value is None


def test_equal_pairs_agree_wholly():
    assert intraclass([[1, 1], [2, 2]]).value == 1
    assert differences_of([(1, 1), (2, 2)]).limit == 0
    assert differences_of([]) is None


@pytest.mark.parametrize("ratings", [[[1], [2]], [[1, math.nan], [2, 3]]])
def test_ratings_of_another_shape_are_refused(ratings):
    with pytest.raises(ValueError, match=r"shape|finite"):
        intraclass(ratings)
    with pytest.raises(ValueError, match="finite"):
        differences_of([(1.0, math.inf)])


NUMBERS = st.floats(-100, 100).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.booleans()), min_size=3, max_size=20))
def test_who_is_called_a_changes_nothing(rows):
    pairs = [(a, b) for a, b, _ in rows]
    turned = [(b, a) if turn else (a, b) for a, b, turn in rows]
    one, other = intraclass(pairs), intraclass(turned)
    assert one.value == pytest.approx(other.value)
    assert one.value is None or -1 <= one.value <= 1
    assert differences_of(pairs).limit == pytest.approx(differences_of(turned).limit)
