"""Regular expressions of people: found where they fit, refused when wrong, never running away."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.rules.highlights import Piece, marked
from screening.rules.patterns import bounded


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("/self.?supervis(ed|ion)/", "by Self-supervision of", "Self-supervision"),
        ("/AUC|AUROC/", "an AUROC of 0.9", "AUROC"),
        (r"/\d+ ?%/", "at 10 % of labels", "10 %"),
        (r"/(?:[A-Z]{2}-)+Net/", "the CT-MR-Net here", "CT-MR-Net"),
        (r"/[*+]{2}/", "a ** b", "**"),
        (r"/x\*/", "x*y", "x*"),
    ],
)
def test_an_expression_is_found_where_it_fits(pattern, text, found):
    pieces = [piece for piece in marked(text, [("neutral", pattern)]) if piece.kind]
    assert pieces == [Piece(found, "neutral")]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a+)+b", "several ways"),
        ("(a|aa)+b", "several ways"),
        ("(a?){30}b", "several ways"),
        ("(x(a|b))+", "several ways"),
        (".*.*.*x", "too many repeats"),
        ("a{500}", "more than 60"),
        (r"(a)\1", "refers back"),
        ("(?P<t0>a)", "names a group"),
        ("(?i)a", "sets flags"),
        ("(a", "cannot be read"),
        ("a)", "cannot be read"),
        ("[a", "cannot be read"),
        ("a*", "nothing at all"),
    ],
)
def test_what_is_wrong_or_could_run_away_is_refused_with_its_reason(pattern, why):
    with pytest.raises(ValueError, match=why):
        bounded(pattern)
    assert marked("aaa", [("include", f"/{pattern}/")]) == [Piece("aaa")]


@given(st.text(alphabet="a(|)*+?{2,}[]\\.^x", max_size=14))
def test_whatever_is_written_is_bounded_or_refused_and_never_runs_away(pattern):
    text = "a" * 3000
    started = time.process_time()
    assert "".join(piece.text for piece in marked(text, [("include", f"/{pattern}x/")])) == text
    assert time.process_time() - started < 5
