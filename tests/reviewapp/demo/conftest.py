"""The demo, loaded once for all tests that only look at it."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from reviewapp.demo import DemoPeople, load_demo
from screening.models import Review
from tests import factories


@pytest.fixture(scope="package")
def loaded_demo(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[DemoPeople]:
    """The demo inside a transaction that ends with this package's tests.

    Where the folder is no package, pytest keeps a package's fixture until the end of the run, and
    every later test that counts rows finds the demo's among them.
    """
    assert isinstance(request.node, pytest.Package), "this folder needs its __init__.py"
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield load_demo(admin=factories.make_user("Ada Admin", email="admin@example.org"))
            transaction.set_rollback(True)
        assert not connection.in_atomic_block
        assert not Review.objects.exists(), "the demo outlived its tests"


@pytest.fixture
def people(loaded_demo: DemoPeople, db: None) -> DemoPeople:
    return loaded_demo


@pytest.fixture
def review(people: DemoPeople) -> Review:
    return people.review
