"""What another person says in two ways, and how a blinded member's answers to it are compared.

The two ways differ in every word, verdict and value, and agree in how much was said and when,
since the progress of a team is told to all. What a blinded member is answered must be the same
after either.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.models import ExtractedValue, Extraction, ExtractionForm, ExtractionRow, Study
from reviewapp.telemetry.formats import JsonLine
from screening.models import DiscussionMessage, Membership, Record
from screening.rules.consensus import Stage, Verdict
from screening.services.labels import add_note, add_tag
from tests import factories
from tests.doors.door import Door

CHANGING = [  # what differs between two answers to one question, whatever others said
    re.compile(rb'name="(csrfmiddlewaretoken|client_key|key)" value="[^"]*"'),
    re.compile(rb'"X-CSRFToken": "[^"]*"'),
]
MADE = [  # what is new in what was just made: its moment, and what is drawn for it
    re.compile(rb'"(created_at|started_at|uuid|seed)": ?("[^"]*"|\d+)'),
]
SAID_AT = timezone.now() - timedelta(days=3)
WRITTEN_BY_READING = {
    "screening_auditevent",
    "screening_screeninglease",
    "django_session",
    "screening_signin",
}
SEARCH = "zqx"  # begins every planted word; no word of the app holds it


@dataclass(frozen=True)
class Way:
    """One of the two ways to say it."""

    word: str
    verdict: Verdict
    value: str

    def said(self, what: str) -> str:
        """An unmistakable word."""
        return f"{SEARCH}{self.word}-{what}"


WAYS = (Way("alder", Verdict.INCLUDE, "0.91"), Way("birch", Verdict.EXCLUDE, "0.47"))


def say_of_record(who: Membership, record: Record, stage: Stage, way: Way) -> None:
    """Decide and write all that may stand beside the decision."""
    factories.make_decision(
        record,
        who,
        way.verdict,
        stage,
        comment=way.said("comment"),
        seconds_spent=40,
        created_at=SAID_AT,
    )
    add_note(membership=who, record=record, body=way.said("note"))
    add_note(membership=who, record=record, body=way.said("private"), is_private=True)
    add_tag(membership=who, record=record, label=f"{way.word} tag")
    DiscussionMessage.objects.create(
        record=record, stage=stage, author=who, body=way.said("message"), created_at=SAID_AT
    )


def read_into(who: Membership, study: Study, form: ExtractionForm, way: Way) -> None:
    """Extract a study and submit it."""
    mine = Extraction.objects.create(
        study=study, form=form, extractor=who, created_at=SAID_AT, submitted_at=SAID_AT
    )
    row = ExtractionRow.objects.create(extraction=mine, group="experiment", position=1)
    for field, value in (("outcome_task", way.said("task")), ("ssl_performance", way.value)):
        ExtractedValue.objects.create(
            extraction=mine,
            row=row,
            field=field,
            value=value,
            page=len(way.value),
            quote=way.said("quote"),
            note=way.said("value-note"),
            created_at=SAID_AT,
        )


def asked(client: Client, door: Door, arguments: dict[str, Any], **query: str) -> bytes:
    """What a GET is answered; it may write next to nothing."""
    with connection.execute_wrapper(no_write):
        return told_by(client.get(reverse(door.name, kwargs=arguments), query))


def sent(client: Client, door: Door, arguments: dict[str, Any], data: dict[str, Any]) -> bytes:
    """What is answered to something that is sent, with the messages that the next page shows."""
    place = reverse(door.name, kwargs=arguments)
    if "api" in door.name.partition(":")[0] and not any(
        isinstance(value, bytes) for value in data.values()
    ):
        response = getattr(client, door.method)(place, data, content_type="application/json")
    else:
        files = {
            name: SimpleUploadedFile("x", value) if isinstance(value, bytes) else value
            for name, value in data.items()
        }
        response = getattr(client, door.method)(place, files)
    shown = [str(one) for one in get_messages(response.wsgi_request)]
    client.cookies.pop("messages", None)
    told = told_by(response) + "\n".join(shown).encode()
    for pattern in MADE:
        told = pattern.sub(b"", told)
    return told


def told_by(response: Any) -> bytes:
    """Status, telling headers and body of an answer, without what always changes."""
    body = b"".join(response) if response.streaming else response.content
    response.close()
    headers = [response.get(name, "") for name in ("ETag", "Last-Modified", "Location")]
    return "\n".join([str(response.status_code), *headers]).encode() + plain(body)


class Lines(logging.Handler):
    """Every line that the app's own form of logging would write, at the least level there is."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLine())
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@contextmanager
def listening() -> Iterator[Lines]:
    """Hear what is logged meanwhile."""
    lines, root = Lines(), logging.getLogger()
    heard = [root, *(logging.getLogger(name) for name in ("reviewapp", "screening"))]
    before = [logger.level for logger in heard]
    root.addHandler(lines)
    root.setLevel(logging.INFO)
    for logger in heard[1:]:
        logger.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(lines)
        for logger, level in zip(heard, before, strict=True):
            logger.setLevel(level)


def no_write(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
    """Refuse what a GET must not write; that somebody took an export is written down."""
    changes = re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
    assert changes is None or changes[2] in WRITTEN_BY_READING, sql
    return execute(sql, params, many, context)


def plain(body: bytes) -> bytes:
    """A packed file unpacked, the day it was packed on left out; without tokens of forms."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = sorted(name for name in packed.namelist() if name != "docProps/core.xml")
            body = b"\n".join(packed.read(name) for name in names)
    for pattern in CHANGING:
        body = pattern.sub(b"", body)
    return body
