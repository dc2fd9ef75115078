import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema.comparing import (
    Answer,
    CellState,
    common_scale,
    compare_cells,
    field_agreement,
)
from extraction.schema.fields import Field, FieldType, Unit
from tests.extraction.schema.builders import choice, number, text


@pytest.mark.parametrize(
    ("a", "b", "state"),
    [
        (("0.92", "fraction"), ("92", "percent"), CellState.SAME),
        (("0.90", "fraction"), ("0.9", "fraction"), CellState.SAME),
        (("0.92", "fraction"), ("0.93", "fraction"), CellState.DIFFERS),
        (("81-92", "percent"), ("81-92", "fraction"), CellState.DIFFERS),
    ],
)
def test_numbers_are_compared_on_one_scale(a, b, state):
    assert compare_cells(number(), Answer(*a), Answer(*b)) is state


@pytest.mark.parametrize(
    ("a", "b", "state"),
    [
        ("MoCo  v2", "moco v2", CellState.SAME),
        ("MoCo", "MoCo v2", CellState.DIFFERS),
        (("CT", "MRI"), ("mri", "ct"), CellState.SAME),
        (True, True, CellState.SAME),
        (True, False, CellState.DIFFERS),
    ],
)
def test_words_are_compared_without_case_blanks_and_order(a, b, state):
    assert compare_cells(text("a"), Answer(a), Answer(b)) is state


def test_an_answer_of_one_alone_is_named():
    assert compare_cells(text("a"), Answer("x"), None) is CellState.ONLY_A
    assert compare_cells(text("a"), None, Answer("x")) is CellState.ONLY_B
    assert compare_cells(text("a"), None, None) is CellState.EMPTY


def test_a_number_without_unit_is_itself():
    assert common_scale(Field("n", "N", FieldType.NUMBER), Answer("3")) == 3


def test_a_unit_without_scale_cannot_be_converted():
    field = Field("n", "N", FieldType.NUMBER, units=(Unit("mg"), Unit("ml")))
    assert common_scale(field, Answer("3", "mg")) is None


def test_agreement_counts_what_both_answered():
    cells = [(Answer("x"), Answer("x")), (Answer("x"), Answer("y")), (Answer("x"), None)]
    agreement = field_agreement(text("a"), [*cells, (None, None)])
    assert (agreement.both, agreement.same, agreement.only_one) == (2, 1, 1)
    assert agreement.percent == 50


def test_agreement_over_nothing_has_no_percentage():
    assert field_agreement(choice("a", "x"), []).percent is None


def test_kappa_of_a_known_table():
    """Cohen 1960's form: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no gives 0.4."""
    table = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    cells = [(Answer(a), Answer(b)) for (a, b), count in table.items() for _ in range(count)]
    agreement = field_agreement(choice("a", "yes", "no"), cells)
    assert agreement.percent == 70
    assert agreement.kappa == pytest.approx(0.4)


def test_kappa_is_not_defined_when_all_said_the_same():
    assert field_agreement(choice("a", "x"), [(Answer("x"), Answer("x"))]).kappa is None


def test_numbers_have_limits_of_agreement():
    cells = [
        (Answer("0.92", "fraction"), Answer("90", "percent")),
        (Answer("0.80", "fraction"), Answer("0.84", "fraction")),
    ]
    agreement = field_agreement(number(), cells)
    assert agreement.mean_difference == pytest.approx(-0.01)
    assert agreement.limits == pytest.approx((-0.0931557, 0.0731557), abs=1e-6)
    assert field_agreement(number(), cells[:1]).limits is None


WORDS = st.sampled_from(["x", "y", "z"]).map(Answer) | st.none()


@given(st.lists(st.tuples(WORDS, WORDS)))
def test_agreement_does_not_depend_on_who_is_a(cells):
    field = choice("a", "x", "y", "z")
    forth = field_agreement(field, cells)
    back = field_agreement(field, [(b, a) for a, b in cells])
    assert (forth.percent, forth.only_one) == (back.percent, back.only_one)
    assert forth.kappa == pytest.approx(back.kappa)
