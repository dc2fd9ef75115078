"""Every address of the API x role x expected answer; each is asked in a transaction of its own.

One world serves all doors, since each request is rolled back: thousands of answers in seconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.rules.roles import Role, capabilities_of
from screening.rules.scopes import Scope
from screening.services.tokens import make_token
from tests import factories
from tests.doors.api import API_DOORS
from tests.doors.door import Door
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.responses import close
from tests.test_doors import ROUTES, arguments_of

UNKNOWN, REFUSED, HIDDEN = 401, 403, 404
PROBLEM = "application/problem+json"
# Refused to some who have the capability: a consensus to screeners who did not decide, and what
# blinding hides (its own tests say when).
STRICTER = {
    "screening-api:consensus",
    "extraction-api:extraction",
    "analytics-api:agreement",
    "analytics-api:agreement-file",
    "analytics-api:pilot-agreement",
}
OWN_FIRST = {"extraction-api:row"}  # without an extraction of one's own no row is looked for


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, door: Door, arguments: dict[str, Any]) -> HttpResponseBase:
    url = reverse(door.name, kwargs=arguments)
    sent: dict[str, Any] = {}
    if any(isinstance(value, bytes) for value in door.data.values()):
        sent = {"data": {name: as_file(value) for name, value in door.data.items()}}
    elif door.method == "get":
        sent = {"query_params": door.data}
    else:
        data = {name: value() if callable(value) else value for name, value in door.data.items()}
        sent = {"data": data, "content_type": "application/json"}
    with undone():
        response = getattr(client, door.method)(url, **sent)
        close(response)
    assert response.status_code < 500, door
    if response.status_code >= 400:
        assert response["Content-Type"] == PROBLEM, door
    return response


def as_file(value: Any) -> Any:
    return SimpleUploadedFile("x", value) if isinstance(value, bytes) else value


def make(slug: str) -> World:
    definition = to_json(template("ssl_classification"))
    return make_world(slug, definition, make_pdf(["Some words."]))


@pytest.fixture
def world(db: None) -> World:
    return make("ours")


def client_with_token(world: World, *roles: Role) -> Client:
    member = factories.make_member(world.review, *(role.value for role in roles))
    _, text = make_token(user=member.user, name="x", scopes=list(Scope), days=1)
    return Client(headers={"authorization": f"Bearer {text}"})


@pytest.mark.one_database
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("has_token", [False, True], ids=["session", "token"])
def test_each_role_is_let_in_or_refused(role, has_token, world):
    if has_token:
        client = client_with_token(world, role)
    else:
        client = Client()
        client.force_login(factories.make_member(world.review, role.value).user)
    wrong = []
    for door in API_DOORS:
        status = ask(client, door, arguments_of(door, world)).status_code
        if door.capability in capabilities_of([role]):
            barred = {UNKNOWN, HIDDEN, 405, 415}
            barred |= set() if door.name in STRICTER else {REFUSED}
            is_right = status not in barred
        else:
            is_right = status == REFUSED
        wrong += [] if is_right else [(door.method, door.name, status)]
    assert wrong == []


def test_a_member_of_all_roles_is_let_in_everywhere(world):
    client, wrong = client_with_token(world, *Role), []
    for door in API_DOORS:
        status = ask(client, door, arguments_of(door, world)).status_code
        barred = {UNKNOWN, HIDDEN, 405, 415} | (set() if door.name in STRICTER else {REFUSED})
        wrong += [(door.method, door.name, status)] if status in barred else []
    assert wrong == []


@pytest.mark.one_database
def test_a_stranger_and_a_former_member_find_nothing(world):
    former = factories.make_member(world.review, *Role)
    former.deactivated_at = timezone.now()
    former.save()
    for person in (factories.make_user(), former.user):
        client = Client()
        client.force_login(person)
        for door in API_DOORS:
            status = ask(client, door, arguments_of(door, world)).status_code
            assert status == HIDDEN, (door, status)


@pytest.mark.one_database
def test_a_visitor_is_told_to_bring_a_token(world):
    for door in API_DOORS:
        answer = ask(Client(), door, arguments_of(door, world))
        assert answer.status_code == UNKNOWN, door
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.one_database
def test_objects_of_another_review_are_not_found(world):
    foreign = make("theirs")
    client, wrong = client_with_token(world, *Role), []
    for door in API_DOORS:
        mine, theirs = arguments_of(door, world), arguments_of(door, foreign)
        for name in mine:
            if name not in door.fixed:
                status = ask(client, door, mine | {name: theirs[name]}).status_code
                is_hidden = status == HIDDEN or (door.name in OWN_FIRST and status == 409)
                wrong += [] if is_hidden else [(door.method, door.name, name, status)]
    assert wrong == []


@pytest.mark.one_database
def test_a_reading_token_changes_nothing_anywhere(world):
    member = factories.make_member(world.review, *Role)
    _, text = make_token(user=member.user, name="x", scopes=[Scope.READ], days=1)
    client = Client(headers={"authorization": f"Bearer {text}"})
    for door in API_DOORS:
        status = ask(client, door, arguments_of(door, world)).status_code
        if door.name not in STRICTER:
            assert (status == REFUSED) == (door.method != "get"), (door, status)


def test_every_method_of_the_api_has_a_door():
    asked = {(door.name, door.method) for door in API_DOORS}
    missing = []
    for name, view in views(get_resolver().url_patterns):
        if name.split(":")[0].endswith("-api") and "<slug:slug>" in ROUTES[name]:
            methods = [m for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)]
            missing += [(name, m) for m in methods if (name, m) not in asked]
    assert missing == [], "add a Door for each of these to tests/doors/api/<area>.py"


def views(patterns: Any, space: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from views(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", getattr(pattern.callback, "view_class", None)
