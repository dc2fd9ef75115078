"""Vectors: scikit-learn's numbers, extension without refit, kept as bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from screening.ranking import Vectors, fit_vectors, record_text
from tests.screening.ranking.topics import review

TEXTS = st.lists(
    st.lists(
        st.sampled_from(
            ["Deep", "deep", "LEARNING", "of", "x-ray", "images", "été", "3d", "the", "a"]
        ),
        max_size=9,
    ).map(" ".join),
    min_size=3,
    max_size=9,
)


def by_name(vectors):
    """The matrix as one dict of term -> weight per record."""
    found = []
    for row in range(len(vectors)):
        begin, end = vectors.matrix.indptr[row : row + 2]
        names = [vectors.vocabulary.name(term) for term in vectors.matrix.indices[begin:end]]
        found.append(dict(zip(names, vectors.matrix.data[begin:end].tolist(), strict=True)))
    return found


def sklearn_by_name(texts, min_records):
    """scikit-learn's vectors over all terms, of which those in enough records are kept."""
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95)
    matrix = vectorizer.fit_transform(texts)
    names = vectorizer.get_feature_names_out()
    records_with = matrix.getnnz(axis=0)
    return [
        {
            str(names[term]): weight
            for term, weight in zip(matrix[row].indices, matrix[row].data, strict=True)
            if records_with[term] >= min_records
        }
        for row in range(len(texts))
    ]


@pytest.mark.parametrize("min_records", [1, 2])
def test_the_numbers_are_those_of_scikit_learn(min_records):
    ids, texts, _ = review(40)
    expected = sklearn_by_name(texts, min_records)

    found = by_name(fit_vectors(ids, texts, min_records=min_records))

    assert [set(row) for row in found] == [set(row) for row in expected]
    for ours, theirs in zip(found, expected, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-6)


@given(texts=TEXTS)
def test_any_texts_are_counted_as_scikit_learn_counts_them(texts):
    found = by_name(fit_vectors(range(len(texts)), texts))
    try:
        expected = sklearn_by_name(texts, 2)
    except ValueError:  # scikit-learn refuses an empty vocabulary
        expected = [{} for _ in texts]

    assert found == [pytest.approx(row, abs=1e-6) for row in expected]


@given(texts=TEXTS, turned=st.randoms(use_true_random=False))
def test_a_record_has_the_same_vector_wherever_it_stands(texts, turned):
    places = list(range(len(texts)))
    turned.shuffle(places)

    straight = fit_vectors(range(len(texts)), texts)
    shuffled = fit_vectors(places, [texts[place] for place in places])

    assert shuffled.vocabulary.words == straight.vocabulary.words
    assert (shuffled.vocabulary.first == straight.vocabulary.first).all()
    rows = shuffled.rows_of(range(len(texts)))
    assert (shuffled.matrix[rows].toarray() == straight.matrix.toarray()).all()


def test_new_records_take_the_known_terms_and_change_no_old_row():
    ids, texts, _ = review(40)
    vectors = fit_vectors(ids[:30], texts[:30])

    longer = vectors.extended(ids[30:], [f"{text} zebrafish" for text in texts[30:]])

    assert (longer.matrix[:30].toarray() == vectors.matrix.toarray()).all()
    assert "zebrafish" not in longer.vocabulary.words
    assert longer.matrix[30:].toarray().sum() > 0
    assert longer.share_since_fit == 0.25
    assert longer.needs_refit
    assert not vectors.needs_refit
    assert longer.fingerprint != vectors.fingerprint


def test_words_that_are_new_count_in_the_length_and_frequent_ones_do_not():
    ids, texts, _ = review(40)
    texts = [f"{text} ubiquitous" for text in texts]
    vectors = fit_vectors(ids, texts)
    assert "ubiquitous" in vectors.vocabulary.frequent

    longer = vectors.extended(
        [1, 2, 3], [texts[0], f"{texts[0]} zebrafish", f"ubiquitous {texts[0]}"]
    )

    lengths = np.sqrt((longer.matrix[[40, 41]].toarray() ** 2).sum(axis=1))
    assert lengths[1] < lengths[0] <= 1
    assert longer.alone[41] > longer.alone[40]


def test_only_terms_of_one_record_can_be_left_out():
    with pytest.raises(ValueError, match="min_records is 3"):
        fit_vectors([1], ["one"], min_records=3)


def test_records_of_the_fit_get_the_same_vector_when_they_come_again():
    ids, texts, _ = review(40)
    vectors = fit_vectors(ids, texts)

    again = vectors.extended([1, 2], [texts[0], texts[7]])

    assert (again.matrix[[40, 41]].toarray() == vectors.matrix[[0, 7]].toarray()).all()


def test_vectors_come_back_from_their_bytes():
    ids, texts, _ = review(40)
    vectors = fit_vectors(ids[:35], texts[:35]).extended(ids[35:], texts[35:])

    again = Vectors.from_bytes(vectors.to_bytes())

    assert by_name(again) == by_name(vectors)
    assert again.ids.tolist() == ids
    assert (again.fitted, again.fingerprint) == (35, vectors.fingerprint)
    assert again.matrix.dtype == np.float32
    assert again.vocabulary.name(0) == vectors.vocabulary.name(0)


@pytest.mark.parametrize("kept", [b"", b"nothing of the kind"])
def test_bytes_that_hold_no_vectors_are_refused(kept):
    with pytest.raises(ValueError, match="hold no vectors"):
        Vectors.from_bytes(kept)


def test_vectors_of_another_format_are_refused(monkeypatch):
    ids, texts, _ = review(8)
    monkeypatch.setattr("screening.ranking.vectors.FORMAT", "screening-vectors-0")
    kept = fit_vectors(ids, texts).to_bytes()
    monkeypatch.undo()

    with pytest.raises(ValueError, match="screening-vectors-0"):
        Vectors.from_bytes(kept)


def test_an_empty_review_and_records_without_text_have_empty_vectors():
    empty = fit_vectors([], [])
    silent = fit_vectors([1, 2, 3], ["", "", ""])

    assert len(Vectors.from_bytes(empty.to_bytes())) == 0
    assert empty.share_since_fit == 0
    assert silent.matrix.shape == (3, 0)
    assert silent.extended([4], ["words"]).matrix.shape == (4, 0)


def test_a_record_given_twice_or_without_text_or_unknown_is_named():
    with pytest.raises(ValueError, match="Record 7 is there twice"):
        fit_vectors([7, 7], ["one", "two"])
    with pytest.raises(ValueError, match="1 ids were given with 2 texts"):
        fit_vectors([7], ["one", "two"])
    with pytest.raises(ValueError, match="Record 7 is there twice"):
        fit_vectors([7], ["one"]).extended([7], ["one"])
    with pytest.raises(ValueError, match="Record 9 is not among"):
        fit_vectors([7], ["one"]).rows_of([7, 9])
    with pytest.raises(ValueError, match="Record 9 is not among"):
        fit_vectors([], []).rows_of([9])


def test_texts_too_many_for_one_vocabulary_are_refused(monkeypatch):
    monkeypatch.setattr("screening.ranking.vocabulary.MOST_CELLS", 10)

    with pytest.raises(ValueError, match="2 texts with 3 words are too many"):
        fit_vectors([1, 2], ["one two", "two three"])


def test_the_text_of_a_record_is_title_and_abstract():
    assert record_text("Title", "And abstract.") == "Title And abstract."
    assert record_text(None, "Abstract") == "Abstract"
    assert record_text("", None) == ""
