import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema.comparing import (
    Answer,
    CellState,
    common_scale,
    compare_cells,
    meaning_of,
)
from extraction.schema.fields import Field, FieldType, Unit
from tests.extraction.schema.builders import number, text


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
        ("100%", "100 %", CellState.SAME),
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


WORDS = st.sampled_from(["x", "X ", "y"]).map(Answer) | st.none()


@given(WORDS, WORDS)
def test_same_means_the_same_both_ways(a, b):
    turned = {CellState.ONLY_A: CellState.ONLY_B, CellState.ONLY_B: CellState.ONLY_A}
    state = compare_cells(text("a"), a, b)
    assert compare_cells(text("a"), b, a) is turned.get(state, state)
    if a is not None and b is not None:
        assert (state is CellState.SAME) == (meaning_of(text("a"), a) == meaning_of(text("a"), b))
