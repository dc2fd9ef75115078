"""Before anything is learnt: the question, known reports, and random records mixed in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.ranking import explored, fit_vectors, question_scores, rank
from tests.screening.ranking.topics import review

IDS = np.arange(100, 160)


def test_records_that_speak_of_the_question_come_first():
    ids, texts, labels = review()
    vectors = fit_vectors(ids, texts)

    values = question_scores(vectors, "Contrastive pretraining of radiographs, with few labels?")

    order = rank(vectors.ids, values).ids
    assert all(labels[record_id - 100] for record_id in order[:15].tolist())
    assert (values >= 0).all()


def test_a_known_report_speaks_for_its_like():
    ids, texts, labels = review()
    vectors = fit_vectors(ids, texts)

    values = question_scores(vectors, "", known_relevant=[texts[0]])

    order = rank(vectors.ids, values).ids
    assert all(labels[record_id - 100] for record_id in order[:15].tolist())


def test_known_reports_and_the_question_both_count():
    vectors = fit_vectors(
        range(6), ["cats fur", "cats fur", "dogs bark", "dogs bark", "fog", "fog"]
    )

    values = question_scores(vectors, "cats", known_relevant=["dogs bark"])

    assert (values[:4] > 0).all()
    assert (values[4:] == 0).all()


def test_the_value_is_that_of_the_formula():
    vectors = fit_vectors([1, 2, 3, 4], ["fur fur claw", "fur claw", "fog dew", "fog dew"])

    values = question_scores(vectors, "fur")

    idf = np.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    lengths = np.array([3, 2]) / 2.25
    times = np.array([2, 1])
    expected = idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * lengths))
    assert values == pytest.approx([*expected, 0, 0])


@pytest.mark.parametrize("known", [[], ["nothing known"]])
def test_words_that_nobody_uses_order_nothing(known):
    ids, texts, _ = review(12)
    vectors = fit_vectors(ids, texts)

    values = question_scores(vectors, "zebrafish", known_relevant=known)

    assert not values.any()
    assert rank(vectors.ids, values).ids.tolist() == ids


def test_a_review_without_records_or_words_has_no_scores_to_speak_of():
    assert question_scores(fit_vectors([], []), "fur").tolist() == []
    assert question_scores(fit_vectors([1, 2], ["", ""]), "fur").tolist() == [0, 0]


@given(share=st.floats(0, 1), seed=st.integers(0, 2**31), place=st.integers(0, 10_000))
def test_mixing_keeps_every_record_once(share, seed, place):
    mixed = explored(IDS, share=share, seed=seed, place=place)

    assert sorted(mixed.tolist()) == IDS.tolist()
    assert (mixed == explored(IDS, share=share, seed=seed, place=place)).all()


def test_no_share_changes_nothing_and_a_whole_one_leaves_no_order():
    turned = IDS[::-1]

    assert (explored(turned, share=0, seed=1) == turned).all()
    assert (explored(turned, share=1, seed=1) == explored(IDS, share=1, seed=1)).all()
    assert (explored(IDS, share=1, seed=1) != explored(IDS, share=1, seed=2)).any()
    assert explored(IDS[:0], share=0.5, seed=1).tolist() == []


def test_over_a_whole_screening_the_share_is_kept():
    left, random = np.arange(4_000), 0
    for place in range(2_000):
        first = explored(left[:50], share=0.2, seed=7, place=place)[0]
        random += first != left[0]
        left = left[left != first]

    assert 0.17 < random / 2_000 < 0.23


def test_a_retraining_leaves_the_random_places_alone():
    one = explored(IDS, share=0.3, seed=7, place=5)
    two = explored(IDS[::-1], share=0.3, seed=7, place=5)

    assert (one == two).any()
    assert (one != two).any()


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_beyond_the_whole_is_refused(share):
    with pytest.raises(ValueError, match="must be from 0 to 1"):
        explored(IDS, share=share, seed=1)
