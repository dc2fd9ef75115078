from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema.alignment import ALONE, LEAST_LIKENESS, RowPair, align_rows, row_likeness
from extraction.schema.comparing import Answer
from tests.extraction.schema.builders import EXPERIMENT


def row(task=None, fraction=None, ssl=None):
    cells = {"task": task, "fraction": fraction}
    answers = {key: Answer(value) for key, value in cells.items() if value}
    return {**answers, "ssl": Answer(ssl, "fraction")} if ssl else answers


def pairs(a, b):
    return [(pair.a, pair.b) for pair in align_rows(EXPERIMENT, a, b)]


def test_rows_are_paired_by_content_and_not_by_order():
    a = [row("effusion", "1%", "0.88"), row("effusion", "100%", "0.94")]
    b = [row("effusion", "100%", "0.94"), row("effusion", "1%", "0.86")]
    assert pairs(a, b) == [(0, 1), (1, 0)]


def test_a_row_of_one_alone_has_no_partner():
    a = [row("effusion", "1%"), row("effusion", "100%")]
    b = [row("effusion", "0.1%"), row("effusion", "1%")]
    assert pairs(a, b) == [(0, 1), (1, None), (None, 0)]


def test_a_task_in_slightly_other_words_is_the_same_row():
    assert pairs([row("pleural effusion", "1%")], [row("Pleural effusions", "1 %")]) == [(0, 0)]


def test_a_different_task_is_a_different_row():
    a, b = row("tuberculosis"), row("skin lesion")
    assert pairs([a], [b]) == [(0, None), (None, 0)]


def test_a_missing_key_is_less_like_than_an_equal_one():
    whole, half = row("effusion", "1%"), row("effusion")
    assert row_likeness(EXPERIMENT, whole, whole) > row_likeness(EXPERIMENT, whole, half) > 0


def test_the_values_break_a_tie():
    a = [row("effusion", "1%", "0.88"), row("effusion", "1%", "0.90")]
    b = [row("effusion", "1%", "0.90"), row("effusion", "1%", "0.88")]
    assert pairs(a, b) == [(0, 1), (1, 0)]


def test_an_empty_row_is_like_nothing():
    assert align_rows(EXPERIMENT, [row()], [row()]) == [RowPair(0, None), RowPair(None, 0)]


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(["effusion", "tuberculosis", "effusions", None]),
        st.sampled_from(["1%", "10%", None]),
        st.sampled_from(["0.8", "0.9", None]),
    ),
    max_size=5,
)


@given(ROWS, ROWS)
def test_every_row_stands_in_exactly_one_pair(a, b):
    aligned = align_rows(EXPERIMENT, a, b)
    assert sorted(p.a for p in aligned if p.a is not None) == list(range(len(a)))
    assert sorted(p.b for p in aligned if p.b is not None) == list(range(len(b)))


@given(ROWS, ROWS, st.randoms())
def test_the_order_of_rows_does_not_change_which_contents_are_paired(a, b, random):
    def contents(left, right):
        return sorted(
            (
                str(left[p.a] if p.a is not None else None),
                str(right[p.b] if p.b is not None else None),
            )
            for p in align_rows(EXPERIMENT, left, right)
        )

    shuffled = random.sample(a, len(a)), random.sample(b, len(b))
    assert contents(a, b) == contents(*shuffled)


def worth(one, other):
    likeness = row_likeness(EXPERIMENT, one, other)
    return likeness - ALONE if likeness >= LEAST_LIKENESS else 0


def best_total(a, b):
    """The greatest worth over every way to pair, tried one by one."""
    few, many = sorted((a, b), key=len)
    return max(
        sum(worth(one, other) for one, other in zip(few, chosen, strict=True))
        for chosen in permutations(many, len(few))
    )


@given(ROWS, ROWS)
def test_no_other_pairing_is_more_alike_in_all(a, b):
    total = sum(
        worth(a[p.a], b[p.b])
        for p in align_rows(EXPERIMENT, a, b)
        if p.a is not None and p.b is not None
    )
    assert total == pytest.approx(best_total(a, b))


def test_the_likest_pair_gives_way_when_all_are_more_alike_so():
    one, other = row("effusion left"), row("effusion left lower lobe")
    left, right = row("effusion left l"), row("effusion le")
    assert worth(one, left) == max(worth(a, b) for a in (one, other) for b in (left, right))
    assert worth(one, right) + worth(other, left) > worth(one, left) + worth(other, right)
    assert pairs([one, other], [left, right]) == [(0, 1), (1, 0)]
