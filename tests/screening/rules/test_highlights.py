"""Finds the words to highlight in a text: three lists, patterns with wildcards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.rules.highlights import Piece, counted, marked

words = st.text(alphabet="abc -*?.", max_size=12)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("contrastive", "A contrastive loss", "contrastive"),
        ("CT", "CT, not octet", "CT"),
        ("self-supervis*", "Self-Supervised models", "Self-Supervised"),
        ("self supervised", "self-supervised", "self-supervised"),
        ("colo?r", "colour", "colour"),
        ("label fraction", "a label  fraction of 10 %", "label  fraction"),
        ("1 %", "at 1 % of labels", "1 %"),
    ],
)
def test_a_pattern_is_found_as_whole_words(pattern, text, found):
    pieces = [piece for piece in marked(text, [("include", pattern)]) if piece.kind]
    assert pieces == [Piece(found, "include")]


@pytest.mark.parametrize("pattern", ["", "*", "? *", "  "])
def test_a_pattern_of_nothing_finds_nothing(pattern):
    assert marked("some text", [("include", pattern)]) == [Piece("some text")]


def test_the_longer_pattern_wins():
    pieces = marked("self-supervised", [("neutral", "self*"), ("include", "self-supervised")])
    assert pieces == [Piece("self-supervised", "include")]


def test_an_empty_text_has_no_pieces():
    assert marked("", [("include", "a")]) == []
    assert marked("", []) == []


def test_pieces_are_counted_by_list():
    pieces = marked("x-ray and x-ray or ct", [("neutral", "x-ray"), ("exclude", "ct")])
    assert counted(pieces) == {"neutral": 2, "exclude": 1}


@given(text=words, terms=st.lists(st.tuples(st.sampled_from(["include", "exclude"]), words)))
def test_the_pieces_joined_are_the_text(text, terms):
    pieces = marked(text, terms)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
