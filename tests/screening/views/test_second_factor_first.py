"""Before a second factor that is asked for is set up, nothing of any review is shown."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.models import Job, SecondFactor
from screening.rules.scopes import Scope
from screening.services.tokens import make_token
from tests import factories

TITLE, OTHER = "Self-supervised learning", "Open to all"


@pytest.fixture
def closed(lead):
    """The lead's review asks for a second factor; another one of theirs does not."""
    lead.review.second_factor_of = "everyone"
    lead.review.save()
    factories.make_member(factories.make_review(title=OTHER), "lead", user=lead.user)
    return lead


def shown(client, address):
    answer = client.get(address, follow=True)
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace")


ADDRESSES = ["/", "/reviews/new/", "/account/", "/account/tokens/", "/account/data/"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/v1/reviews/"])
def test_no_page_of_ones_own_names_a_closed_review(closed, client_of, address):
    make_token(user=closed.user, name="x", scopes=[Scope.READ], days=1, review=closed.review)
    client = client_of(closed)
    _, told = shown(client, address)
    assert TITLE not in told
    assert closed.review.slug not in told
    SecondFactor.objects.create(user=closed.user, secret="x", confirmed_at=timezone.now())
    status, told = shown(client, address)
    assert status == 200
    if address in {"/", "/reviews/new/", "/account/tokens/", "/api/v1/reviews/"}:
        assert TITLE in told  # so the question can tell


def test_the_list_says_why_and_still_names_the_others(closed, client_of):
    _, told = shown(client_of(closed), "/")
    assert "You are asked for a second factor" in told
    assert OTHER in told


def test_its_work_is_not_found(closed, client_of):
    job = Job.objects.create(kind="find_duplicates", review=closed.review, created_by=closed.user)
    assert client_of(closed).get(reverse("screening:job", args=[job.pk])).status_code == 404


def test_a_token_lists_none_either(closed):
    _, text = make_token(user=closed.user, name="x", scopes=[Scope.READ], days=1)
    client = Client(headers={"authorization": f"Bearer {text}"})
    titles = [one["title"] for one in client.get("/api/v1/reviews/").json()["results"]]
    assert titles == [OTHER]


def test_where_the_installation_asks_everybody_the_list_is_empty(closed, client_of, settings):
    settings.REQUIRE_SECOND_FACTOR = "everyone"
    _, told = shown(client_of(closed), "/")
    assert TITLE not in told
    assert OTHER not in told
