"""Pilots, groups, assignments and criteria by the API: what they tell, and to whom."""

import pytest
from django.urls import reverse

from screening.models import AssignedRecord, MemberGroup, PathQuestion, Pilot, Review
from screening.rules.consensus import Stage
from screening.services.reasons import add_reason
from tests import factories

pytestmark = pytest.mark.django_db
TITLE = {"stage": "title-abstract"}


@pytest.fixture
def ask(review, client_of):
    """`ask(member, name, sent)` reads, or sends what is given."""

    def asked(member, name, sent=None, *, method="post", **place):
        address = reverse(f"screening-api:{name}", kwargs={"slug": review.slug} | place)
        client = client_of(member)
        if sent is None and method == "post":
            return client.get(address)
        return getattr(client, method)(address, sent or {}, content_type="application/json")

    return asked


def test_a_pilot_is_started_followed_and_ended(review, lead, screener, other_screener, ask):
    records = [factories.make_record(review) for _ in range(3)]
    wanted = {"records": [records[0].pk], "is_counted": True, "is_held": False}
    made = ask(lead, "pilots", wanted, **TITLE)
    assert (made.status_code, made.json()["number"], made.json()["seed"]) == (201, 1, None)
    here = {"pilot_id": made.json()["id"]}
    ask(screener, "decide", {"verdict": "include"}, record_id=records[0].pk, **TITLE)
    done = {one["name"]: one["done"] for one in ask(lead, "pilot-people", **here).json()["results"]}
    assert done == {screener.user.name: 1, other_screener.user.name: 0}
    assert ask(screener, "pilot-people", **here).json()["results"][0]["member"] == screener.pk
    assert len(ask(other_screener, "pilot-people", **here).json()["results"]) == 1
    for member in (lead, other_screener):  # nobody sees another's verdict while it runs
        (row,) = ask(member, "pilot-records", **here).json()["results"]
        assert (row["is_open"], row["decisions"]) == (False, [])
    assert ask(lead, "open-main-round", {}, **here).status_code == 400
    ended = ask(lead, "end-pilot", {}, **here).json()
    assert not ended["is_running"]
    assert ended["closed_at"] is not None
    (row,) = ask(screener, "pilot-records", **here).json()["results"]
    assert [one["verdict"] for one in row["decisions"]] == ["include"]
    (row,) = ask(other_screener, "pilot-records", **here).json()["results"]
    assert row["decisions"] == []  # it may come to them again
    assert Pilot.objects.get().is_counted


def test_assignments_are_made_and_each_screener_is_told_only_their_own(
    review, lead, screener, other_screener, ask
):
    records = [factories.make_record(review) for _ in range(4)]
    batch = {"name": "First", "members": [screener.pk], "size": 2}
    (made,) = ask(lead, "assignments", batch, **TITLE).json()["results"]
    assert made["member"] == screener.pk
    shares = [{"member": one.pk, "percent": 50} for one in (screener, other_screener)]
    shared = ask(lead, "shares", {"name": "Rest", "shares": shares}, **TITLE)
    assert shared.status_code == 201
    assert ask(lead, "assigning", **TITLE).json() == {"mode": "first"}
    rows = ask(other_screener, "assignments", **TITLE).json()["results"]
    assert {one["assignment"]["member"] for one in rows} == {other_screener.pk}
    assert len(ask(lead, "assignments", **TITLE).json()["results"]) == 3
    here = {"screening_assignment_id": made["id"]}
    handed = ask(lead, "reassign", {"to": other_screener.pk}, **here)
    assert (handed.status_code, handed.json()["member"]) == (201, other_screener.pk)
    assert ask(lead, "assignment", method="delete", **here).status_code == 204
    standing = AssignedRecord.objects.filter(withdrawn_at=None, assignment=handed.json()["id"])
    assert standing.count() == 2
    assert ask(lead, "assigning", {"mode": "only"}, method="put", **TITLE).json()["mode"] == "only"
    foreign = factories.make_member(factories.make_review(), "screener")
    refused = ask(lead, "assignments", batch | {"members": [foreign.pk]}, **TITLE)
    assert f"There is no member {foreign.pk}." in refused.content.decode()
    assert len(records) == 4


def test_groups_are_filled_and_needed_at_a_stage(review, lead, screener, ask):
    made = ask(lead, "groups", {"name": "Clinicians", "members": [screener.pk]}).json()
    here = {"group_id": made["id"]}
    assert ask(lead, "group", {"name": "Doctors"}, method="patch", **here).json() == made | {
        "name": "Doctors"
    }
    needed = ask(lead, "stage", {"required_group": made["id"]}, method="patch", **TITLE).json()
    assert needed["required_group"] == made["id"]
    assert ask(lead, "group", method="delete", **here).status_code == 400
    ask(lead, "stage", {"required_group": None}, method="patch", **TITLE)
    assert ask(lead, "group", method="delete", **here).status_code == 204
    assert not MemberGroup.objects.exists()
    assert ask(screener, "groups").status_code == 403


def test_criteria_have_versions_and_questions_their_order(review, lead, screener, ask):
    ask(lead, "criteria", {"criteria": ["Human images"]})
    revised = ask(lead, "criteria", {"criteria": ["Human or animal images"], "note": "Pilot."})
    assert (revised.status_code, revised.json()["added"]) == (201, ["Human or animal images"])
    told = ask(screener, "criteria").json()["results"]
    assert told[0]["number"] == Review.objects.get().criteria_version == len(told)
    reason = factories.make_reason(review).pk
    first, second = (
        ask(lead, "questions", {"text": text, "reason": reason}, **TITLE).json()
        for text in ("Human?", "Images?")
    )
    moved = ask(lead, "question", {"move": "up"}, method="patch", question_id=second["id"]).json()
    assert moved["position"] == 1
    assert ask(lead, "question", method="patch", question_id=first["id"]).status_code == 400
    assert ask(lead, "question", method="delete", question_id=first["id"]).status_code == 204
    assert PathQuestion.objects.get(pk=first["id"]).retired_at is not None
    assert len(ask(screener, "questions", **TITLE).json()["results"]) == 2
    assert ask(screener, "questions", {"text": "A?", "reason": reason}, **TITLE).status_code == 403
    on = ask(lead, "stage", {"has_question_path": True}, method="patch", **TITLE).json()
    assert on["has_question_path"]


def test_an_attempt_says_its_day(review, screener, lead, ask):
    record = factories.make_record(review)
    report = factories.make_report(record)
    for member in (screener, lead):
        factories.make_decision(record, member, "include")
    sent = {"how": "asked the authors", "outcome": "not_retrieved", "day": "2024-05-31"}
    made = ask(lead, "attempts", sent, report_id=report.pk)
    assert (made.status_code, made.json()["day"]) == (201, "2024-05-31")
    future = ask(lead, "attempts", sent | {"day": "2999-01-01"}, report_id=report.pk)
    assert "future" in future.json()["detail"]


def test_one_attempt_is_logged_for_several_reports(review, screener, ask):
    source = factories.make_source(review, kind="website")
    reports = [
        factories.make_report(factories.make_record(review, source=source)) for _ in range(2)
    ]
    foreign = factories.make_report(factories.make_record(factories.make_review()))
    sent = {"how": "Asked the authors", "outcome": "not_retrieved", "day": "2026-01-15"}
    ids = [one.pk for one in (*reports, foreign)]
    made = ask(screener, "many-attempts", sent | {"reports": ids})
    assert (made.status_code, made.json()) == (201, {"logged": 2})
    assert [one.attempts.get().day.isoformat() for one in reports] == ["2026-01-15"] * 2
    assert not foreign.attempts.exists()
    none = ask(screener, "many-attempts", sent | {"reports": [foreign.pk]})
    assert "None of these reports is sought" in none.json()["detail"]


def test_reports_are_narrowed_by_reason_and_come_as_a_file(review, lead, ask, client_of):
    source = factories.make_source(review, kind="website")
    reason = add_reason(lead=lead, label="Not imaging")
    records = [factories.make_record(review, source=source) for _ in range(2)]
    for record in records:
        factories.make_report(record).attempts.create(how="x", outcome="retrieved")
    for _ in range(2):
        member = factories.make_member(review, "screener")
        factories.make_decision(records[0], member, "exclude", Stage.FULL_TEXT, reason=reason)
    place = {"slug": review.slug}
    found = client_of(lead).get(
        reverse("screening-api:reports", kwargs=place), {"reason": reason.pk}
    )
    assert [one["record"] for one in found.json()["results"]] == [records[0].pk]
    file = client_of(lead).get(
        reverse("screening-api:reports-file", kwargs=place | {"file_format": "ris"}),
        {"reason": reason.pk},
    )
    text = b"".join(file.streaming_content).decode()
    assert [one.title in text for one in records] == [True, False]
    wrong = ask(lead, "reports-file", file_format="scroll")
    assert wrong.status_code == 400


def test_what_a_pilot_gave_is_told_and_talked_about_as_far_as_its_verdicts_are_open(
    review, lead, screener, other_screener, ask, client_of
):
    records = [factories.make_record(review) for _ in range(3)]
    outside = factories.make_member(review, "screener")
    made = ask(lead, "pilots", {"records": [one.pk for one in records[:2]]}, **TITLE).json()
    here = {"pilot_id": made["id"]}
    talk = here | {"record_id": records[0].pk}
    address = reverse("analytics-api:pilot-agreement", kwargs={"slug": review.slug} | here)
    for member, verdicts in ((screener, "ie"), (other_screener, "ii")):
        for record, verdict in zip(records, verdicts, strict=False):
            words = {"i": "include", "e": "exclude"}[verdict]
            ask(member, "decide", {"verdict": words}, record_id=record.pk, **TITLE)
    assert [client_of(one).get(address).status_code for one in (lead, screener)] == [403, 403]
    assert ask(screener, "pilot-talk", {"body": "Why?"}, **talk).status_code == 400
    ask(lead, "end-pilot", {}, **here)
    told = client_of(lead).get(address).json()
    assert (told["records"], told["pairs"][0]["percent"]) == (2, 50.0)
    assert len(told["pairs"][0]["percent_ci"]) == 2
    mine = client_of(screener).get(address).json()["pairs"][0]
    assert (mine["a"], mine["b"]) == (screener.user.email, other_screener.user.name)
    assert client_of(outside).get(address).status_code == 403
    said = ask(screener, "pilot-talk", {"body": "Why?"}, **talk)
    assert (said.status_code, said.json()["body"]) == (201, "Why?")
    bodies = [one["body"] for one in ask(other_screener, "pilot-talk", **talk).json()["results"]]
    assert bodies == ["Why?"]
    assert ask(outside, "pilot-talk", **talk).json()["results"] == []
    assert ask(outside, "pilot-talk", {"body": "Me too"}, **talk).status_code == 400


def test_the_agreement_of_a_stage_comes_as_a_file(review, lead, screener, client_of):
    record = factories.make_record(review)
    for member in (screener, factories.make_member(review, "screener")):
        factories.make_decision(record, member, "include")
    place = {"slug": review.slug} | TITLE

    def file(member, file_format):
        place["file_format"] = file_format
        return client_of(member).get(reverse("analytics-api:agreement-file", kwargs=place))

    csv = file(lead, "csv")
    assert csv.content.decode().startswith("first_reviewer,second_reviewer,records,coefficient")
    assert f"agreement-{review.slug}-title-abstract.csv" in csv["Content-Disposition"]
    assert file(lead, "json").json()["records"] == 1
    assert file(lead, "xlsx").status_code == 404
    factories.make_record(review)  # the stage goes on, so who screens does not see it
    assert file(screener, "csv").status_code == 403
