"""The cast: one review, one person per role, and a stranger who must see nothing."""

import pytest
from django.test import Client

from screening.models import Membership, Review, User
from tests import factories


@pytest.fixture
def review(db: None) -> Review:
    return factories.make_review(slug="ssl", title="Self-supervised learning")


@pytest.fixture
def lead(review: Review) -> Membership:
    return factories.make_member(review, "lead", user=factories.make_user("Lena Lead"))


@pytest.fixture
def screener(review: Review) -> Membership:
    return factories.make_member(review, "screener", user=factories.make_user("Sam Screener"))


@pytest.fixture
def other_screener(review: Review) -> Membership:
    return factories.make_member(review, "screener", user=factories.make_user("Olga Other"))


@pytest.fixture
def adjudicator(review: Review) -> Membership:
    return factories.make_member(review, "adjudicator", user=factories.make_user("Ada Judge"))


@pytest.fixture
def extractor(review: Review) -> Membership:
    return factories.make_member(review, "extractor", user=factories.make_user("Ed Extractor"))


@pytest.fixture
def other_extractor(review: Review) -> Membership:
    return factories.make_member(review, "extractor", user=factories.make_user("Eve Extractor"))


@pytest.fixture
def observer(review: Review) -> Membership:
    return factories.make_member(review, "observer", user=factories.make_user("Olaf Observer"))


@pytest.fixture
def stranger(db: None) -> User:
    return factories.make_user("Stella Stranger")


@pytest.fixture
def client_of() -> "type[ClientOf]":
    return ClientOf


class ClientOf(Client):
    """`client_of(lead)` is a browser signed in as that person."""

    def __init__(self, person: Membership | User) -> None:
        super().__init__()
        self.force_login(person if isinstance(person, User) else person.user)
