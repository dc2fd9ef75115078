"""What another person says in two ways, and how a blinded member's answers to it are compared.

The two ways differ in every word, verdict and value, and agree in how much was said and when,
since the progress of a team is told to all. What a blinded member is answered must be the same
after either.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.models import ExtractedValue, Extraction, ExtractionForm, ExtractionRow, Study
from screening.models import DiscussionMessage, Membership, Record
from screening.rules.consensus import Stage, Verdict
from screening.services.labels import add_note, add_tag
from tests import factories
from tests.doors.door import Door

CHANGING = [  # what differs between two answers to one question, whatever others said
    re.compile(rb'name="(csrfmiddlewaretoken|client_key|key)" value="[^"]*"'),
    re.compile(rb'"X-CSRFToken": "[^"]*"'),
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
    """Status, telling headers and body of an answer, without what always changes."""
    with connection.execute_wrapper(no_write):
        response = client.get(reverse(door.name, kwargs=arguments), query)
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    response.close()
    told = [str(response.status_code), response.get("ETag", ""), response.get("Last-Modified", "")]
    return "\n".join([*told, response.get("Location", "")]).encode() + plain(body)


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
