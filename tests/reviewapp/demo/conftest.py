"""The demo, loaded once for all tests that only look at it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from reviewapp.demo import DemoPeople, load_demo
from screening.models import Review
from tests import factories


@pytest.fixture(scope="package")
def loaded_demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoPeople]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(admin=factories.make_user("Ada Admin", email="admin@example.org"))
        transaction.set_rollback(True)


@pytest.fixture
def people(loaded_demo: DemoPeople, db: None) -> DemoPeople:
    return loaded_demo


@pytest.fixture
def review(people: DemoPeople) -> Review:
    return people.review
