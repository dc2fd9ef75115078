"""Every address of a review x role x expected answer, and no address without a row."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.rules.roles import Capability, Role, capabilities_of
from tests import doors, factories, laws
from tests.doors.api import API_DOORS
from tests.doors.door import Door
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.responses import close

REFUSED, HIDDEN, SIGN_IN = 403, 404, 302
AREAS = [
    importlib.import_module(f"tests.doors.{module.name}")
    for module in pkgutil.iter_modules(doors.__path__)
]
DOORS: list[Door] = [door for area in AREAS for door in getattr(area, "DOORS", [])]
IDS = [f"{door.method} {door.name}" for door in DOORS]


def addresses(
    patterns: list[URLPattern | URLResolver], prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, route, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", route


ROUTES = dict(addresses(get_resolver().url_patterns))


def arguments_of(door: Door, world: World) -> dict[str, object]:
    names = [part.split(">")[0].split(":")[-1] for part in ROUTES[door.name].split("<")[1:]]
    return {
        name: door.fixed[name] if name in door.fixed else world.arguments[name] for name in names
    }


def ask(client: Client, door: Door, arguments: dict[str, object]) -> int:
    url = reverse(door.name, kwargs=arguments)
    client.raise_request_exception = True
    response = getattr(client, door.method)(url, dict(door.data))
    close(response)
    return response.status_code


@pytest.fixture(scope="module")
def worlds(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[World, World]]:
    """Two reviews, made once for all doors: what a test changes is rolled back to here."""
    definition, pdf = to_json(template("ssl_classification")), make_pdf(["Some words."])
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world("ours", definition, pdf), make_world("theirs", definition, pdf)
        transaction.set_rollback(True)


@pytest.fixture
def world(worlds: tuple[World, World], db: None) -> World:
    return worlds[0]


@pytest.fixture
def foreign(worlds: tuple[World, World], db: None) -> World:
    return worlds[1]


def test_no_address_of_a_review_is_missing():
    known = {door.name for door in [*DOORS, *API_DOORS]}  # asked by tests/test_api_doors.py
    missing = [
        name
        for name, route in addresses(get_resolver().url_patterns)
        if "<slug:slug>" in route and name not in known
    ]
    assert missing == [], "add a Door for each of these to tests/doors/<area>.py"


@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_each_role_is_let_in_or_refused(door, world):
    """On a second database one who is let in: who is refused never comes to another statement."""
    arguments = arguments_of(door, world)
    allowed = [role for role in Role if door.capability in capabilities_of([role])]
    for role in allowed[:1] if laws.is_again() else Role:
        client = Client()
        client.force_login(factories.make_member(world.review, role.value).user)
        status = ask(client, door, arguments)
        if door.capability in capabilities_of([role]):
            assert status not in {REFUSED, HIDDEN}, (role, status)
            assert status < 500, (role, status)
        else:
            assert status == REFUSED, (role, status)


@pytest.mark.one_database
@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_a_stranger_and_a_former_member_find_nothing(door, world):
    arguments = arguments_of(door, world)
    former = factories.make_member(world.review, *Role)
    former.deactivated_at = former.joined_at
    former.save()
    for person in (factories.make_user(), former.user):
        client = Client()
        client.force_login(person)
        assert ask(client, door, arguments) == HIDDEN


@pytest.mark.one_database
@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_a_visitor_is_asked_to_sign_in(door, world):
    status = ask(Client(), door, arguments_of(door, world))
    assert status == SIGN_IN


@pytest.mark.one_database
@pytest.mark.parametrize("door", DOORS, ids=IDS)
def test_objects_of_another_review_are_not_found(door, world, foreign):
    mine, theirs = arguments_of(door, world), arguments_of(door, foreign)
    member = factories.make_member(world.review, *Role)
    client = Client()
    client.force_login(member.user)
    for name in mine:
        if name != "slug" and name not in door.fixed:
            assert ask(client, door, mine | {name: theirs[name]}) == HIDDEN, name


def test_every_capability_is_asked_for_somewhere():
    assert {door.capability for door in DOORS} >= {Capability.VIEW, Capability.MANAGE}
