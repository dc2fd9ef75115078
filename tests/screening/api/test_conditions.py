"""What every endpoint shares: problems, pages, ETags, keys that make sending again harmless."""

import json

import pytest
from django.urls import reverse

from screening.models import Decision, IdempotentAnswer
from tests import factories

STAGE = {"stage": "title-abstract"}


def url(name, review, **parts):
    return reverse(f"screening-api:{name}", kwargs={"slug": review.slug} | STAGE | parts)


def decide(client, review, record, key, **data):
    return client.post(
        url("decide", review, record_id=record.pk),
        json.dumps({"verdict": "include"} | data),
        content_type="application/json",
        headers={"idempotency-key": key},
    )


def test_pages_follow_their_cursor_to_the_last_record(review, screener, client_of):
    made = [factories.make_record(review).pk for _ in range(5)]
    client, seen, address = client_of(screener), [], url("stage-records", review) + "?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == made


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?page_size=0", "page_size"),
        ("?cursor=nonsense", "cursor"),
        ("?status=perhaps", "status"),
        ("?wrods=x", "wrods"),
        (f"?source={2**70}", "source"),
    ],
)
def test_a_wrong_query_is_refused_by_its_field(review, screener, client_of, query, field):
    answer = client_of(screener).get(url("stage-records", review) + query)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_an_unknown_field_and_a_body_that_is_no_json_are_refused(review, screener, client_of):
    record = factories.make_record(review)
    client = client_of(screener)
    refused = decide(client, review, record, "k", verdcit="include")
    assert refused.json()["errors"] == {
        "verdcit": [
            "This is not known here. Known are: verdict, answers, reason, comment, "
            "seconds_spent, client_key."
        ]
    }
    address = url("decide", review, record_id=record.pk)
    broken = client.post(address, "{", content_type="application/json")
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")
    assert client.post(address, "a=1", content_type="text/plain").status_code == 415
    assert client.put(address, "{}", content_type="application/json").status_code == 405
    assert not Decision.objects.exists()


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/v1/reviews/none/stopping/"])
def test_what_is_not_there_is_a_problem_too(screener, client_of, address):
    answer = client_of(screener).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_what_is_unchanged_is_not_sent_again(review, screener, other_screener, client_of):
    record = factories.make_record(review)
    client, address = client_of(screener), url("record", review, record_id=record.pk)
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    factories.make_decision(record, other_screener)  # tells me nothing
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    factories.make_decision(record, screener)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_a_request_sent_twice_with_one_key_acts_once(review, screener, client_of):
    record = factories.make_record(review)
    client = client_of(screener)
    first = decide(client, review, record, "k1")
    again = decide(client, review, record, "k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotency-Replayed"] == "true"
    assert Decision.objects.count() == 1


def test_a_key_belongs_to_one_request_and_one_person(review, screener, other_screener, client_of):
    record = factories.make_record(review)
    assert decide(client_of(screener), review, record, "k1").status_code == 201
    other = decide(client_of(screener), review, record, "k1", verdict="exclude")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert decide(client_of(other_screener), review, record, "k1").status_code == 201


def test_a_refused_request_leaves_its_key_free(review, screener, client_of):
    record = factories.make_record(review)
    refused = decide(client_of(screener), review, record, "k1", verdict="perhaps")
    assert refused.status_code == 400
    assert not IdempotentAnswer.objects.exists()
    assert decide(client_of(screener), review, record, "k1").status_code == 201


def test_a_key_out_of_bounds_is_refused(review, screener, client_of):
    record = factories.make_record(review)
    answer = decide(client_of(screener), review, record, "k" * 201)
    assert (answer.status_code, answer.json()["code"]) == (400, "key_invalid")
