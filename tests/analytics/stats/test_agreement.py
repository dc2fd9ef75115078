import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from analytics.stats.agreement import (
    LINEAR,
    QUADRATIC,
    ac1,
    counts_of,
    fleiss_kappa,
    gwet_ac1,
    kappa,
    krippendorff_alpha,
    pabak,
    percent_agreement,
    specific_agreement,
    table_of,
)

OF_TABLES = [percent_agreement, kappa, pabak, ac1]
OF_COUNTS = [fleiss_kappa, gwet_ac1, krippendorff_alpha]
tables = st.integers(2, 4).flatmap(
    lambda q: st.lists(
        st.lists(st.integers(0, 30), min_size=q, max_size=q), min_size=q, max_size=q
    ).map(lambda rows: np.array(rows, dtype=float))
)
verdicts = st.sampled_from(["include", "exclude", "maybe", None])
items = st.lists(st.lists(verdicts, min_size=1, max_size=4), min_size=1, max_size=15)
CATEGORIES = ["include", "maybe", "exclude"]


def same(one, other):
    if one.value is None or other.value is None:
        return one.value is other.value and one.note == other.note
    return one.value == pytest.approx(other.value) and (one.se or 0) == pytest.approx(
        other.se or 0, abs=1e-9
    )


@pytest.mark.parametrize("coefficient", OF_TABLES)
@given(table=tables)
def test_the_order_of_two_raters_does_not_matter(coefficient, table):
    assert same(coefficient(table), coefficient(table.T))


@pytest.mark.parametrize("coefficient", OF_TABLES)
@given(table=tables)
def test_no_coefficient_is_above_one_and_its_interval_holds_it(coefficient, table):
    found = coefficient(table)

    if found.is_defined:
        assert found.value <= 1 + 1e-9
        if found.low is not None:
            assert found.low - 1e-9 <= max(found.value, -1) <= found.high + 1e-9
    else:
        assert found.note.startswith("not defined")


@pytest.mark.parametrize("coefficient", OF_COUNTS)
@given(rated=items, data=st.data())
def test_the_order_of_raters_and_items_does_not_matter(coefficient, rated, data):
    shuffled = [data.draw(st.permutations(item)) for item in data.draw(st.permutations(rated))]

    assert same(
        coefficient(counts_of(rated, CATEGORIES)), coefficient(counts_of(shuffled, CATEGORIES))
    )


@pytest.mark.parametrize("coefficient", OF_COUNTS)
@given(rated=items)
def test_many_raters_give_a_number_or_say_why_not(coefficient, rated):
    found = coefficient(counts_of(rated, CATEGORIES))

    assert found.is_defined != bool(found.note)
    if found.is_defined:
        assert found.value <= 1 + 1e-9
        assert np.isfinite([found.value, found.se or 0, found.low or 0, found.high or 0]).all()


@pytest.mark.parametrize(
    ("weights", "name"), [("", None), (LINEAR, "linear"), (QUADRATIC, "quadratic")]
)
@given(table=tables)
def test_kappa_agrees_with_statsmodels(weights, name, table):
    table = table + 1  # theirs warns on empty margins
    found = kappa(table, weights)
    theirs = cohens_kappa(table, wt=name)

    assert found.value == pytest.approx(theirs.kappa, abs=1e-9)
    assert found.se == pytest.approx(np.sqrt(max(theirs.var_kappa, 0)), abs=1e-6)


def test_kappa_has_no_interval_when_one_person_gave_one_answer_only():
    """The variance is 0 then, which would tell that kappa is known exactly."""
    found = kappa(np.array([[4.0, 2], [0, 0]]))
    assert (found.value, found.se, found.low, found.high) == (0, None, None, None)
    assert "only one answer" in found.note
    assert kappa(np.array([[4.0, 2], [0, 1]])).low is not None


def test_the_screening_case_needs_more_than_kappa():
    table = np.array([[118.0, 5], [2, 0]])

    assert percent_agreement(table).value == pytest.approx(0.944)
    assert kappa(table).value == pytest.approx(-0.023, abs=5e-4)
    assert ac1(table).value == pytest.approx(0.941, abs=5e-4)
    assert specific_agreement(table, 0) == pytest.approx(2 * 118 / 243)
    assert specific_agreement(table, 1) == 0


def test_nobody_used_the_category():
    assert specific_agreement(np.array([[10.0, 0], [0, 0]]), 1) is None


@pytest.mark.parametrize("coefficient", OF_TABLES)
def test_without_items_nothing_is_defined(coefficient):
    assert "nothing was rated" in coefficient(np.zeros((2, 2))).note


@pytest.mark.parametrize("coefficient", OF_COUNTS)
def test_items_with_one_verdict_say_nothing_about_agreement(coefficient):
    assert "nothing was rated" in coefficient(counts_of([["include"], [None]], CATEGORIES)).note


@pytest.mark.parametrize("coefficient", OF_COUNTS)
def test_one_item_gives_a_value_without_interval(coefficient):
    found = coefficient(counts_of([["include", "exclude"]], CATEGORIES))

    assert found.is_defined
    assert found.se is None


def test_one_item_gives_ac1_without_interval():
    assert ac1(np.array([[1.0, 0], [0, 0]])).se is None


def test_verdicts_are_counted_by_their_place():
    table = table_of(["include", "exclude"], ["include", "maybe"], CATEGORIES)

    assert table.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: table_of(["a"], [], ["a", "b"]), "1 verdicts stand against 0"),
        (lambda: table_of(["x"], ["a"], ["a", "b"]), "'x' and 'a' must both be among"),
        (lambda: counts_of([["x"]], ["a", "b"]), "'x' is not among"),
        (lambda: kappa(np.zeros((2, 3))), "square"),
        (lambda: kappa(np.zeros(4)), "square"),
        (lambda: kappa(np.zeros((1, 1))), "2 categories"),
        (lambda: kappa(np.array([[-1.0, 2], [0, 0]])), "holds counts, not -1"),
        (lambda: kappa(np.ones((2, 2)), "cubic"), "not 'cubic'"),
        (lambda: fleiss_kappa(np.zeros((3, 1))), "2 categories"),
        (lambda: gwet_ac1(np.array([[-1.0, 2]])), "cannot be -1"),
    ],
)
def test_what_is_no_table_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
