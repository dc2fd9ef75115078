"""The demo, loaded once for all tests that only look at it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from reviewapp.demo import DemoPeople, load_demo
from reviewapp.management.commands import load_demo as command
from screening.models import Review, User
from tests import factories

ADMIN = "admin@example.org"


@dataclass(frozen=True)
class Loaded:
    """Who was made, and what the command that loaded the demo printed."""

    people: DemoPeople
    printed: str


@pytest.fixture(scope="package")
def loaded(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Loaded]:
    """The demo inside a transaction that ends with this package's tests.

    Where the folder is no package, pytest keeps a package's fixture until the end of the run, and
    every later test that counts rows finds the demo's among them.
    """
    assert isinstance(request.node, pytest.Package), "this folder needs its __init__.py"
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield load_by_command()
            transaction.set_rollback(True)
        assert not connection.in_atomic_block
        assert not Review.objects.exists(), "the demo outlived its tests"


def load_by_command() -> Loaded:
    """What a person does who types `manage.py load_demo`."""
    made: list[DemoPeople] = []

    def load(*, admin: User) -> DemoPeople:
        made.append(load_demo(admin=admin))
        return made[0]

    User.objects.create_superuser(ADMIN, factories.PASSWORD, name="Ada Admin")
    out = io.StringIO()
    with patch.object(command, "load_demo", load):
        call_command("load_demo", stdout=out)
    return Loaded(made[0], out.getvalue())


@pytest.fixture
def people(loaded: Loaded, db: None) -> DemoPeople:
    return loaded.people


@pytest.fixture
def review(people: DemoPeople) -> Review:
    return people.review
