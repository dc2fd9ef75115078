"""Words and quotes are found whatever the page made of them; a changed number never is."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extraction.reading.finding import find_quote, find_words
from extraction.reading.folding import fold, fold_text, squeeze, squeezed_text

QUOTE = "The contrastive model reached an AUROC of 0.885 on the held-out test set."
OTHER = "An unrelated page about something else, with 12 numbers."


def words(query, text):
    return [text[start:end] for start, end in find_words(query, text)]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("classification", "image classi\ufffefication here"),
        ("classification", "image classi-\nfication here"),
        ("efficient", "an e\ufb03cient way"),
        ("label fraction", "the label\nfraction of 1%"),
        ("pre training", "with pre-training"),
        ("pre-training", "with pre training"),
        ("self-supervised", "self\ufffesupervised"),
        ("0.90–0.95", "(0.90-0.95)"),
        ("MoCo", "MOCO"),
    ],
)
def test_words_are_found_across_line_ends_hyphens_and_ligatures(query, text):
    assert len(words(query, text)) == 1


def test_every_place_is_found_in_order():
    assert words("auc", "AUC here, auc\nthere and Auc") == ["AUC", "auc", "Auc"]


@pytest.mark.parametrize(
    ("query", "text"), [("ear", "the area"), (" ", "a b"), ("", "a"), ("0.88", "0,88")]
)
def test_what_is_not_there_is_not_found(query, text):
    assert words(query, text) == []


def test_a_regular_expression_is_only_words():
    assert words("a.c (x", "abc (x a.c (x") == ["a.c (x"]


@pytest.mark.parametrize(
    "page",
    [
        QUOTE,
        "The contras-\ntive model reached\nan AUROC  of 0.885 on the held-\nout test set .",
        "The contras\ufffetive model reached an AUROC of 0.885 on the held\ufffeout test set.",
        QUOTE.upper(),
        QUOTE.replace("reached an", "reached the"),
        "Before it. " + QUOTE + " After it, 77.",
    ],
)
def test_a_quote_is_found_again_where_the_page_is_set_anew(page):
    found = find_quote(QUOTE, {3: OTHER, 4: page}, near=3)
    assert found is not None
    assert found.page == 4
    assert "0.885" in page[found.start : found.end]


@pytest.mark.parametrize(
    "page",
    [
        QUOTE.replace("0.885", "0.855"),
        QUOTE.replace("0.885", "0.8851"),
        QUOTE.replace("0.885", "8.85"),
        QUOTE.replace("0.885", "high"),
        OTHER,
        "",
    ],
)
def test_another_number_is_another_statement(page):
    assert find_quote(QUOTE, {1: page}) is None


def test_a_short_quote_is_found_exactly_or_not_at_all():
    assert find_quote("MoCo v2", {1: "we use MoCo v2 here"}) is not None
    assert find_quote("MoCo v2", {1: "we use MoCe v2 here"}) is None
    assert find_quote("…", {1: "…"}) is None


def test_the_nearest_page_is_taken():
    found = find_quote(QUOTE, {1: QUOTE, 5: QUOTE, 6: QUOTE}, near=4)
    assert found is not None
    assert found.page == 5


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60)


@given(LETTERS)
def test_folding_keeps_every_place_in_the_original(text):
    for folded in (fold(text), squeeze(fold(text))):
        assert len(folded.text) == len(folded.places)
        assert list(folded.places) == sorted(folded.places)
        assert all(0 <= place < len(text) for place in folded.places)
    assert fold_text(text) == fold(text).text
    assert squeezed_text(text) == squeeze(fold(text)).text


@given(
    st.lists(
        st.from_regex(r"[a-z]{2,9}|[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True), min_size=5, max_size=12
    ),
    st.data(),
)
def test_any_setting_of_a_quote_is_found_and_any_other_number_is_not(parts, data):
    quote = " ".join(parts)
    assume(any(part[0].isdigit() for part in parts))
    blanks = data.draw(
        st.lists(st.sampled_from([" ", "\n", "  "]), min_size=len(parts), max_size=len(parts))
    )
    page = "".join(part + blank for part, blank in zip(parts, blanks, strict=True))
    assert find_quote(quote, {1: page}) is not None
    changed = [
        part[:-1] + str((int(part[-1]) + 1) % 10) if part[0].isdigit() else part for part in parts
    ]
    assert find_quote(quote, {1: " ".join(changed)}) is None
