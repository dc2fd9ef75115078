"""Training, scores, order and reasons: the minimum of the function, and laws of the order."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC

from screening.ranking import Example, explain, fit_vectors, rank, scores, train
from screening.ranking.examples import balanced, training_set
from tests.screening.ranking.topics import review, vectors_and_examples


def order_of(vectors, examples):
    return rank(vectors.ids, scores(vectors, train(vectors, examples))).ids.tolist()


@pytest.mark.parametrize("decided", [2, 5, 20, 59])
def test_the_minimum_is_that_of_scikit_learns_linear_svc_over_all_words(decided):
    ids, texts, labels = review()
    texts = [f"{text} own{place} seen" for place, text in enumerate(texts)]  # words of one record
    vectors = fit_vectors(ids, texts)
    given = training_set([Example(ids[n], labels[n]) for n in range(decided)])
    every = fit_vectors(ids, texts, min_records=1).matrix.astype(float)
    oracle = LinearSVC(C=0.11, loss="squared_hinge", random_state=0, tol=1e-10, max_iter=100_000)
    oracle.fit(every[:decided], given.signs, sample_weight=given.weights)

    model = train(vectors, [Example(ids[n], labels[n]) for n in range(decided)])

    assert len(model.weights) < every.shape[1]
    assert model.intercept == pytest.approx(oracle.intercept_[0], abs=2e-5)
    assert scores(vectors, model)[decided:] == pytest.approx(
        oracle.decision_function(every[decided:]), abs=5e-5
    )


def test_a_record_judged_both_ways_is_solved_as_scikit_learn_solves_it():
    ids, texts, labels = review()
    texts = [f"{text} own{place} seen" for place, text in enumerate(texts)]
    examples = [Example(ids[n], labels[n]) for n in range(1, 10)]
    examples += [Example(ids[0], True, 0.5), Example(ids[0], False, 0.5)]
    given = training_set(examples)
    every = fit_vectors(ids, texts, min_records=1).matrix.astype(float)
    oracle = LinearSVC(C=0.11, loss="squared_hinge", random_state=0, tol=1e-10, max_iter=100_000)
    oracle.fit(every[given.ids - 100], given.signs, sample_weight=given.weights)
    vectors = fit_vectors(ids, texts)

    found = scores(vectors, train(vectors, examples))

    assert found[10:] == pytest.approx(oracle.decision_function(every[10:]), abs=5e-5)


def test_the_relevant_topic_comes_first():
    vectors, examples = vectors_and_examples(records=60, decided=12)

    order = order_of(vectors, examples)

    assert all((record_id - 100) % 4 == 0 for record_id in order[:15])


def test_weights_are_balanced_and_scaled_to_mean_one():
    is_relevant = np.array([True, False, False, False])

    found = balanced(is_relevant, np.ones(4))

    irrelevant = 1 / (9.8 * 3)
    mean = (1 + 3 * irrelevant) / 4
    assert found == pytest.approx([1 / mean] + [irrelevant / mean] * 3)


@given(halves=st.lists(st.integers(0, 19), unique=True, max_size=20))
def test_two_halves_of_a_verdict_are_the_whole(halves):
    _, examples = vectors_and_examples()
    split = [
        Example(one.record_id, one.is_relevant, 0.5)
        for place, one in enumerate(examples)
        for _ in range(2 if place in halves else 0)
    ]
    whole = [one for place, one in enumerate(examples) if place not in halves]

    found = training_set(split + whole)

    assert found.digest == training_set(examples).digest
    assert found.weights == pytest.approx(training_set(examples).weights)


@given(factor=st.floats(0.1, 10))
def test_only_the_proportion_of_the_weights_balances_the_sides(factor):
    _, examples = vectors_and_examples()
    one = training_set(examples).weights

    scaled = training_set([Example(e.record_id, e.is_relevant, factor) for e in examples]).weights

    assert scaled == pytest.approx(one * factor)


@settings(max_examples=25)
@given(turned=st.permutations(range(20)))
def test_the_order_of_the_verdicts_does_not_matter(turned):
    vectors, examples = vectors_and_examples()
    shuffled = [examples[place] for place in turned]

    assert training_set(shuffled).digest == training_set(examples).digest
    assert order_of(vectors, shuffled) == order_of(vectors, examples)


@settings(max_examples=25)
@given(turned=st.permutations(range(24)))
def test_the_order_of_the_records_does_not_matter(turned):
    ids, texts, labels = review(24)
    texts[5] = texts[9]  # a tie, settled by the id
    examples = [Example(ids[place], labels[place]) for place in range(8)]
    straight = fit_vectors(ids, texts)
    shuffled = fit_vectors([ids[p] for p in turned], [texts[p] for p in turned])

    assert order_of(shuffled, examples) == order_of(straight, examples)


def test_verdicts_that_differ_have_another_digest():
    _, examples = vectors_and_examples()
    digest = training_set(examples).digest

    assert training_set(examples[:-1]).digest != digest
    assert training_set([*examples[:-1], examples[-1]._replace(weight=0.5)]).digest != digest
    turned = examples[-1]._replace(is_relevant=not examples[-1].is_relevant)
    assert training_set([*examples[:-1], turned]).digest != digest


@settings(max_examples=25)
@given(place=st.integers(12, 59))
def test_more_evidence_for_a_word_raises_it(place):
    ids, texts, labels = review()
    texts = [f"{text} zebrafish" if n in {1, place} else text for n, text in enumerate(texts)]
    vectors = fit_vectors(ids, texts)
    examples = [Example(ids[n], labels[n]) for n in range(12) if n != 1]

    without = train(vectors, examples)
    against = train(vectors, [*examples, Example(ids[1], is_relevant=False)])
    with_it = train(vectors, [*examples, Example(ids[1], is_relevant=True)])

    names = [vectors.vocabulary.name(term) for term in range(len(vectors.vocabulary))]
    word = names.index("zebrafish")
    assert against.weights[word] < without.weights[word] < with_it.weights[word]


def test_both_verdicts_on_one_record_may_be_learnt_from():
    vectors, examples = vectors_and_examples()
    torn = [Example(examples[0].record_id, side, 0.5) for side in (True, False)]

    model = train(vectors, [*examples[1:], *torn])

    assert model.examples == len(examples) + 1
    assert np.isfinite(scores(vectors, model)).all()


def test_an_extension_keeps_the_old_scores():
    ids, texts, labels = review(40)
    vectors = fit_vectors(ids[:30], texts[:30])
    examples = [Example(ids[place], labels[place]) for place in range(12)]
    model = train(vectors, examples)

    longer = vectors.extended(ids[30:], texts[30:])

    assert (scores(longer, model)[:30] == scores(vectors, model)).all()
    assert (train(longer, examples).weights == model.weights).all()


def test_equal_scores_are_ordered_by_their_key():
    ids, values = np.array([5, 3, 4, 9]), np.array([1.0, 1.0, 2.0, 1.0])

    by_id = rank(ids, values)
    by_key = rank(ids, values, tie_keys=np.array([1, 2, 0, 0]))

    assert by_id.ids.tolist() == [4, 3, 5, 9]
    assert by_key.ids.tolist() == [4, 9, 5, 3]
    assert by_key.scores.tolist() == [2, 1, 1, 1]


def test_an_explanation_adds_up_to_the_score():
    vectors, examples = vectors_and_examples()
    model = train(vectors, examples)
    values = scores(vectors, model)

    for row, record_id in enumerate(vectors.ids.tolist()):
        found = explain(vectors, model, record_id, most=3)
        named = sum(pull.amount for pull in found.up + found.down)

        assert found.intercept + named + found.rest == pytest.approx(found.score)
        assert found.score == pytest.approx(values[row], abs=1e-5)
        assert len(found.up) <= 3
        assert all(pull.amount > 0 for pull in found.up)
        assert all(pull.amount < 0 for pull in found.down)


def test_an_explanation_names_the_words_of_the_topic():
    vectors, examples = vectors_and_examples(decided=40)
    model = train(vectors, examples)

    relevant, other = explain(vectors, model, 100), explain(vectors, model, 101)

    assert {"contrastive", "labels", "pretraining", "radiographs"} & {p.term for p in relevant.up}
    assert {"nurse", "rural", "cost", "hospitals"} & {p.term for p in other.down}


def test_one_side_alone_a_weight_of_nothing_and_a_strange_record_are_refused():
    vectors, examples = vectors_and_examples()

    for side in (True, False):
        with pytest.raises(ValueError, match="at least one include and one exclude"):
            train(vectors, [one for one in examples if one.is_relevant is side])
    with pytest.raises(ValueError, match="at least one include"):
        train(vectors, [])
    for weight in (0, -1, math.inf, math.nan):
        with pytest.raises(ValueError, match="number above 0"):
            train(vectors, [*examples, Example(100, is_relevant=True, weight=weight)])
    with pytest.raises(ValueError, match="Record 1 is not among"):
        train(vectors, [*examples, Example(1, is_relevant=True)])


def test_a_model_of_another_vocabulary_is_refused():
    vectors, _ = vectors_and_examples()
    other, others_examples = vectors_and_examples(seed=2, records=20)
    model = train(other, others_examples)

    with pytest.raises(ValueError, match="the vectors have"):
        scores(vectors, model)
