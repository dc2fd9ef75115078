"""Sentences, rows of tables, the words of a page as text, and the place that is guessed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.reading.places import Place, place_of
from extraction.reading.sentences import is_row, sentences
from extraction.reading.sheet import sheet_of
from screening.pdfs import Word

PAGE = """Abstract
We pre-train on radiographs, i.e. chest X-rays. The AUROC was 0.885 (95% CI
0.87-0.90). Smith et al. reported less.
1 Introduction
Labels are scarce. See Fig. 2 for more.
Table 2: AUROC by label fraction.
MoCo 0.885 0.901 0.912
Supervised 0.801 0.850 0.890
Figure 3: Gain over the baseline
for each fraction.
"""


def split(text):
    return [" ".join(text[start:end].split()) for start, end in sentences(text)]


def test_sentences_end_where_they_end():
    assert split(PAGE)[:4] == [
        "Abstract",
        "We pre-train on radiographs, i.e. chest X-rays.",
        "The AUROC was 0.885 (95% CI 0.87-0.90).",
        "Smith et al. reported less.",
    ]


def test_a_row_of_a_table_stands_for_itself():
    assert "MoCo 0.885 0.901 0.912" in split(PAGE)
    assert is_row("ResNet-50 91.4 ± 0.3 92.0")
    assert not is_row("We used 5 GPUs for 3 days in all of the 7 experiments here")


@given(st.text("abc .!?A1\n", max_size=80))
def test_sentences_are_in_order_and_lose_no_letter(text):
    spans = list(sentences(text))
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@pytest.mark.parametrize(
    ("passage", "place"),
    [
        ("The AUROC was", Place.ABSTRACT),
        ("Labels are scarce", Place.TEXT),
        ("MoCo 0.885", Place.TABLE),
        ("Supervised 0.801", Place.TABLE),
        ("Table 2: AUROC", Place.TABLE),
        ("Figure 3: Gain", Place.FIGURE),
        ("for each fraction.", Place.FIGURE),
    ],
)
def test_the_place_is_guessed_from_the_lines_around(passage, place):
    start = PAGE.index(passage)
    assert place_of({1: PAGE}, 1, start, start + len(passage)) == place


def test_after_the_supplements_heading_all_is_supplement():
    pages = {1: PAGE, 8: "Supplementary material\nMore rows.", 9: "Deeper still."}
    assert place_of(pages, 9, 0, 6) == Place.SUPPLEMENT
    assert place_of(pages, 8, 23, 30) == Place.SUPPLEMENT


def word(text, left, top, *, is_cut=False):
    return Word(text, left, top, left + 0.1, top + 0.02, is_cut)


def test_words_of_a_page_are_one_text_and_back():
    words = [
        word("We", 0.1, 0.1),
        word("classi-", 0.3, 0.1, is_cut=True),
        word("fy", 0.1, 0.13),
        word("it.", 0.3, 0.13),
    ]
    sheet = sheet_of(words)
    assert sheet.text == "We classi\u00adfy it."
    assert list(sheet.between(3, 12)) == [1, 2]
    first, second = sheet.boxes(range(1, 4))
    assert first == pytest.approx((0.3, 0.1, 0.4, 0.12))
    assert second == pytest.approx((0.1, 0.13, 0.4, 0.15))
    assert sheet_of([word("a", 0.1, 0.1), word("b", 0.1, 0.2)]).text == "a\nb"
