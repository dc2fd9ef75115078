import itertools

import pytest

from reviewapp.demo.protocol import REFERENCES_NAME, SOURCES
from reviewapp.demo.sources import reference_of
from reviewapp.demo.tables import read_table
from screening.models import DuplicateLink, DuplicateSuggestion, Record, Source

LISTS = dict(
    zip(
        (
            "awesome list A: SSL for medical images",
            "awesome list B",
            "Awesome-Medical-Pretraining",
        ),
        [name for name in SOURCES if name != REFERENCES_NAME],
        strict=True,
    )
)


def of_list(name):
    return [row for row in read_table("records.csv") if row["source_list"] == name]


def records_of(review, name):
    return list(Record.objects.filter(review=review, source__name=name).order_by("position"))


@pytest.fixture
def record_of(review):
    """The record of the app for each record of the answer key."""
    found = {}
    for name, source in LISTS.items():
        rows = of_list(name)
        found |= {
            row["record_id"]: record
            for row, record in zip(rows, records_of(review, source), strict=True)
        }
    numbered = {reference_of(record): record for record in records_of(review, REFERENCES_NAME)}
    for row in read_table("records.csv"):
        if row["record_id"] not in found:
            found[row["record_id"]] = numbered[row["row_no"]]
    return found


def test_each_source_is_a_database_with_its_original_file(review):
    sources = Source.objects.filter(review=review)
    assert sources.count() == 4
    for source in sources:
        assert source.kind == Source.Kind.DATABASE
        batch = source.batches.get()
        assert batch.finished_at is not None
        with batch.file.open("rb") as file:
            assert len(file.read()) == batch.size


def test_every_row_is_imported(review, record_of):
    assert len(record_of) == 175
    assert Record.objects.filter(review=review).count() == 175


def test_titles_years_and_venues_are_those_of_the_key(record_of):
    for row in read_table("records.csv"):
        record = record_of[row["record_id"]]
        assert record.title == row["title"]
        if row["year"]:
            assert record.year == int(row["year"])
        if row["source_list"] != "Awesome-Medical-Pretraining":
            assert record.venue == row["venue"]


def test_every_link_of_the_key_is_kept(record_of):
    for row in read_table("records.csv"):
        known = {link.get("raw") or link["url"] for link in record_of[row["record_id"]].urls}
        known |= {link["url"] for link in record_of[row["record_id"]].urls}
        for column in ("url_preprint", "url_official", "url_code"):
            if row[column]:
                assert row[column] in known, (row["record_id"], column)


def test_identifiers_are_found_in_links(record_of):
    for row in read_table("records.csv"):
        record = record_of[row["record_id"]]
        if row["arxiv_id"]:
            assert record.arxiv_id == row["arxiv_id"].split("v")[0]
        if row["doi_in_url"] and row["row_no"] != "142":
            assert record.doi == row["doi_in_url"].lower()


def test_modality_and_category_of_the_lists_are_kept(record_of):
    for row in read_table("records.csv"):
        kept = str(record_of[row["record_id"]].extra) + str(record_of[row["record_id"]].keywords)
        if row["modality_as_given"]:
            assert row["modality_as_given"] in kept
        if row["category_as_given"] and row["source_list"] == "awesome list B":
            assert row["category_as_given"] in kept


def test_no_two_different_works_are_merged(record_of):
    group = {
        record.pk: row["true_group"]
        for row in read_table("records.csv")
        for record in [record_of[row["record_id"]]]
    }
    links = DuplicateLink.objects.standing()
    assert all(group[link.record_id] == group[link.kept_id] for link in links)
    assert links.count() >= 3


def test_no_look_alike_is_merged(record_of):
    merged = {
        frozenset((link.record_id, link.kept_id)) for link in DuplicateLink.objects.standing()
    }
    for pair in read_table("records_hard_negatives.csv"):
        a, b = record_of[pair["record_a"]], record_of[pair["record_b"]]
        assert frozenset((a.pk, b.pk)) not in merged


def test_pairs_are_left_to_judge(review):
    assert DuplicateSuggestion.objects.filter(review=review).count() >= 20


def test_each_true_pair_is_merged_or_left_to_judge(record_of):
    kept = {link.record_id: link.kept_id for link in DuplicateLink.objects.standing()}
    asked = {frozenset((s.first_id, s.second_id)) for s in DuplicateSuggestion.objects.all()}
    missed = []
    rows = read_table("records.csv")
    for a, b in itertools.combinations(rows, 2):
        if a["true_group"] != b["true_group"]:
            continue
        pair = [record_of[row["record_id"]].pk for row in (a, b)]
        same = len({kept.get(pk, pk) for pk in pair}) == 1
        hubs = frozenset(kept.get(pk, pk) for pk in pair)
        if not same and frozenset(pair) not in asked and hubs not in asked:
            missed.append((a["record_id"], b["record_id"]))
    assert missed == []
