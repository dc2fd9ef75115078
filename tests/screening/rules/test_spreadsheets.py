import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.rules.spreadsheets import harmless


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "\rx", " =1", "＝1", "－a"]
)
def test_what_could_start_a_formula_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "0.942", "-0.5", "+3", "1e-3", "MoCo", "a=b", "98.46 %", "–"])
def test_numbers_and_plain_text_stay_as_they_are(text):
    assert harmless(text) == text


@given(st.text())
def test_nothing_is_lost(text):
    assert harmless(text).removeprefix("'") == text.removeprefix("'")
