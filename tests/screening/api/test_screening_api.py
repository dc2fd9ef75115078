"""The API walks the same middle as the pages: the same guards, the same blinding."""

import json

import pytest
from django.urls import reverse

from screening.models import Decision
from tests import factories


def url(name, review, record=None):
    place = {"slug": review.slug, "stage": "title-abstract"}
    return reverse(
        f"screening-api:{name}", kwargs=place | ({"record_id": record.pk} if record else {})
    )


def post(client, address, **data):
    return client.post(address, json.dumps(data), content_type="application/json")


def test_the_next_record_is_handed_out_decided_and_undone(review, screener, client_of):
    factories.make_record(review)
    client = client_of(screener)
    record = client.post(url("next", review)).json()
    assert record["mine"] is None
    address = url("decide", review, Decision(pk=record["id"]))
    answer = post(client, address, verdict="include", client_key="k1")
    assert (answer.status_code, answer.json()["verdict"]) == (201, "include")
    assert post(client, address, verdict="include", client_key="k1").json() == answer.json()
    assert Decision.objects.get().origin == Decision.Origin.API
    assert client.post(url("next", review)).status_code == 204
    undone = post(client, url("undo", review), decision=answer.json()["id"])
    assert undone.json()["undone_at"] is not None


def test_a_problem_says_what_is_wrong(review, screener, client_of):
    record = factories.make_record(review)
    client = client_of(screener)
    answer = post(client, url("decide", review, record), verdict="perhaps")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "perhaps" in answer.json()["detail"]
    nothing = post(client, url("undo", review))
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing")


def test_a_refusal_is_a_problem_too(review, observer, stranger, client_of):
    record = factories.make_record(review)
    refused = post(client_of(observer), url("decide", review, record), verdict="include")
    assert (refused.status_code, refused.json()["title"]) == (403, "Forbidden")
    assert post(client_of(stranger), url("next", review)).status_code == 404


def test_others_verdicts_stay_hidden_until_the_conflict(
    review, screener, other_screener, client_of
):
    record = factories.make_record(review)
    factories.make_decision(record, other_screener, "exclude", comment="no images")
    client = client_of(screener)
    for name in ("record", "stage-records"):
        answer = client.get(url(name, review, record if name == "record" else None))
        text = answer.content.decode()
        assert "no images" not in text
        assert other_screener.user.name not in text
        assert '"status":"awaiting"' in text
    assert client.get(url("stage-records", review), {"status": "excluded"}).json()["results"] == []
    factories.make_decision(record, screener, "include")
    told = client.get(url("record", review, record)).json()
    assert told["status"] == "conflict"
    assert [one["verdict"] for one in told["others"]] == ["exclude"]


@pytest.mark.parametrize("role", ["observer", "lead"])
def test_the_list_tells_the_status_only(review, screener, role, client_of):
    factories.make_decision(factories.make_record(review), screener, "include")
    told = client_of(factories.make_member(review, role)).get(url("stage-records", review)).json()
    assert told["results"][0]["status"] == "awaiting"
    assert not told["results"][0]["is_mine"]
