"""Exports by page, API and command: the same file, the same guard, each in the audit trail."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from screening.exporters.registry import WRITERS
from screening.importers.report import ReportOptions, report_on
from screening.models import AuditEvent
from screening.selectors.exports import Choice
from screening.selectors.records import Filters
from screening.services.exports import export_records
from tests import factories

FORMATS = [writer.name for writer in WRITERS]


@pytest.fixture
def record(review, screener, other_screener):
    record = factories.make_record(review, title="=Retinal images", doi="10.1000/x")
    factories.make_decision(record, screener, "include")
    factories.make_decision(record, other_screener, "exclude")
    return record


def at(name, review, **more):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_downloads_streamed_and_reads_back(
    review, record, lead, client_of, name, tmp_path: Path
):
    response = client_of(lead).get(at("export-file", review), {"format": name})
    assert response.status_code == 200
    assert response.streaming
    assert response["Content-Disposition"].startswith('attachment; filename="ssl-20')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    path = tmp_path / "export"
    path.write_bytes(body(response))
    (again,) = report_on(path, ReportOptions(keep=5)).records
    assert (again.title, again.doi) == ("=Retinal images", "10.1000/x")
    assert {one.person for one in again.prior.decisions} == {"Sam Screener", "Olga Other"}


def test_an_observer_gets_the_status_and_no_verdict(review, record, observer, client_of):
    for name in ("ris", "csv", "bibtex", "csl_json", "nbib"):
        text = body(client_of(observer).get(at("export-file", review), {"format": name})).decode()
        assert "Retinal" in text
        assert "Sam Screener" not in text
        assert "Olga" not in text


def test_a_screener_who_has_not_decided_learns_nothing(review, record, client_of):
    third = factories.make_member(review, "screener")
    text = body(client_of(third).get(at("export-file", review), {"format": "csv"})).decode()
    assert "conflict" not in text.partition("\n")[2]
    narrowed = {"format": "csv", "stage": "title_abstract", "status": "conflict"}
    assert "Retinal" not in body(client_of(third).get(at("export-file", review), narrowed)).decode()


def test_the_page_counts_what_fits_and_says_what_is_wrong(review, record, lead, client_of):
    browser = client_of(lead)
    page = browser.get(at("export", review)).content.decode()
    assert "1 record fits." in page
    for writer in WRITERS:
        assert writer.label in page
    part = browser.get(at("export", review), {"words": "none"}, HTTP_HX_REQUEST="true")
    assert part.content.decode().strip() == "No record fits. Take a filter away."
    wrong = browser.get(at("export", review), {"status": "lost"})
    assert (wrong.status_code, "lost is not one of" in wrong.content.decode()) == (400, True)
    for query in ({"status": "lost"}, {"format": "doc"}):
        assert browser.get(at("export-file", review), query).status_code == 400


@pytest.mark.parametrize("name", ["records", "decided", "conflicts", "screen"])
def test_lists_lead_to_the_export(review, record, screener, client_of, name):
    more = {} if name == "records" else {"stage": "title_abstract"}
    assert (
        at("export", review) in client_of(screener).get(at(name, review, **more)).content.decode()
    )


def test_the_api_streams_the_same_file(review, record, lead, client_of):
    url = reverse("screening-api:export", kwargs={"slug": "ssl", "file_format": "csl_json"})
    response = client_of(lead).get(url, {"stage": "title_abstract", "status": "conflict"})
    assert response["Content-Type"].startswith("application/vnd.citationstyles.csl+json")
    assert [item["title"] for item in json.loads(body(response))] == ["=Retinal images"]
    wrong = client_of(lead).get(url, {"status": "lost"})
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    unknown = reverse("screening-api:export", kwargs={"slug": "ssl", "file_format": "doc"})
    assert client_of(lead).get(unknown).json()["code"] == "unknown"


def test_an_export_is_in_the_audit_trail(review, record, lead):
    choice = Choice(Filters(stage="title_abstract", status="conflict"))
    file = export_records(membership=lead, file_format="ris", choice=choice)
    assert (file.count, file.name.startswith("ssl-title-abstract-conflict-")) == (1, True)
    event = AuditEvent.objects.get(action="records.exported")
    assert event.actor == lead.user
    assert event.after == {
        "format": "ris",
        "records": 1,
        "stage": "title_abstract",
        "status": "conflict",
        "kept_only": True,
    }


def test_a_former_member_and_an_unknown_format_are_refused(review, lead):
    with pytest.raises(ValidationError, match="no format 'doc'"):
        export_records(membership=lead, file_format="doc", choice=Choice(Filters()))
    lead.deactivated_at = lead.joined_at
    with pytest.raises(PermissionDenied):
        export_records(membership=lead, file_format="ris", choice=Choice(Filters()))
    assert not AuditEvent.objects.filter(action="records.exported").exists()


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("export_records", "--review", "ssl", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_command_writes_to_a_file_or_prints(review, record, lead, observer, tmp_path: Path):
    tag = review.tags.create(label="later")
    record.record_tags.create(tag=tag, member=lead)
    path = tmp_path / "out.xlsx"
    command("--format", "xlsx", "--status", "conflict", "-o", str(path))
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert rows[1][:2] == (record.pk, "=Retinal images")
    narrowed = ("--source", record.source.name.upper(), "--tag", "later", "--all")
    assert "TI  - =Retinal images" in command("--format", "ris", *narrowed)
    seen = command("--format", "csv", "--member", observer.user.email)
    assert "Retinal" in seen
    assert "Sam Screener" not in seen


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "xlsx"), "-o FILE"),
        (("--format", "ris", "--member", "no@example.org"), "no review 'ssl' with an active"),
        (("--format", "ris", "--source", "None"), "no source 'None'"),
        (("--format", "ris", "--tag", "None"), "no tag 'None'"),
    ],
)
def test_the_command_says_what_is_missing(review, lead, arguments, message):
    with pytest.raises(CommandError, match=message):
        command(*arguments)
