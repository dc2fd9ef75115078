"""Every address, asked by a blinded member while another says one thing or its opposite.

One world, two states: what is said the first way is rolled back before the second is said.
Verdicts, reasons, comments, notes, private notes, tags, messages, values and quotes differ between
the two; answers may not, neither in status, ETag and length nor in a single letter. On the way no
GET may write anything but a lease, a session, and that somebody took an export.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from extraction.models import ExtractionForm
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import Membership, Tag
from screening.rules.consensus import Stage, Verdict
from tests import factories
from tests.attack import SEARCH, WAYS, Way, asked, read_into, say_of_record
from tests.doors.api import API_DOORS
from tests.doors.door import Door
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.test_doors import DOORS, arguments_of

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz]

READING = [door for door in [*DOORS, *API_DOORS] if door.method == "get"]
RECORD_PAGES = (
    "records record stage-records conflicts counts worklist screen progress decided reports report "
    "discussion export settled audit"
)
OF_RECORDS = {  # where verdicts are read, for members of fewer roles
    *(
        f"{space}:{name}"
        for space in ("screening", "screening-api")
        for name in RECORD_PAGES.split()
    ),
    *("analytics:overview", "analytics:waiting", "analytics-api:overview", "analytics:prisma"),
}
SEARCHED = {"screening:records", "screening:worklist", "screening:reports", "extraction:studies"}
Say = Callable[[Way], None]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world("ours", to_json(template("ssl_classification")), make_pdf(["Some words."]))
    for way in WAYS:  # the labels of a review are told to all; who put them where is not
        Tag.objects.create(review=made.review, label=f"{way.word} tag")
    now = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return made


def ways_in(door: Door, world: World, own: dict[str, int]) -> Iterator[tuple[dict, dict]]:
    """The arguments and queries to ask a door with: for the world's objects and for `own`."""
    theirs = arguments_of(door, world)
    yield theirs, {}
    ours = theirs | {name: pk for name, pk in own.items() if name in theirs}
    if ours != theirs:
        yield ours, {}
    if door.name in SEARCHED:
        yield theirs, {"q": SEARCH}


def answers(
    reader: Membership, world: World, doors: list[Door], own: dict[str, int]
) -> dict[str, bytes]:
    client = Client()
    client.force_login(reader.user)
    found = {}
    for door in doors:
        for arguments, query in ways_in(door, world, own):
            with undone():
                key = f"{door.name} {arguments} {query}"
                found[key] = asked(client, door, arguments, **query)
    return found


def telling(
    reader: Membership, world: World, doors: list[Door], say: Say, own: dict[str, int]
) -> list[str]:
    """Questions whose answers tell what was said, in words or by being different."""
    told = []
    for way in WAYS:
        with undone():
            say(way)
            told.append(answers(reader, world, doors, own))
    first, second = told
    planted = [way.said("").encode() for way in WAYS]
    assert sum(answer.startswith(b"200") for answer in first.values()) > len(doors) * 0.7
    return [
        key
        for key, answer in first.items()
        if answer != second[key] or any(word in answer + second[key] for word in planted)
    ]


@pytest.fixture
def other(world: World) -> Membership:
    return factories.make_member(world.review, "screener", "extractor")


def everything_said_by(other: Membership, world: World) -> tuple[Say, dict[str, int]]:
    """One verdict of two at both stages, and one extraction of two."""
    review = world.review
    record, read = factories.make_record(review), factories.make_record(review)
    study = factories.make_study(review, factories.make_report(read))
    form = ExtractionForm.objects.get(review=review)
    factories.make_reason(review)

    def say(way: Way) -> None:
        say_of_record(other, record, Stage.TITLE_ABSTRACT, way)
        assessed = type(record).objects.get(pk=world.arguments["record_id"])
        say_of_record(other, assessed, Stage.FULL_TEXT, way)
        read_into(other, study, form, way)

    return say, {"record_id": record.pk, "study_id": study.pk}


def test_no_address_tells_a_member_of_all_roles_what_another_said(world, other):
    reader = factories.make_member(
        world.review, "lead", "screener", "extractor", "adjudicator", "observer"
    )
    say, own = everything_said_by(other, world)
    assert telling(reader, world, READING, say, own) == []


@pytest.mark.parametrize("roles", [("lead",), ("extractor", "observer")], ids="-".join)
def test_nor_a_member_of_fewer_roles(world, other, roles):
    reader = factories.make_member(world.review, *roles)
    say, own = everything_said_by(other, world)
    doors = [door for door in READING if door.name in OF_RECORDS]
    assert telling(reader, world, doors, say, own) == []


def test_nor_does_a_conflict_tell_a_screener_who_did_not_decide(world, other):
    """Both ways two disagree; which of them said what is what may not be told."""
    third = factories.make_member(world.review, "screener")
    record = factories.make_record(world.review)
    reader = factories.make_member(world.review, "lead", "screener")

    def say(way: Way) -> None:
        say_of_record(other, record, Stage.TITLE_ABSTRACT, way)
        is_in = way.verdict == Verdict.INCLUDE
        against = Verdict.EXCLUDE if is_in else Verdict.INCLUDE
        factories.make_decision(record, third, against, comment=way.said("against"))

    doors = [door for door in READING if door.name in OF_RECORDS]
    assert telling(reader, world, doors, say, {"record_id": record.pk}) == []


def test_the_attack_sees_what_is_open(world, other):
    """With blinding off the same questions do tell, so the test can fail."""
    world.review.stage_settings.update(is_blinded=False)
    reader = factories.make_member(world.review, "lead")
    say, own = everything_said_by(other, world)
    doors = [door for door in READING if door.name in {"screening:record", "screening-api:record"}]
    assert len(telling(reader, world, doors, say, own)) >= len(doors)
