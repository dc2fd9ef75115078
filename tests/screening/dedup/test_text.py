"""Two spellings of one text fold to the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.dedup.text import fold, repair


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Sj&ouml;gren&amp;#39;s syndrome", "Sjögren's syndrome"),
        ("α-synuclein and β-cells", "alpha-synuclein and beta-cells"),
        ("ApoE<sup>-/-</sup> mice", "ApoE-/- mice"),
        ("SjÃ¶gren", "Sjögren"),
        ("GLUCAGON–LIKE PEPTIDE", "Glucagon-like peptide"),
        ("Straße nach Łódź", "Strasse nach Lodz"),
        ("1,000 women", "1000 women"),
    ],
)
def test_spellings_of_one_text_agree(one, two):
    assert fold(one) == fold(two)


def test_a_text_in_another_script_keeps_its_letters():
    assert fold("深度学习 在 医学") == "深度学习 在 医学"


def test_damage_that_cannot_be_undone_stays():
    assert repair("Ã¶ and 中") == "Ã¶ and 中"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
