"""Laws of the engine: order does not matter, and what it answers once it answers again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dedup import DedupRecord, DuplicateIndex, find_duplicates

TITLES = [
    "Deep learning for chest radiographs in children",
    "Deep learning for chest radiographs in children: a review",
    "Deep learning for chest radiographs in adults",
    "Erratum: Deep learning for chest radiographs in children",
    "Editorial",
    "",
]


@st.composite
def record_lists(draw):
    size = draw(st.integers(0, 8))
    return [
        DedupRecord(
            id=f"r{place}",
            title=draw(st.sampled_from(TITLES)),
            authors=draw(st.sampled_from([(), ("Smith, J.",), ("Miller, A.", "Smith, J.")])),
            year=draw(st.sampled_from([None, 2020, 2021])),
            venue=draw(st.sampled_from(["", "Radiology", "arXiv"])),
            volume=draw(st.sampled_from(["", "3", "4"])),
            pages=draw(st.sampled_from(["", "1-9", "e123", "77"])),
            doi=draw(st.sampled_from(["", "10.1000/1", "10.1000/2"])),
        )
        for place in range(size)
    ]


@settings(deadline=None)
@given(record_lists(), st.randoms())
def test_the_order_of_records_does_not_matter(records, dice):
    shuffled = list(records)
    dice.shuffle(shuffled)
    assert find_duplicates(shuffled) == find_duplicates(records)


@settings(deadline=None)
@given(record_lists(), st.integers(0, 8))
def test_adding_in_two_steps_is_adding_at_once(records, cut):
    index = DuplicateIndex()
    index.add(records[:cut])
    assert index.add(records[cut:]) == find_duplicates(records)


@settings(deadline=None)
@given(record_lists())
def test_a_second_run_over_what_is_kept_merges_nothing_more(records):
    gone = {name for group in find_duplicates(records).merged for name in group[1:]}
    kept = [record for record in records if record.id not in gone]
    again = {name for group in find_duplicates(kept).merged for name in group}
    first = find_duplicates(records)
    refused = {name for link in first.suggested for name in link.pair}
    heads = {group[0] for group in first.merged}
    assert again <= refused | heads


@settings(deadline=None)
@given(record_lists())
def test_nobody_is_merged_and_asked_about_at_once(records):
    result = find_duplicates(records)
    group_of = {name: group for group in result.merged for name in group}
    for link in result.suggested:
        assert link.a < link.b
        assert group_of.get(link.a, link.a) != group_of.get(link.b, link.b)


@settings(deadline=None)
@given(record_lists())
def test_rejected_pairs_stay_apart(records):
    rejected = {link.pair for link in find_duplicates(records).links.values()}
    result = find_duplicates(records, rejected=rejected)
    for group in result.merged:
        assert not any(one in group and two in group for one, two in rejected)
    assert not {link.pair for link in result.suggested} & rejected
