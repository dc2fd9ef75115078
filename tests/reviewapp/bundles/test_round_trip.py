import csv
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from extraction.models import ConsensusValue
from reviewapp.bundles.about import CRATE, MANIFEST
from reviewapp.bundles.belongs import TABLES
from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.exporting import write_bundle
from reviewapp.bundles.importing import import_bundle
from reviewapp.bundles.options import Options
from screening.models import AuditEvent, FullText, Job, Membership, Note, Review, User
from screening.rules.bundles import Files
from tests import factories
from tests.whole_review import fill, rows_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def whole(review, lead, screener, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "stored"},
        },
    }
    fill(review, lead, screener)
    return review


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def content_hash(path):
    return json.loads(contents(path)[MANIFEST])["content_sha256"]


def table(path, name):
    text = contents(path)[f"tables/{name}.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_review_comes_back_equal_beside_the_first_and_is_exported_the_same(whole, tmp_path):
    first, again, second = (tmp_path / f"{name}.zip" for name in "abc")
    told = io.StringIO()
    call_command(
        "export_bundle", "--review", "ssl", "-o", str(first), "--files", "all", stdout=told
    )
    assert all(rows_of(one, whole).exists() for one in TABLES)
    write_bundle(whole, again, Options(Files.ALL))
    assert content_hash(again) == content_hash(first)
    assert f"Content SHA-256: {content_hash(first)}" in told.getvalue()

    call_command("import_bundle", str(first), "--slug", "twin", stdout=io.StringIO())
    twin = Review.objects.get(slug="twin")
    call_command("export_bundle", "--review", "twin", "-o", str(second), "--files", "all",
                 stdout=io.StringIO())  # fmt: skip
    assert content_hash(second) == content_hash(first)
    assert not {row.pk for row in rows_of(TABLES[-2], whole)} & {
        row.pk for row in rows_of(TABLES[-2], twin)
    }
    events = list(AuditEvent.objects.filter(review=twin).order_by("pk"))
    previous = ""
    for event in events:
        assert (event.previous_hash, event.hash) == (previous, event.computed_hash())
        previous = event.hash
    actions = [event.action for event in events]
    assert actions[-2:] == ["bundle.imported", "bundle.exported"]
    changed = next(event for event in events if event.action == "group.changed")
    members = set(Membership.objects.filter(review=twin).values_list("pk", flat=True))
    assert set(changed.after["members"]) == members
    with FullText.objects.get(report__record__review=twin).file.open() as file:
        assert file.read().startswith(b"%PDF")
    taken = set(twin.records.values_list("pk", flat=True))
    assert factories.make_record(whole).pk not in taken  # ids go on behind those given out


def test_the_crate_names_every_file_with_its_hash(whole, tmp_path):
    write_bundle(whole, tmp_path / "a.zip", Options())
    held = contents(tmp_path / "a.zip")
    graph = {one["@id"]: one for one in json.loads(held[CRATE])["@graph"]}
    root = graph["./"]
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    assert graph[CRATE]["about"] == {"@id": "./"}
    files = json.loads(held[MANIFEST])["files"]
    for path in held.keys() - {MANIFEST, CRATE, "about/made.json"}:
        assert {"@id": path} in root["hasPart"] or path.startswith("about/")
        if path in graph:
            assert graph[path]["sha256"] == files[path]["sha256"]
    record = table(tmp_path / "a.zip", "records")[0]
    assert record["title"] == '\'=SUM("Σ")'  # no spreadsheet takes it for a formula
    assert record["raw_text"] == "a\r\nb\rc\n'd"


def test_pseudonyms_leave_nobodys_name_or_address(whole, lead, screener, tmp_path):
    Note.objects.update(body=f"{lead.user.name} and {screener.user.email} and sister@example.org")
    outsider = factories.make_user("Iris Invited")
    AuditEvent.objects.append(
        action="member.invited", target=outsider, review=whole, after={"email": outsider.email}
    )
    path = tmp_path / "a.zip"
    write_bundle(whole, path, Options(Files.FULL_TEXTS, has_pseudonyms=True))
    for name, content in contents(path).items():
        text = content.decode(errors="replace").casefold()
        for user in (lead.user, screener.user):
            assert user.email not in text, name
            assert user.name.casefold() not in text, name
        assert outsider.email not in text, name
        assert "sister@example.org" not in text, name
    assert table(path, "people")[0]["email"] == "person-1@pseudonym.invalid"
    assert contents(path)["about/audit_chain.jsonl"] == b""

    twin = import_bundle(path, slug="twin").review
    assert not User.objects.get(email="person-1@pseudonym.invalid").is_active
    write_bundle(twin, tmp_path / "b.zip", Options(Files.FULL_TEXTS))
    assert content_hash(tmp_path / "b.zip") == content_hash(path)


def test_private_notes_stay_with_their_authors(whole, lead, tmp_path):
    note = Note.objects.filter(record__review=whole).first()
    Note.objects.create(record=note.record, author=lead, body="for my eyes", is_private=True)
    path = tmp_path / "a.zip"
    write_bundle(whole, path, Options())
    assert b"for my eyes" not in contents(path)["tables/notes.csv"]
    assert json.loads(contents(path)["about/made.json"])["private_notes_left_out"] == 1
    with pytest.raises(CommandError, match="with pseudonyms or not at all"):
        call_command("export_bundle", "--review", "ssl", "-o", str(path), "--private-notes")
    with pytest.raises(BundleRefusedError, match="names of reviewers"):
        Options(Files.ALL, has_pseudonyms=True)


def test_no_such_review_no_such_folder_no_such_lead(whole, tmp_path):
    with pytest.raises(CommandError, match="no review with the slug"):
        call_command("export_bundle", "--review", "none", "-o", "x.zip")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_bundle", "--review", "ssl", "-o", str(tmp_path / "no" / "x.zip"))
    with pytest.raises(CommandError, match="no account"):
        call_command("import_bundle", "x.zip", "--lead", "nobody@example.org")


def test_somebody_can_be_named_to_lead_what_came_in(whole, stranger, tmp_path):
    write_bundle(whole, tmp_path / "a.zip", Options())
    with pytest.raises(CommandError, match="--slug NEW"):
        call_command("import_bundle", str(tmp_path / "a.zip"))
    call_command("import_bundle", str(tmp_path / "a.zip"), "--slug", "twin", "--lead",
                 stranger.email, stdout=io.StringIO())  # fmt: skip
    assert Membership.objects.get(review__slug="twin", user=stranger).is_lead
    assert not Job.objects.filter(review__slug="twin").exists()
    assert ConsensusValue.objects.filter(reconciliation__study__review__slug="twin").exists()
