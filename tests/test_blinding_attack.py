"""Every address, asked by a blinded member while another says one thing or its opposite.

One world, two states: what is said the first way is rolled back before the second is said.
Verdicts, reasons, comments, notes, private notes, tags, messages, values and quotes differ between
the two; answers may not, neither in status, ETag and length nor in a single letter. On the way no
GET may write anything but a lease, a session, and that somebody took an export.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from analytics.services.pictures import NoPicturesError
from analytics.services.reports import start_report
from extraction.models import ExtractionForm
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from reviewapp import jobs
from screening.models import Job, Membership, Tag
from screening.rules.consensus import Stage, Verdict
from screening.services.detection import start_detection
from tests import factories
from tests.attack import (
    SEARCH,
    WAYS,
    Way,
    asked,
    listening,
    plain,
    read_into,
    say_of_record,
    sent,
)
from tests.doors.api import API_DOORS
from tests.doors.door import Door
from tests.doors.world import World, make_world
from tests.pdf import make_pdf
from tests.test_doors import DOORS, arguments_of

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz, pytest.mark.timeout(900)]

READING = [door for door in [*DOORS, *API_DOORS] if door.method == "get"]
RECORD_PAGES = (
    "records record stage-records conflicts counts worklist screen progress decided reports report "
    "discussion export settled audit"
)
WRITING = [door for door in [*DOORS, *API_DOORS] if door.method != "get"]
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


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all: what a test does is rolled back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world(
            "ours", to_json(template("ssl_classification")), make_pdf(["Some words."])
        )
        for way in WAYS:  # the labels of a review are told to all; who put them where is not
            Tag.objects.create(review=made.review, label=f"{way.word} tag")
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(house: World, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    now = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    monkeypatch.setattr("django.test.client.store_rendered_templates", no_copies_of_contexts)
    monkeypatch.setattr("secrets.token_bytes", lambda count=32: b"x" * (count or 32))
    return house


def no_copies_of_contexts(*_: object, **__: object) -> None:
    """Answers are compared, not contexts; copying them takes as long as rendering."""


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
            key = f"{door.method} {door.name} {arguments} {query}"
            if door.method == "get":
                with undone():
                    found[key] = asked(client, door, arguments, **query)
                continue
            for data in as_given_and_wrong(door):
                with undone():
                    found[f"{key} {data}"] = sent(client, door, arguments, data)
    return found


def as_given_and_wrong(door: Door) -> list[dict[str, Any]]:
    """What the door is sent, and something that every form refuses."""
    given = {name: value() if callable(value) else value for name, value in door.data.items()}
    wrong = {name: "\\0 no such thing" for name in given if not isinstance(given[name], bytes)}
    return [given, wrong] if wrong else [given]


def telling(
    reader: Membership, world: World, doors: list[Door], say: Say, own: dict[str, int]
) -> list[str]:
    """Questions whose answers tell what was said, in words or by being different."""
    told, lines = [], []
    for way in WAYS:
        with undone(), listening() as heard:
            say(way)
            told.append(answers(reader, world, doors, own))
            lines += heard.said
    first, second = told
    planted = [way.said("").encode() for way in WAYS]
    read = [answer for key, answer in first.items() if key.startswith("get ")]
    assert sum(answer.startswith(b"200") for answer in read) >= len(read) * 0.7
    assert not [line for line in lines if SEARCH in line]
    assert mail.outbox == []
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


@pytest.fixture
def of_all_roles(world: World) -> Membership:
    return factories.make_member(
        world.review, "lead", "screener", "extractor", "adjudicator", "observer"
    )


def test_no_address_tells_a_member_of_all_roles_what_another_said(world, other, of_all_roles):
    say, own = everything_said_by(other, world)
    assert telling(of_all_roles, world, READING, say, own) == []


@pytest.mark.parametrize("roles", ["lead-screener-extractor-adjudicator-observer", "observer"])
def test_nor_does_anything_that_is_sent_and_its_messages_and_refusals(world, other, roles):
    reader = factories.make_member(world.review, *roles.split("-"))
    say, own = everything_said_by(other, world)
    assert telling(reader, world, WRITING, say, own) == []


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


def test_nor_does_the_work_that_a_member_lets_a_worker_do(world, other, of_all_roles, monkeypatch):
    """The report as this member may see it, and the search for duplicates: rows and files."""
    monkeypatch.setattr("analytics.services.reports.pictures_of", no_pictures)
    say, _own = everything_said_by(other, world)
    told = []
    for way in WAYS:
        with undone():
            say(way)
            asked_for = [
                start_report(member=of_all_roles),
                start_detection(membership=of_all_roles),
            ]
            told.append([outcome(job) for job in asked_for])
    assert told[0] == told[1]
    assert told[0][0][0] == "done"
    assert len(told[0][0]) == 4  # both files of the report
    words = b"".join(part for job in told[0] + told[1] for part in job if isinstance(part, bytes))
    assert b"excluded" in words
    assert SEARCH.encode() not in words


def outcome(job: Job) -> list[str | bytes]:
    """What a worker makes of a job: its state, what it says, and the files it wrote."""
    jobs.perform(job.pk, owner="here:1:aa")
    job.refresh_from_db()
    files = (job.result or {}).pop("files", {}) if isinstance(job.result, dict) else {}
    written = []
    for _, name in sorted(files.items()):
        with default_storage.open(name) as file:
            written.append(plain(file.read()))
    return [job.state, f"{job.message} {job.error} {job.result} {job.done} {job.total}", *written]


def no_pictures(*_: object) -> None:
    raise NoPicturesError("No pictures here.")


def test_the_attack_sees_what_is_open(world, other):
    """With blinding off the same questions do tell, so the test can fail."""
    world.review.stage_settings.update(is_blinded=False)
    reader = factories.make_member(world.review, "lead")
    say, own = everything_said_by(other, world)
    doors = [door for door in READING if door.name in {"screening:record", "screening-api:record"}]
    assert len(telling(reader, world, doors, say, own)) >= len(doors)
