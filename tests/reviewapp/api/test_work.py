"""What pages can do, done by a program: from a file to records, from a study to its values."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from extraction.models import ExtractedValue, Extraction
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from reviewapp.jobs import perform
from screening.models import AuditEvent, Job, Record
from tests import factories

RIS = b"TY  - JOUR\nTI  - One title\nAU  - Moreau, A.\nER  - \nTY  - JOUR\nTI  - Another\nER  - \n"


class Program:
    """Asks the API as a person."""

    def __init__(self, client, review):
        self.client, self.slug = client, review.slug

    def url(self, name, **parts):
        space = "" if ":" in name else "screening-api:"
        return reverse(f"{space}{name}", kwargs={"slug": self.slug, **parts})

    def get(self, name, **parts):
        return self.client.get(self.url(name, **parts)).json()

    def send(self, method, name, data=None, headers=None, **parts):
        return getattr(self.client, method)(
            self.url(name, **parts),
            json.dumps(data or {}),
            content_type="application/json",
            headers=headers or {},
        )


@pytest.fixture
def program(client_of):
    return lambda member: Program(client_of(member), member.review)


def test_a_file_is_uploaded_looked_at_and_imported(review, lead, program):
    api = program(lead)
    file = SimpleUploadedFile("search.ris", RIS)
    form = {"file": file, "source_name": "PubMed", "kind": "database", "hits": "2"}
    made = api.client.post(api.url("imports"), form)
    assert made.status_code == 201, made.content
    batch = made.json()
    assert (batch["format"], batch["is_waiting"], batch["imported"]) == ("ris", True, 0)
    seen = api.send("post", "import-preview", batch_id=batch["id"]).json()
    assert (seen["found"], seen["rejected"], seen["is_whole"]) == (2, 0, True)
    job = api.send("post", "start-import", batch_id=batch["id"])
    assert job.status_code == 202
    perform(job.json()["id"], owner="test")
    done = api.get("import", batch_id=batch["id"])
    assert (done["imported"], done["is_waiting"]) == (2, False)
    assert api.get("job", job_id=done["job"])["state"] == "done"
    titles = [row["title"] for row in api.get("records")["results"]]
    assert titles == ["One title", "Another"]
    Job.objects.filter(state="queued").delete()
    assert api.send("delete", "import", batch_id=batch["id"]).status_code == 204
    assert not Record.objects.exists()


def test_a_settings_change_over_a_stale_copy_is_refused(review, lead, program):
    api = program(lead)
    address = api.url("review")
    tag = api.client.get(address)["ETag"]
    first = api.send("patch", "review", {"question": "Which?"}, {"if-match": tag})
    assert first.status_code == 200
    stale = api.send("patch", "review", {"question": "Why?"}, {"if-match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert api.get("review")["question"] == "Which?"


def test_a_conflict_is_settled_by_the_adjudicator(
    review, screener, other_screener, adjudicator, program
):
    record = factories.make_record(review)
    factories.make_decision(record, screener)
    factories.make_decision(record, other_screener, "exclude")
    api, title = program(adjudicator), {"stage": "title-abstract"}
    assert [row["id"] for row in api.get("conflicts", **title)["results"]] == [record.pk]
    ruling = {"verdict": "include", "rationale": "Fits."}
    made = api.send("post", "ruling", ruling, record_id=record.pk, **title)
    assert (made.status_code, made.json()["kind"]) == (201, "ruling")
    assert api.get("conflicts", **title)["results"] == []
    again = api.send("delete", "ruling", record_id=record.pk, **title)
    assert again.status_code == 204
    assert len(api.get("conflicts", **title)["results"]) == 1


def test_a_study_is_extracted_cell_by_cell(review, extractor, program):
    factories.make_form(review, to_json(template("ssl_classification")))
    study = factories.make_study(review)
    api = program(extractor)
    at = {"study_id": study.pk}
    started = api.send("post", "extraction-api:own-extraction", **at)
    assert started.status_code == 201, started.content
    group = next(g for g in template("ssl_classification").groups if g.repeating)
    row = api.send("post", "extraction-api:rows", {"group": group.key}, **at).json()
    cell = {"field": "task", "row": row["id"], "value": "pneumonia", "expected": None}
    saved = api.send("put", "extraction-api:cell", cell, **at)
    assert saved.status_code == 200, saved.content
    stale = api.send("put", "extraction-api:cell", cell | {"value": "asthma"}, **at)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_elsewhere")
    evidence = {"field": "task", "row": row["id"], "page": 3, "quote": "We classify pneumonia."}
    proven = api.send(
        "put",
        "extraction-api:evidence",
        evidence | {"expected": saved.json()["value"]["id"]},
        **at,
    )
    assert proven.status_code == 200, proven.content
    value = api.get("extraction-api:own-extraction", **at)["values"][-1]
    assert (value["value"], value["page"], value["quote"]) == (
        "pneumonia",
        3,
        "We classify pneumonia.",
    )


def test_anothers_values_stay_hidden_until_both_have_submitted(
    review, lead, extractor, other_extractor, program
):
    form = factories.make_form(review, to_json(template("ssl_classification")))
    study = factories.make_study(review)
    draft = Extraction.objects.create(study=study, form=form, extractor=extractor)
    ExtractedValue.objects.create(extraction=draft, field="strategy", value="hidden-word")
    for person in (lead, other_extractor):
        api = program(person)
        answer = api.client.get(api.url("extraction-api:extraction", extraction_id=draft.pk))
        assert answer.status_code == 403
        assert "hidden-word" not in answer.text
        whole = api.client.get(api.url("extraction-api:study", study_id=study.pk))
        assert "hidden-word" not in whole.text
    own = program(extractor).get("extraction-api:extraction", extraction_id=draft.pk)
    assert own["values"][0]["value"] == "hidden-word"


def test_the_audit_trail_tells_a_blinded_lead_nothing_of_others_records(review, screener, program):
    lead = factories.make_member(review, "lead", "screener")
    record = factories.make_record(review)
    AuditEvent.objects.append_by(screener, "record.tagged", record, after={"tag": "surely in"})
    AuditEvent.objects.append_by(lead, "record.tagged", record, after={"tag": "mine"})
    AuditEvent.objects.append_by(screener, "member.joined", screener)
    api = program(lead)
    seen = [(one["action"], one["after"]) for one in api.get("audit")["results"]]
    assert seen == [("member.joined", {}), ("record.tagged", {"tag": "mine"})]
    review.stage_settings.update(is_blinded=False)
    assert len(api.get("audit")["results"]) == 3


def test_a_member_is_invited_and_changed(review, lead, observer, program):
    api = program(lead)
    made = api.send("post", "invitations", {"roles": ["screener"]})
    assert made.status_code == 201
    assert "/invitations/" in made.json()["link"]
    assert api.get("invitations")["results"][0]["link"] is None
    changed = api.send("patch", "member", {"roles": ["screener"]}, member_id=observer.pk)
    assert changed.json()["roles"] == ["screener"]
    refused = api.send("patch", "member", {"roles": ["observer"]}, member_id=lead.pk)
    assert refused.status_code == 400
    assert "needs a lead" in refused.json()["detail"]
    assert program(observer).get("members")["results"][0]["email"] is None
