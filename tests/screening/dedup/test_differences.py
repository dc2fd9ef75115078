"""Marked differences give both texts back."""

from hypothesis import given
from hypothesis import strategies as st

from screening.dedup.differences import mark_differences


def test_only_the_words_of_one_are_marked():
    left, right = mark_differences("MoCo-CXR: Pretraining helps", "pretraining HELPS much")
    assert left == [("MoCo-CXR:", True), ("Pretraining helps", False)]
    assert right == [("pretraining HELPS", False), ("much", True)]


@given(st.text(), st.text())
def test_the_pieces_give_the_words_back(one, two):
    left, right = mark_differences(one, two)
    assert " ".join(piece.text for piece in left) == " ".join(one.split())
    assert " ".join(piece.text for piece in right) == " ".join(two.split())
