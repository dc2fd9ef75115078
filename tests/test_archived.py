"""An archived review: every door that writes is closed to everybody, every other one as before."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import Review
from screening.rules.roles import Capability, Role
from tests import factories
from tests.doors.api import API_DOORS
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.responses import close
from tests.test_api_doors import as_file, undone
from tests.test_doors import DOORS, arguments_of

REFUSED = 403
# What decides over the whole review, and what stops work without changing the review.
OPEN = {
    "screening:life",
    "screening:bundles",
    "screening-api:bundles",
    "screening-api:archive",
    "screening-api:deletion",
    "screening-api:cancel-job",
}
WRITES = [
    door
    for door in [*DOORS, *API_DOORS]
    if door.method != "get" and door.name not in OPEN and door.capability is not Capability.EXPORT
]
# The top floor draws and computes, which takes long, and has nothing to write while it is read.
READS = [
    door
    for door in [*DOORS, *API_DOORS]
    if door.method == "get" and not door.name.startswith("analytics")
]


@pytest.fixture
def world(db: None) -> World:
    definition = to_json(template("ssl_classification"))
    return make_world("ours", definition, make_pdf(["Some words."]))


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(factories.make_member(world.review, *Role).user)
    return client


def answer(client, door, world):
    url = reverse(door.name, kwargs=arguments_of(door, world))
    data = {name: value() if callable(value) else value for name, value in door.data.items()}
    sent = {"data": {name: as_file(value) for name, value in data.items()}}
    is_file = any(isinstance(value, bytes) for value in data.values())
    if door.name.partition(":")[0].endswith("-api") and door.method != "get" and not is_file:
        sent = {"data": data, "content_type": "application/json"}
    with undone():
        response = getattr(client, door.method)(url, **sent)
        words = b"" if response.streaming else response.content
        close(response)
    return response.status_code, words


def rows():
    # a query writes nothing; sessions and rankings kept in files have their own life
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for house in ("screening", "extraction", "analytics")
        for model in apps.get_app_config(house).get_models()
    }


@pytest.mark.one_database
def test_nobody_writes_through_any_door_of_an_archived_review(client, world):
    Review.objects.filter(pk=world.review.pk).update(archived_at=timezone.now())
    before = rows()
    wrong = []
    for door in WRITES:
        status, words = answer(client, door, world)
        if status != REFUSED or b"archived" not in words:
            wrong.append((door.method, door.name, status))
    assert wrong == []
    assert rows() == before
    assert len(WRITES) > 200


def test_nothing_that_is_only_read_is_closed(client, world):
    Review.objects.filter(pk=world.review.pk).update(archived_at=timezone.now())
    wrong = []
    for door in READS:
        status, words = answer(client, door, world)
        is_closed = status == REFUSED and b"archived" in words
        wrong += [(door.name, status)] if is_closed or status >= 500 else []
    assert wrong == []
    assert len(READS) > 100
