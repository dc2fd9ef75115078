"""What the pages of extraction do, done by a program."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from extraction.models import ConsensusValue, DataSet, ExtractedValue, Extraction, SheetImport
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from reviewapp.jobs import perform
from screening.rules.consensus import Stage, Verdict
from screening.services.full_texts import store_full_text
from tests import factories
from tests.extraction.conftest import experiment, extract
from tests.paper import SENTENCE, make_paper
from tests.reviewapp.api.test_work import Program

SHEET = b"label,strategy,title\n7,contrastive,MoCo\n8,magic,SimCLR\n"


def space(name):
    return f"extraction-api:{name}"


@pytest.fixture
def program(client_of):
    return lambda member: Program(client_of(member), member.review)


def test_a_form_is_started_written_previewed_published_and_taken_back(program, lead, review, study):
    api = program(lead)
    assert api.client.get(api.url(space("draft"))).status_code == 404
    draft = api.send("post", space("draft")).json()
    assert (draft["base_version"], draft["problems"]) == (1, [])
    written = draft["definition"]
    written["comparison"]["metric_field"] = "metrik"
    sent = api.send("put", space("draft"), {"definition": written}).json()
    assert sent["problems"] == [
        {"path": "comparison", "message": "no field “metrik” in group “experiment”"}
    ]
    refused = api.send("post", space("publish-draft"))
    assert (refused.status_code, "metrik" in refused.text) == (400, True)
    written["comparison"]["metric_field"] = "metric"
    fields = next(one for one in written["groups"] if one["key"] == "method")["fields"]
    field = next(one for one in fields if one["key"] == "ssl_framework")
    field |= {"key": "framework", "was": ["ssl_framework"]}
    for name in ("table_columns",):
        named = written["comparison"][name]
        written["comparison"][name] = ["framework" if n == "ssl_framework" else n for n in named]
    assert api.send("put", space("draft"), {"definition": written}).json()["problems"] == []
    (line,) = api.get(space("draft-changes"))["lines"]
    assert (line["field"], line["old_fields"]) == ("framework", ["ssl_framework"])
    stale = api.send("put", space("draft"), {"definition": written}, {"If-Match": '"old"'})
    assert stale.status_code == 412
    made = api.send("post", space("publish-draft"), {"note": "Renamed"})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert api.send("post", space("take-back-form")).json()["version"] == 1
    both = {"template": "blank", "definition": to_json(template("blank"))}
    assert api.send("post", space("draft"), both).status_code == 400


def test_a_draft_is_tried_without_keeping_anything(program, lead, study):
    api = program(lead)
    at = {"part": "experiment", "row": 1}
    metric = {"field": "metric", "value": "AUROC"} | at
    value = {"field": "ssl_performance", "value": "92", "unit": "percent"} | at
    assert api.send("post", space("try-draft"), {"entries": []}).status_code == 404
    api.send("post", space("draft"))

    def tried(*entries):
        sent = api.send("post", space("try-draft"), {"entries": list(entries)})
        assert sent.status_code == 200, sent.text
        return {(one["field"], one["row"]): one for one in sent.json()["cells"]}

    cells = tried(metric, value)
    first, second = cells["ssl_performance", 1], cells["ssl_performance", 2]
    assert (first["value"], first["unit"], first["refusal"]) == ("92", "percent", "")
    assert second["value"] is None
    doubted = tried(metric, value | {"value": "41"})["ssl_performance", 1]
    assert doubted["value"] == "41"
    assert len(doubted["questions"]) == 1
    refused = tried(metric, value | {"value": "920"})["ssl_performance", 1]
    assert refused["value"] is None
    assert refused["refusal"]
    assert tried(value | {"unit": ""})["ssl_performance", 1]["refusal"]
    assert tried(metric, value, value | {"value": ""})["ssl_performance", 1]["value"] is None
    for wrong in ({"row": 3}, {"row": 0}, {"part": "nothing"}, {"row": None}, {"field": "none"}):
        sent = api.send("post", space("try-draft"), {"entries": [metric | wrong]})
        assert sent.status_code == 400, wrong
    assert not Extraction.objects.exists()
    assert tried()["ssl_performance", 1]["value"] is None


def test_moving_a_report_is_looked_at_first(program, lead, extractor, study, report):
    api = program(lead)
    record = factories.make_record(study.review, title="Journal version")
    for member in (lead, extractor):
        factories.make_decision(record, member, Verdict.INCLUDE, Stage.FULL_TEXT)
    second = factories.make_report(record)
    other = factories.make_study(study.review, second)
    extract(other, extractor, experiment("1", "0.9", "0.8"))
    kept = ExtractedValue.objects.count()
    at = {"study_id": study.pk, "report_id": second.pk}
    assert api.get(space("join-report"), **at) == {
        "report": second.pk,
        "study": other.pk,
        "target": study.pk,
        "is_last": True,
        "kept": kept,
        "quoting": 0,
    }
    assert other.study_reports.exists(), "a look moves nothing"
    assert api.client.get(api.url(space("split-report"), **at)).status_code == 404
    api.send("post", space("study-reports"), {"report": second.pk}, study_id=study.pk)
    back = api.get(space("split-report"), **at)
    assert (back["study"], back["target"], back["is_last"]) == (study.pk, other.pk, False)


def test_a_spreadsheet_is_uploaded_mapped_imported_and_undone(program, lead, extractor, form):
    api = program(lead)
    file = SimpleUploadedFile("my.csv", SHEET)
    made = api.client.post(api.url(space("sheets")), {"file": file})
    assert made.status_code == 201, made.text
    number = made.json()["sheet"]["id"]
    assert made.json()["header"] == ["label", "strategy", "title"]
    short = api.send("patch", space("sheet"), {"columns": ["study"]}, sheet_id=number)
    assert "has 3 columns, and 1 were sent" in short.text
    meaning = {
        "columns": ["study", "value::strategy", "title"],
        "match": "label",
        "is_making_studies": True,
        "extractor": extractor.pk,
    }
    mapped = api.send("patch", space("sheet"), meaning, sheet_id=number).json()
    assert (mapped["faults"], mapped["mapping"]["columns"][0]) == ([], "study")
    (problem,) = api.get(space("sheet-problems"), sheet_id=number)["results"]
    assert (problem["address"], problem["text"]) == ("B3", "magic")
    job = api.send("post", space("start-sheet"), sheet_id=number)
    assert job.status_code == 202
    perform(job.json()["id"], owner="test:1:x")
    done = api.get(space("sheet"), sheet_id=number)
    assert (done["sheet"]["standing"], done["brought"]["new_studies"]) == ("imported", 2)
    assert api.get(space("sheet-problems"), sheet_id=number)["results"][0]["text"] == "magic"
    assert api.client.delete(api.url(space("sheet"), sheet_id=number)).status_code == 204
    assert not Extraction.objects.exists()
    assert SheetImport.objects.get().undone_at is not None


def test_one_extracts_and_another_verifies(program, lead, extractor, other_extractor, study):
    settings = program(lead).send("patch", space("settings"), {"mode": "verified"}).json()
    assert (settings["mode"], settings["evidence_needed"]) == ("verified", "none")
    extract(study, extractor, experiment("1", "0.9", "0.8"))
    own, api = program(extractor), program(other_extractor)
    assert own.send("post", space("verification"), study_id=study.pk).status_code in {400, 403}
    begun = api.send("post", space("verification"), study_id=study.pk)
    assert begun.status_code == 201, begun.text
    confirmed = {"field": "strategy", "side": "a"}
    assert api.send("put", space("verify"), confirmed, study_id=study.pk).status_code == 200
    corrected = {"field": "outcome_task", "side": "third", "value": "fracture"}
    refused = api.send("put", space("verify"), corrected, study_id=study.pk)
    assert refused.status_code == 400, "a correction needs its reason"
    corrected["rationale"] = "Table 2 says so."
    assert api.send("put", space("verify"), corrected, study_id=study.pk).status_code == 200
    api.send("post", space("unverify"), {"field": "strategy"}, study_id=study.pk)
    assert [one.field for one in ConsensusValue.objects.current()] == ["outcome_task"]
    final = api.send("post", space("verified-final"), study_id=study.pk)
    assert (final.status_code, "Check" in final.text) == (400, True)


def test_policy_and_columns_of_table_1(program, lead, observer, study, extractor):
    extract(study, extractor, experiment("1", "0.9", "0.8"), experiment("0.1", "0.7", "0.6"))
    Extraction.objects.update(origin=Extraction.Origin.IMPORT)
    api, reader = program(lead), program(observer)
    known = reader.get("analytics-api:policy")
    assert (known["is_own"], known["policy"]["metric_priority"][0]) == (False, "AUROC")
    wrong = {"policy": {**known["policy"], "metric_priority": ["charm"]}}
    assert "unknown metric" in api.send("put", "analytics-api:policy", wrong).text
    other = {"policy": {**known["policy"], "fraction_choice": "highest"}}
    (changed,) = api.send("post", "analytics-api:policy-preview", other).json()["results"]
    assert (changed["study"], changed["before"] == changed["after"]) == (study.pk, True)
    assert reader.get("analytics-api:policy")["is_own"] is False
    assert api.send("put", "analytics-api:policy", other).json()["is_own"] is True
    reported = reader.get("analytics-api:reported", study_id=study.pk)
    assert (len(reported["rows"]), reported["subset"], reported["is_by_hand"]) == (2, None, False)
    assert api.client.delete(api.url("analytics-api:policy")).status_code == 204

    chosen = {"columns": [{"key": "year", "label": "When"}, {"key": "metric"}], "group_by": ""}
    layout = api.send("put", "analytics-api:layout", chosen).json()
    assert [one["label"] for one in layout["columns"]] == ["When", ""]
    assert reader.get("analytics-api:layout")["group_by"] == ""
    unknown = api.send("put", "analytics-api:layout", {"columns": [{"key": "charm"}]})
    assert "Table 1 has no column charm." in unknown.text


def test_work_is_shared_and_data_sets_are_kept(program, lead, extractor, study):
    api = program(lead)
    wanted = {"studies": [study.pk], "members": [extractor.pk], "task": "extract", "seats": 2}
    plan = api.send("post", space("shares"), wanted | {"is_preview": True}).json()
    assert plan == {"pairs": [{"study": study.pk, "member": extractor.pk}], "lacking": 1}
    assert not study.assignments.exists()
    api.send("post", space("shares"), wanted)
    assert study.assignments.get().member == extractor
    assert api.send("post", space("shares"), wanted | {"studies": [10**6]}).status_code == 400

    added = api.send("post", space("data-sets"), {"names": ["CheXpert", "chexpert"]}).json()
    assert added == {"added": 1}
    number = DataSet.objects.get().pk
    named = {"name": "CheXpert", "other_names": ["Stanford CXR"]}
    api.send("put", space("data-set"), named, data_set_id=number)
    extract(study, extractor, experiment("1", "0.9", "0.8", dataset="Stanford CXR"))
    Extraction.objects.update(origin=Extraction.Origin.IMPORT)
    (use,) = api.get(space("data-sets"))["results"]
    assert (use["studies"], use["is_shared"]) == ([study.pk], False)
    assert api.get(space("unknown-data-sets"))["results"] == []
    api.send("put", space("data-set"), {"name": "CheXpert"}, data_set_id=number)
    unknown = api.get(space("unknown-data-sets"))["results"]
    assert unknown == [{"words": "Stanford CXR", "studies": 1}]


def test_candidates_become_evidence_and_fill_no_value(program, lead, extractor, report, study):
    api = program(extractor)
    extraction = extract(study, extractor, experiment("1", "0.9", "0.8"), submit=False)
    asked = {"field": "ssl_performance", "row": extraction.rows.get().pk}

    def look(**more):
        url = api.url(space("candidates"), study_id=study.pk)
        return api.client.get(url, {**asked, **more})

    assert "No full text is stored" in look().text
    upload = SimpleUploadedFile("paper.pdf", make_paper(2))
    paper = store_full_text(membership=lead, report=report, upload=upload)
    before = extraction.values.count()
    found = look(full_text=paper.pk).json()
    first = found["candidates"][0]
    assert (found["has_text"], first["quote"], first["full_text"]) == (True, SENTENCE, paper.pk)
    assert extraction.values.count() == before
    reasons = first.pop("reasons")
    assert "AUROC" in reasons
    known = extraction.values.current().get(field="ssl_performance")
    taken = asked | first | {"expected": known.pk}
    saved = api.send("put", space("evidence"), taken, study_id=study.pk).json()
    assert (saved["value"]["value"], saved["value"]["quote"]) == ("0.9", SENTENCE)
    assert look(full_text=10**6).status_code == 400
    assert look(field="outcome_task").status_code == 400


def test_progress_names_others_to_a_lead_only_and_places_are_freed(
    program, lead, extractor, other_extractor, study
):
    api = program(lead)
    people = [extractor.pk, other_extractor.pk]
    wanted = {"studies": [study.pk], "members": people, "task": "extract", "seats": 2}
    api.send("post", space("shares"), wanted)
    extract(study, extractor, experiment("1", "0.9", "0.8"))
    seen = api.get(space("progress"))
    states = {one["state"]: one["studies"] for one in seen["states"]}
    assert (seen["total"], states["extracting"], seen["proof"]["percent"]) == (1, 1, None)
    named = {one["member"]: (one["named"], one["submitted"]) for one in seen["people"]}
    assert (named[extractor.pk], named[other_extractor.pk]) == ((1, 1), (1, 0))
    own = program(other_extractor).get(space("progress"))["people"]
    assert [one["member"] for one in own] == [other_extractor.pk]

    def free(member):
        return api.send("post", space("withdraw-person"), member_id=member.pk).json()["freed"]

    assert (free(extractor), free(other_extractor)) == (0, 1)
    standing = study.assignments.filter(withdrawn_at__isnull=True)
    assert [one.member for one in standing] == [extractor]


def test_everything_extracted_and_a_drafts_comparison(program, lead, observer, extractor, study):
    extract(study, extractor, experiment("1", "0.9", "0.8"))
    Extraction.objects.update(origin=Extraction.Origin.IMPORT)
    api = program(lead)

    def file(values="reconciled", **parts):
        url = api.url("analytics-api:extracted-file", **parts)
        return api.client.get(url, {"values": values})

    sent = file(shape="experiment", file_format="csv")
    assert f"extracted-experiment-{api.slug}.csv" in sent["Content-Disposition"]
    assert b"pleural effusion" in sent.content
    assert "-raw" in file("raw", shape="long", file_format="xlsx")["Content-Disposition"]
    assert file(shape="all", file_format="csv").status_code == 404
    assert api.client.get(api.url("analytics-api:comparison-preview")).status_code == 404
    api.send("post", space("draft"))
    preview = api.get("analytics-api:comparison-preview")
    assert preview == {"now": preview["then"], "then": preview["then"], "problems": []}
    assert preview["then"] == {"rows": 1, "gains": 1, "refused": {}}
