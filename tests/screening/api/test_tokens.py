"""Tokens: made on a page, shown once, good for their scopes until they expire or are withdrawn."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.models import ApiToken, AuditEvent
from screening.rules.roles import Capability
from screening.rules.scopes import Scope, is_enough, scopes_for
from screening.services.tokens import make_token
from tests import factories

READ = {"name": "Export", "scopes": ["read"], "days": "30", "review": ""}


def bearer(text):
    return Client(headers={"authorization": f"Bearer {text}"})


def records_url(review):
    place = {"slug": review.slug, "stage": "title-abstract"}
    return reverse("screening-api:stage-records", kwargs=place)


def next_url(review):
    return reverse("screening-api:next", kwargs={"slug": review.slug, "stage": "title-abstract"})


def token_for(member, *scopes, **fields):
    values = {"name": "x", "days": 5, "user": member.user, "scopes": scopes or [Scope.READ]}
    return make_token(**values | fields)


def test_a_token_made_on_the_page_is_shown_once_and_opens_the_api(review, screener, client_of):
    browser = client_of(screener)
    page = browser.post(reverse("screening:tokens"), READ)
    text = re.search(r"srt_[\w-]{43}", page.text)[0]
    stored = ApiToken.objects.get()
    assert text not in str(vars(stored))
    assert text not in browser.get(reverse("screening:tokens")).text
    assert bearer(text).get(records_url(review)).status_code == 200
    assert AuditEvent.objects.filter(action="api_token.made", actor=screener.user).exists()
    stored.refresh_from_db()
    assert stored.last_used_at is not None


def test_a_withdrawn_an_expired_and_a_made_up_token_open_nothing(review, screener, client_of):
    token, text = token_for(screener)
    client_of(screener).post(reverse("screening:withdraw-token", kwargs={"token_id": token.pk}))
    old, old_text = token_for(screener)
    long_ago = timezone.now() - timedelta(days=9)
    ApiToken.objects.filter(pk=old.pk).update(
        created_at=long_ago, expires_at=long_ago + timedelta(days=1)
    )
    for wrong in (text, old_text, "srt_nothing"):
        answer = bearer(wrong).get(records_url(review))
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_nobody_withdraws_anothers_token(screener, other_screener, client_of):
    token, _ = token_for(screener)
    address = reverse("screening:withdraw-token", kwargs={"token_id": token.pk})
    assert client_of(other_screener).post(address).status_code == 404
    token.refresh_from_db()
    assert token.is_usable


def test_a_token_does_no_more_than_its_scopes(review, screener):
    factories.make_record(review)
    _, reading = token_for(screener, Scope.READ)
    _, screening = token_for(screener, Scope.SCREEN)
    refused = bearer(reading).post(next_url(review))
    assert refused.status_code == 403
    assert "scope screen" in refused.json()["detail"]
    assert bearer(screening).post(next_url(review)).status_code == 200
    assert bearer(screening).get(records_url(review)).status_code == 403


def test_a_token_does_no_more_than_its_holders_roles(review, observer):
    _, text = token_for(observer, *Scope)
    assert bearer(text).post(next_url(review)).status_code == 403


def test_a_token_of_one_review_finds_no_other(review, screener):
    other = factories.make_review()
    factories.make_member(other, "screener", user=screener.user)
    _, text = token_for(screener, review=review)
    assert bearer(text).get(records_url(review)).status_code == 200
    assert bearer(text).get(records_url(other)).status_code == 404


def test_a_token_ends_with_its_holders_membership_and_account(review, screener):
    _, text = token_for(screener)
    screener.deactivated_at = timezone.now()
    screener.save()
    assert bearer(text).get(records_url(review)).status_code == 404
    screener.user.is_active = False
    screener.user.save()
    assert bearer(text).get(records_url(review)).status_code == 401


@pytest.mark.parametrize(
    ("change", "said"),
    [({"scopes": []}, "good for"), ({"name": ""}, "required"), ({"days": "9999"}, "valid choice")],
)
def test_a_wrong_form_says_so_and_keeps_what_was_typed(screener, client_of, change, said):
    page = client_of(screener).post(reverse("screening:tokens"), READ | {"name": "Kept"} | change)
    assert page.status_code == 400
    assert said in page.text
    assert "name" in change or "Kept" in page.text
    assert not ApiToken.objects.exists()


def test_too_many_wrong_tokens_have_to_wait(review, db, monkeypatch):
    monkeypatch.setattr("screening.api.authentication.BadTokenRate.rate", "2/min", raising=False)
    answers = [bearer("srt_x").get(records_url(review)) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()["code"] == "throttled"


def test_too_many_requests_of_a_person_have_to_wait(review, screener, monkeypatch):
    monkeypatch.setattr("screening.api.authentication.PersonRate.rate", "3/min", raising=False)
    _, text = token_for(screener)
    codes = [bearer(text).get(records_url(review)).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]


def test_every_capability_has_a_scope_and_reading_needs_read():
    for capability in Capability:
        assert scopes_for(capability, is_write=True)
        assert is_enough(["read"], capability, is_write=False)
        assert not is_enough([], capability, is_write=True)
    assert not is_enough(["read"], Capability.MANAGE, is_write=True)
