"""New records against known ones: the answer of one run, in any order and any steps."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dedup import DedupRecord, DedupResult, blocking, find_duplicates
from screening.dedup.blocking import keys_of, pack_keys
from screening.dedup.forms import dump_form, load_form, rules_version
from screening.dedup.increment import compare_new
from screening.dedup.normal import normalise
from tests.screening.dedup.test_laws import record_lists


class Memory:
    """Known records as an app keeps them: packed keys, forms as text, groups and questions."""

    def __init__(self, rejected=()):
        self.rejected = rejected
        self.packed, self.texts, self.groups, self.asked = [], {}, {}, set()

    def keys(self):
        return self.packed

    def forms(self, ids):
        return [load_form(self.texts[name]) for name in sorted(ids)]

    def tied(self, ids):
        ties = [set(group) for group in self.groups.values()]
        ties += [set(pair) for pair in (*self.asked, *self.rejected)]
        found = set(ids)
        while more := {name for tie in ties if tie & found for name in tie} - found:
            found |= more
        return found & set(self.texts)

    def add(self, records):
        new = [normalise(record) for record in records]
        answer = compare_new(new, self, self.rejected)
        self.groups = {head: g for head, g in self.groups.items() if not answer.scope & set(g)}
        self.asked = {pair for pair in self.asked if not answer.scope & set(pair)}
        self.groups |= {group[0]: group for group in answer.result.merged}
        self.asked |= {link.pair for link in answer.result.suggested}
        for record in new:
            self.packed.append((record.id, pack_keys(keys_of(record))))
            self.texts[record.id] = dump_form(record)
        return answer

    @property
    def answer(self):
        return tuple(sorted(self.groups.values())), self.asked


def as_answer(result: DedupResult):
    return result.merged, {link.pair for link in result.suggested}


def in_steps(records, cuts, rejected=()):
    memory = Memory(rejected)
    for start, end in pairwise([0, *sorted(cuts), len(records)]):
        memory.add(records[start:end])
    return memory


@settings(deadline=None, max_examples=150)
@given(record_lists(), st.randoms(), st.lists(st.integers(0, 8), max_size=4))
def test_any_order_and_any_steps_give_the_answer_of_one_run(records, dice, cuts):
    shuffled = list(records)
    dice.shuffle(shuffled)
    steps = [min(cut, len(records)) for cut in cuts]
    assert in_steps(shuffled, steps).answer == as_answer(find_duplicates(records))


@settings(deadline=None, max_examples=60)
@given(record_lists(), st.randoms(), st.integers(0, 8))
def test_rulings_hold_in_any_order_too(records, dice, cut):
    links = list(find_duplicates(records).links)
    rejected = [pair for pair in links if dice.random() < 0.5]
    shuffled = list(records)
    dice.shuffle(shuffled)
    whole = find_duplicates(records, rejected)
    assert in_steps(shuffled, [min(cut, len(records))], rejected).answer == as_answer(whole)


@settings(deadline=None, max_examples=60)
@given(record_lists(), st.randoms(), st.integers(0, 8))
def test_keys_that_become_too_common_give_the_answer_of_one_run(records, dice, cut):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "_LARGE", 2)
        patch.setattr(blocking, "_LARGE_EXACT", 3)
        shuffled = list(records)
        dice.shuffle(shuffled)
        whole = as_answer(find_duplicates(records))
        assert as_answer(find_duplicates(shuffled)) == whole
        assert in_steps(shuffled, [min(cut, len(records))]).answer == whole


def chain():
    """A is B and B is C by the rules, and A and C cannot be one report."""
    base = {
        "title": "Deep learning for chest radiographs in children",
        "authors": ("Smith, J.",),
        "year": 2020,
        "venue": "Radiology",
    }
    return [
        DedupRecord("a", **base, doi="10.1000/1"),
        DedupRecord("b", **base, volume="3", pages="1-9"),
        DedupRecord("c", **base, doi="10.1000/2"),
    ]


@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
@pytest.mark.parametrize("cuts", [[], [1], [2], [1, 2]])
def test_a_chain_breaks_at_the_same_link_in_any_order(order, cuts):
    records = chain()
    whole = find_duplicates(records)
    assert [len(group) for group in whole.merged] == [2]
    by_id = {record.id: record for record in records}
    assert in_steps([by_id[name] for name in order], cuts).answer == as_answer(whole)


def test_only_what_a_new_record_concerns_is_judged_again():
    memory = Memory()
    memory.add(chain())
    far = DedupRecord("x", title="Vitamins in nursing homes: a randomised trial of two doses")
    assert memory.add([far]).scope == {"x"}


@given(record_lists())
def test_a_form_read_back_is_the_form_written(records):
    for record in map(normalise, records):
        again = load_form(dump_form(record))
        assert again == record
        assert keys_of(again) == keys_of(record)


def test_the_version_names_the_code():
    assert len(rules_version()) == 16
