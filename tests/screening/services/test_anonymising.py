"""A person's own data, and a person made unknown whose work goes on counting."""

import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from screening.models import (
    ApiToken,
    AuditEvent,
    Decision,
    Invitation,
    Note,
    Record,
    User,
)
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Role
from screening.rules.scopes import Scope
from screening.selectors.audit import check_chain
from screening.selectors.blinding import status_of
from screening.services.anonymising import anonymise_person
from screening.services.labels import add_note
from screening.services.people import accept_invitation, invite
from screening.services.settings import change_review
from screening.services.tokens import make_token
from tests import factories
from tests.screening.services.test_decisions import decide

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("root@example.org", PASSWORD, name="Ruth Root")


@pytest.fixture
def person(lead, db):
    """Somebody who was invited, screened, wrote, was written about, and signed in."""
    user = User.objects.create_user("Nora.Known@example.org", PASSWORD, name="Nora Known")
    _, token = invite(lead=lead, roles=[Role.SCREENER], email=user.email)
    member = accept_invitation(user=user, token=token)
    record = factories.make_record(lead.review, authors=["Nora Known"])
    decide(member, record)
    decide(factories.make_member(lead.review, "screener"), record)
    add_note(membership=member, record=record, body="Asked nora.known@example.org, I am in.")
    change_review(lead=lead, protocol="Screened by Nora  Known (Nora.Known@example.org).")
    make_token(user=user, name="Script", scopes=[Scope.READ], days=5)
    browser = Client()
    sent = {"username": user.email, "password": PASSWORD}
    assert browser.post(reverse("screening:login"), sent).status_code == 302
    member.browser = browser
    return member


def everything():
    """All text of all tables, with what each table is."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                yield table, " ".join(str(cell) for cell in row).casefold()


def test_nothing_names_the_person_any_more_and_the_work_counts(lead, person, admin):
    record = Record.objects.get()
    done = anonymise_person(person=person.user, by=admin)
    naming = {table for table, text in everything() if "nora" in text or "known@" in text}
    assert naming == {"screening_record"}, "the authors of papers are not people of the review"
    person.refresh_from_db()
    person.user.refresh_from_db()
    assert (str(person), person.is_active) == (f"Person {person.user_id}", False)
    assert Decision.objects.current().filter(reviewer=person).count() == 1
    assert status_of(record, Stage.TITLE_ABSTRACT) == Status.INCLUDED
    note = Note.objects.get(author=person).body
    assert note == f"Asked person-{person.user_id}@anonymised.invalid, I am in."
    assert not ApiToken.objects.filter(user=person.user).exists()
    assert person.browser.get(reverse("screening:home")).status_code == 302
    assert (done["events"], done["texts"], done["sign_ins"]) == (2, 2, 2)


def test_the_chains_stay_unbroken_and_a_forged_redaction_breaks_them(lead, person, admin):
    anonymise_person(person=person.user, by=admin)
    chain = check_chain(review=lead.review)
    assert (chain.is_whole, chain.redacted) == (True, 2)
    assert check_chain(review=None).is_whole
    event = AuditEvent.objects.filter(review=lead.review, redacted_at__isnull=False).first()
    AuditEvent.objects.filter(pk=event.pk).update(
        after={"roles": ["lead"]}, redacted_at=event.created_at
    )
    assert check_chain(review=lead.review).broken == [event.pk]


def test_somebody_of_the_same_first_name_keeps_it(lead, person, admin):
    other = factories.make_user("Nora Other")
    anonymise_person(person=person.user, by=admin)
    other.refresh_from_db()
    assert other.name == "Nora Other"


def test_who_is_needed_is_not_made_unknown(lead, screener, admin, person):
    with pytest.raises(ValidationError, match="only lead"):
        anonymise_person(person=lead.user, by=admin)
    with pytest.raises(ValidationError, match="only administrator"):
        anonymise_person(person=admin, by=admin)
    with pytest.raises(PermissionDenied):
        anonymise_person(person=screener.user, by=lead.user)
    anonymise_person(person=person.user, by=admin)
    with pytest.raises(ValidationError, match="already"):
        anonymise_person(person=person.user, by=admin)


def test_the_command_asks_first(person):
    with pytest.raises(CommandError, match="--yes"):
        call_command("anonymise_person", person.user.email)
    with pytest.raises(CommandError, match="no account"):
        call_command("anonymise_person", "nobody@example.org", "--yes")
    call_command("anonymise_person", person.user.email, "--yes", stdout=io.StringIO())
    assert not Invitation.objects.filter(email__contains="nora").exists()


def read(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.rpartition(".")[0]: [json.loads(line) for line in archive.open(name)]
            for name in archive.namelist()
            if name != "README.txt"
        }


def test_a_person_downloads_what_is_held_on_them_and_nothing_of_others(person, screener, lead):
    add_note(membership=screener, record=Record.objects.get(), body="Not Nora's business.")
    answer = person.browser.get(reverse("screening:own-data"))
    content = b"".join(answer.streaming_content)
    answer.close()
    found = read(content)
    assert found["account"][0]["email"] == person.user.email
    assert found["screening.membership"][0]["id"] == person.pk
    assert [row["verdict"] for row in found["screening.decision"]] == ["include"]
    assert len(found["screening.note"]) == 1
    assert found["screening.apitoken"][0]["name"] == "Script"
    assert len(found["sign_ins.accesslog"]) == len(found["screening.signin"]) == 1
    assert {row["actor_id"] for row in found["audit_events"]} == {person.user_id}
    told = json.dumps(found)
    secrets = (
        "business",
        lead.user.email,
        "token_hash",
        "session_key",
        "pbkdf2",
        "md5$",
        '"password":',
    )
    assert [secret for secret in secrets if secret in told] == []


def test_the_command_writes_the_same_and_never_over_a_file(person, tmp_path):
    target = tmp_path / "nora.zip"
    call_command("export_person", person.user.email, "-o", str(target), stdout=io.StringIO())
    assert read(target.read_bytes())["account"][0]["name"] == "Nora Known"
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_person", person.user.email, "-o", str(target))
