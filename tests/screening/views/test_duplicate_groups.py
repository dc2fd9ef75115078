"""Several questions at once, and marking a record as a duplicate of one that is looked for."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from screening.models import DuplicateLink, DuplicateSuggestion, NotDuplicate
from screening.selectors.candidates import candidates
from screening.selectors.duplicates import groups, last_act, open_suggestions
from screening.selectors.questions import sure_suggestions
from screening.services import accepting, duplicates
from tests import factories

REASON = {"field": "year", "agrees": False, "text": "Year 2021, 2020"}


@pytest.fixture
def records(review):
    return [factories.make_record(review, title=f"Learning from films {n}") for n in range(4)]


def ask(one, two, score=0.96, reasons=(REASON,)):
    return DuplicateSuggestion.objects.create(
        review=one.review, first=one, second=two, score=score, reasons=list(reasons)
    )


def url(name, review, **arguments):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug, **arguments})


def test_three_records_in_question_are_seen_side_by_side(client_of, screener, review, records):
    ask(records[0], records[1]), ask(records[1], records[2])
    client = client_of(screener)
    assert (
        "3 records are in question together"
        in client.get(url("duplicates", review)).content.decode()
    )
    page = client.get(url("duplicate-group", review, record_id=records[0].pk)).content.decode()
    assert "3 records in question" in page
    assert "2 open questions" in page
    assert f"Record {records[3].pk}" not in page
    assert '<span class="diff">1</span>' in page


def test_a_group_is_linked_in_one_act_and_taken_back_in_one(client_of, screener, review, records):
    ask(records[0], records[1]), ask(records[1], records[2])
    client = client_of(screener)
    address = url("answer-group", review, record_id=records[0].pk)
    chosen = [record.pk for record in records[:3]]
    client.post(address, {"record": chosen, "kept": chosen[1], "answer": "same"})
    assert groups(review=review) == [[chosen[1], chosen[0], chosen[2]]]
    act = last_act(membership=screener)
    client.post(url("undo-link", review, link_id=act.pk))
    assert not groups(review=review)
    assert open_suggestions(review=review).count() >= 2


def test_a_group_is_ruled_different_in_one_act_and_taken_back_in_one(
    client_of, screener, review, records
):
    ask(records[0], records[1]), ask(records[1], records[2])
    client = client_of(screener)
    address = url("answer-group", review, record_id=records[0].pk)
    client.post(address, {"record": [one.pk for one in records[:3]], "answer": "different"})
    assert NotDuplicate.objects.standing().count() == 3
    assert not open_suggestions(review=review).exists()
    act = last_act(membership=screener)
    client.post(url("undo-rejection", review, ruling_id=act.pk))
    assert not NotDuplicate.objects.standing().exists()


def test_a_group_of_one_is_refused_with_a_sentence(client_of, screener, review, records):
    address = url("answer-group", review, record_id=records[0].pk)
    for answer in ("same", "different"):
        said = client_of(screener).post(
            address, {"record": [records[0].pk], "answer": answer}, follow=True
        )
        assert "at least two records" in said.content.decode()
    assert not DuplicateLink.objects.exists()


def test_linked_records_stand_in_the_group_too(client_of, screener, review, records):
    duplicates.link_records(membership=screener, kept=records[0], duplicate=records[3])
    ask(records[0], records[1])
    address = url("duplicate-group", review, record_id=records[3].pk)
    assert f"linked to record {records[0].pk} already" in (
        client_of(screener).get(address).content.decode()
    )
    made = accepting.link_group(membership=screener, kept=records[0], records=records)
    assert made == 2


def test_sure_pairs_are_shown_before_anything_is_written(client_of, screener, review, records):
    ask(records[0], records[1], score=0.97)
    ask(records[2], records[3], score=0.7)
    client = client_of(screener)
    page = client.get(url("sure-pairs", review)).content.decode()
    assert "1 pair with a score of 0.95 or more" in page
    assert (
        "2 pairs with" in client.get(url("sure-pairs", review), {"least": "0.6"}).content.decode()
    )
    assert "less than or equal to" in (
        client.get(url("sure-pairs", review), {"least": "7"}).content.decode()
    )
    assert "No pair is that sure" in (
        client.get(url("sure-pairs", review), {"least": "1"}).content.decode()
    )
    assert not DuplicateLink.objects.exists()


def test_only_ticked_pairs_are_linked_and_undo_takes_them_back_together(
    client_of, screener, review, records
):
    first, second = ask(records[0], records[1]), ask(records[1], records[2])
    left = ask(records[0], records[3])
    client = client_of(screener)
    client.post(url("accept-sure-pairs", review), {"pair": [first.pk, second.pk]})
    assert DuplicateLink.objects.standing().count() == 2
    assert list(open_suggestions(review=review)) == [left]
    client.post(url("undo-link", review, link_id=last_act(membership=screener).pk))
    assert not DuplicateLink.objects.standing().exists()


def test_nothing_ticked_is_said(client_of, screener, review):
    said = client_of(screener).post(url("accept-sure-pairs", review), {}, follow=True)
    assert "Choose at least one pair" in said.content.decode()


@pytest.mark.parametrize(
    "reason",
    [
        {"field": "type", "agrees": False, "text": "Only one is marked as preprint"},
        {"field": "title", "agrees": False, "text": "Numbers in the titles differ"},
    ],
)
def test_a_special_kind_or_another_number_is_never_sure(review, records, reason):
    ask(records[0], records[1], score=0.99, reasons=[reason])
    assert not sure_suggestions(review=review, least=0.9)


def test_a_pair_answered_meanwhile_is_passed_over(screener, review, records):
    pair = ask(records[0], records[1])
    duplicates.reject_pair(membership=screener, one=records[0], two=records[1])
    assert accepting.link_suggestions(membership=screener, ids=[pair.pk]) == 0


def test_pairs_that_meet_in_one_group_are_linked_once(screener, review, records):
    pairs = [ask(records[a], records[b]) for a, b in ((0, 1), (1, 2), (0, 2))]
    ids = [pair.pk for pair in pairs]
    assert accepting.link_suggestions(membership=screener, ids=ids) == 2
    assert len(groups(review=review)[0]) == 3


def test_an_observer_may_accept_nothing(observer, records):
    with pytest.raises(PermissionDenied):
        accepting.link_suggestions(membership=observer, ids=[1])
    with pytest.raises(PermissionDenied):
        accepting.link_group(membership=observer, kept=records[0], records=records)
    with pytest.raises(PermissionDenied):
        accepting.reject_group(membership=observer, records=records)


def test_undoing_twice_says_so(screener, records):
    link = duplicates.link_records(membership=screener, kept=records[0], duplicate=records[1])
    accepting.undo_links(membership=screener, link=link)
    with pytest.raises(ValidationError, match="undone already"):
        accepting.undo_links(membership=screener, link=link)


def test_the_desk_moves_on_to_the_pair_that_was_next(client_of, screener, review, records):
    first, second = ask(records[0], records[1]), ask(records[2], records[3])
    client = client_of(screener)
    page = client.get(url("duplicates", review)).content.decode()
    assert f'data-ahead="?tab=suggested&amp;page=1&amp;pair={second.pk}"' in page
    address = url("reject-pair", review, suggestion_id=first.pk)
    answer = client.post(address, {"next": second.pk})
    assert answer.url == f"{url('duplicates', review)}?pair={second.pk}"
    assert client.post(address, {"next": "//evil.example"}).url == url("duplicates", review)


class TestMarking:
    """Mark as duplicate of ..."""

    def found(self, record, words):
        return [one.record.pk for one in candidates(record=record, words=words)]

    def test_another_record_is_found_by_title_doi_pmid_and_number(self, review, records):
        other = factories.make_record(
            review, title="Vitamins in nursing homes", doi="10.1000/Abc", pmid="123"
        )
        for words in ("nursing vitamins", "https://doi.org/10.1000/ABC", "123", str(other.pk)):
            assert other.pk in self.found(records[0], words), words
        assert self.found(records[0], "no such words") == []

    def test_without_words_the_records_in_question_are_offered(self, records):
        ask(records[0], records[2])
        assert self.found(records[0], "") == [records[2].pk]
        assert self.found(records[1], " ") == []

    def test_its_own_group_and_other_reviews_are_left_out(self, screener, records):
        duplicates.link_records(membership=screener, kept=records[0], duplicate=records[1])
        factories.make_record(factories.make_review(), title="Learning from films 9")
        expected = [records[2].pk, records[3].pk]
        assert sorted(self.found(records[1], "learning films")) == expected

    def test_it_is_looked_for_from_the_record_page(self, client_of, screener, review, records):
        client = client_of(screener)
        assert "Duplicate of" in client.get(records[0].get_absolute_url()).content.decode()
        address = url("duplicate-of", review, record_id=records[0].pk)
        whole = client.get(address, {"words": "films 2"}).content.decode()
        part = client.get(address, {"words": "films 2"}, headers={"hx-request": "true"})
        assert "<html" in whole
        assert "<html" not in part.content.decode()
        for page in (whole, part.content.decode()):
            assert f'name="kept" value="{records[2].pk}"' in page
        nothing = client.get(address, {"words": "quite another"}).content.decode()
        assert "No other record" in nothing

    def test_from_the_queue_one_goes_back_to_the_queue(self, client_of, screener, review, records):
        client = client_of(screener)
        queue = url("screen", review, stage="title_abstract")
        page = client.get(queue).content.decode()
        assert "/duplicates/of/" in page
        address = url("mark-duplicate", review, record_id=records[0].pk)
        answer = client.post(address, {"kept": records[1].pk, "back": "title_abstract"})
        assert answer.url == queue
        assert DuplicateLink.objects.get().kept == records[1]

    def test_an_unknown_stage_leads_to_the_record(self, client_of, screener, review, records):
        address = url("mark-duplicate", review, record_id=records[0].pk)
        answer = client_of(screener).post(address, {"kept": records[1].pk, "back": "//x"})
        assert answer.url == records[0].get_absolute_url()
