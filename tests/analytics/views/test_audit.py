"""The audit trail as the lead reads it: filtered, about one thing, as a file, its chain checked."""

import csv
import io
import json

import pytest
from django.db import connection
from django.urls import reverse

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from extraction.services.extractions import start_extraction
from screening.models import AuditEvent, StageSettings
from screening.rules.roles import Role
from screening.selectors.audit import check_chain
from screening.services.labels import add_note
from screening.services.people import change_roles
from screening.services.settings import change_review
from tests import factories


@pytest.fixture
def trail(lead, screener):
    record = factories.make_record(lead.review, title="A trial")
    change_review(lead=lead, title="=Renamed")
    change_roles(lead=lead, member=screener, roles=[Role.SCREENER, Role.EXTRACTOR])
    add_note(membership=screener, record=record, body="Hm.")
    return record


def page_of(client, review, **asked):
    return client.get(reverse("analytics:audit", kwargs={"slug": review.slug}), asked)


def actions(response):
    return [event.action for event, _ in response.context["lines"]]


def unblind(review):
    StageSettings.objects.filter(review=review).update(is_blinded=False)


def test_the_lead_reads_who_changed_what_from_what_to_what(client_of, lead, trail):
    shown = page_of(client_of(lead), lead.review)
    assert actions(shown)[:2] == ["member.roles_changed", "review.changed"]
    html = shown.content.decode()
    assert "<del>Self-supervised learning</del>" in html
    assert "extractor, screener" in html


def test_while_a_stage_is_blinded_what_others_did_on_records_is_left_out(
    client_of, lead, screener, trail
):
    about = f"record:{trail.pk}"
    assert "note.written" not in actions(page_of(client_of(lead), lead.review, about=about))
    unblind(lead.review)
    assert "note.written" in actions(page_of(client_of(lead), lead.review, about=about))


def test_the_trail_is_narrowed_by_who_what_when_and_about_whom(client_of, lead, screener, trail):
    unblind(lead.review)
    client = client_of(lead)
    assert actions(page_of(client, lead.review, who=screener.user_id)) == ["note.written"]
    assert actions(page_of(client, lead.review, what="review")) == ["review.changed"]
    assert actions(page_of(client, lead.review, until="2020-01-01")) == []
    of_member = actions(page_of(client, lead.review, about=f"member:{screener.pk}"))
    assert of_member == ["note.written", "member.roles_changed"]
    assert page_of(client, lead.review, about="member:999").status_code == 404
    assert page_of(client, lead.review, since="yesterday").status_code == 400


def test_a_study_and_its_rows_have_trails_of_their_own(client_of, lead, extractor):
    study = factories.make_study(lead.review)
    other = factories.make_study(lead.review)
    factories.make_form(lead.review, to_json(template("ssl_classification")))
    for one in (study, other):
        start_extraction(membership=extractor, study=one)
    assert actions(page_of(client_of(lead), lead.review, about=f"study:{study.pk}")) == [
        "extraction.started"
    ]


def test_the_trail_of_another_review_is_not_found(client_of, lead, trail):
    theirs = factories.make_record(factories.make_review(slug="theirs"))
    assert page_of(client_of(lead), lead.review, about=f"record:{theirs.pk}").status_code == 404


def test_files_hold_the_same_events_and_no_formula(client_of, lead, trail):
    def file(kind):
        where = {"slug": lead.review.slug, "file_format": kind}
        answer = client_of(lead).get(reverse("analytics:audit-file", kwargs=where))
        return b"".join(answer.streaming_content).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(file("csv"))))
    told = json.loads(file("json"))
    assert [row["action"] for row in rows] == [event["action"] for event in told]
    assert [json.loads(row["after"]) for row in rows] == [event["after"] for event in told]
    assert told[0]["after"]["title"] == "=Renamed"
    hashes = [row["hash"] for row in rows]
    assert hashes == list(
        AuditEvent.objects.filter(review=lead.review, action__in=[r["action"] for r in rows])
        .order_by("pk")
        .values_list("hash", flat=True)
    )


def test_the_page_says_to_where_the_chain_is_unbroken(client_of, lead, trail):
    where = {"slug": lead.review.slug}
    last = AuditEvent.objects.latest("pk").pk
    shown = client_of(lead).get(reverse("analytics:audit-chain", kwargs=where))
    assert f"Unbroken to event {last}." in shown.content.decode()


def test_a_changed_or_missing_event_breaks_the_chain(lead, trail):
    _first, second, third = AuditEvent.objects.filter(review=lead.review).order_by("pk")[:3]
    with connection.cursor() as cursor:
        drop_triggers(cursor)
        cursor.execute("UPDATE screening_auditevent SET action = 'x.y' WHERE id = %s", [second.pk])
    assert check_chain(review=lead.review).broken == [second.pk]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM screening_auditevent WHERE id = %s", [second.pk])
    assert check_chain(review=lead.review).broken == [third.pk]


def drop_triggers(cursor):
    if connection.vendor == "sqlite":
        cursor.execute("DROP TRIGGER audit_event_is_never_changed")
        cursor.execute("DROP TRIGGER audit_event_is_never_deleted")
    else:
        cursor.execute("DROP TRIGGER audit_event_is_append_only ON screening_auditevent")
