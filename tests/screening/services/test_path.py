"""The question path: written by the lead, answered by screeners, kept with the decision."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.exporters.table import HEADERS, cells_of
from screening.models import AuditEvent, Decision, GivenAnswer, PathQuestion, StageSettings
from screening.rules.consensus import Stage
from screening.selectors.exports import Choice, exported_records
from screening.selectors.path import answers_of
from screening.selectors.records import Filters
from screening.services.decisions import Answer
from screening.services.duplicates import link_records
from screening.services.path import BY_ANSWERS, decide
from screening.services.pilots import PilotPlan, start_pilot
from screening.services.questions import (
    add_question,
    change_question,
    move_question,
    retire_question,
)
from screening.services.reasons import set_reason_retired
from screening.services.undo import undo_decision
from tests import factories

TITLE = Stage.TITLE_ABSTRACT
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def path(review, lead):
    StageSettings.objects.filter(review=review, stage=TITLE).update(has_question_path=True)
    texts = ("Is it about human images?", "Is it self-supervised?", "Does it classify?")
    reasons = [factories.make_reason(review, label) for label in ("Not human", "No SSL", "No task")]
    return [
        add_question(lead=lead, stage=TITLE, text=text, reason_id=reason.pk)
        for text, reason in zip(texts, reasons, strict=True)
    ]


def answer(member, record, path, *said, key=""):
    return decide(
        membership=member,
        record_id=record.pk,
        stage=TITLE,
        answer=Answer(BY_ANSWERS, client_key=key),
        answers={one.pk: text for one, text in zip(path, said, strict=False)},
    )


def told(decision):
    return [(str(one.question), one.answer) for one in answers_of([decision]).get(decision.pk, [])]


def at(name, review, **more):
    return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)


def test_the_first_no_excludes_with_its_reason_and_the_answers_are_kept(review, screener, path):
    record = factories.make_record(review)
    decision = answer(screener, record, path, "yes", "no", "yes")
    assert (decision.verdict, str(decision.reason)) == ("exclude", "No SSL")
    assert told(decision) == [(path[0].text, "yes"), (path[1].text, "no")]


def test_all_yes_include_and_unclear_is_a_maybe_where_it_is_allowed(review, screener, path):
    records = [factories.make_record(review) for _ in range(3)]
    assert answer(screener, records[0], path, "yes", "yes", "yes").verdict == "include"
    assert answer(screener, records[1], path, "yes", "unclear", "yes").verdict == "maybe"
    StageSettings.objects.update(is_maybe_allowed=False)
    with pytest.raises(ValidationError, match=r"answer yes or no: Is it self-supervised\?"):
        answer(screener, records[2], path, "yes", "unclear", "yes")
    assert not Decision.objects.filter(record=records[2]).exists()


def test_a_missing_or_unknown_answer_stores_nothing(review, screener, path):
    record = factories.make_record(review)
    with pytest.raises(ValidationError, match=r"first: Does it classify\?"):
        answer(screener, record, path, "yes", "yes")
    with pytest.raises(ValidationError, match="no answer"):
        answer(screener, record, path, "perhaps")
    StageSettings.objects.update(has_question_path=False)
    with pytest.raises(ValidationError, match="asks no questions"):
        answer(screener, record, path, "yes", "yes", "yes")
    assert not Decision.objects.exists()


def test_sent_twice_it_is_stored_once_and_other_answers_replace_the_first(review, screener, path):
    record = factories.make_record(review)
    for _ in range(2):
        first = answer(screener, record, path, "unclear", "no", key="k")
    assert Decision.objects.count() == 1
    assert GivenAnswer.objects.count() == 2
    again = answer(screener, record, path, "yes", "no")
    assert again == first
    assert told(again) == [(path[0].text, "yes"), (path[1].text, "no")]
    assert GivenAnswer.objects.filter(superseded_at__isnull=False).count() == 2


def test_undo_brings_the_earlier_answers_back(review, screener, path):
    record = factories.make_record(review)
    answer(screener, record, path, "no")
    answer(screener, record, path, "yes", "yes", "yes")
    undo_decision(membership=screener, stage=TITLE)
    assert told(Decision.objects.current().get()) == [(path[0].text, "no")]


def test_an_answered_question_keeps_its_words_and_an_unanswered_one_is_reworded(
    review, lead, screener, path
):
    record = factories.make_record(review)
    decision = answer(screener, record, path, "no")
    new = change_question(
        lead=lead, question=path[0], text="Are the images human?", reason_id=path[0].reason_id
    )
    assert new != path[0]
    assert told(decision) == [("Is it about human images?", "no")]
    same = change_question(
        lead=lead, question=path[2], text="Is a class given?", reason_id=path[2].reason_id
    )
    assert same == path[2]
    used = PathQuestion.objects.filter(retired_at__isnull=True)
    assert [one.text for one in used] == [
        "Are the images human?",
        "Is it self-supervised?",
        "Is a class given?",
    ]
    move_question(lead=lead, question=new, is_up=False)
    move_question(lead=lead, question=new, is_up=True)
    move_question(lead=lead, question=new, is_up=True)
    retire_question(lead=lead, question=same)
    assert [one.pk for one in used.all()] == [new.pk, path[1].pk]
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions >= {"question.added", "question.changed", "question.moved", "question.retired"}


def test_a_path_is_the_leads_and_holds_its_reasons(review, lead, screener, path):
    with pytest.raises(PermissionDenied):
        add_question(lead=screener, stage=TITLE, text="?", reason_id=path[0].reason_id)
    for text, reason_id, why in (
        (" ", path[0].reason_id, "Write the question"),
        ("is it SELF-supervised?", path[0].reason_id, "asked already"),
        ("New?", 0, "Choose the reason"),
        ("New?", factories.make_reason(factories.make_review()).pk, "Choose the reason"),
    ):
        with pytest.raises(ValidationError, match=why):
            add_question(lead=lead, stage=TITLE, text=text, reason_id=reason_id)
    with pytest.raises(ValidationError, match="leads to this reason"):
        set_reason_retired(lead=lead, reason=path[0].reason, is_retired=True)
    retire_question(lead=lead, question=path[0])
    set_reason_retired(lead=lead, reason=path[0].reason, is_retired=True)
    with pytest.raises(ValidationError, match="not part of the path"):
        retire_question(lead=lead, question=path[0])


def test_the_desk_asks_the_questions_and_conflicts_show_the_answers(
    review, screener, other_screener, adjudicator, path, client_of
):
    record = factories.make_record(review)
    factories.make_record(review)
    desk = client_of(screener)
    page = desk.get(at("screen", review, stage="title-abstract"), {"record": record.pk})
    text = page.content.decode()
    for words in ("Is it self-supervised?", "No: exclude for “No SSL”", 'data-path-key="q"'):
        assert words in text
    assert 'data-key="i"' in text
    sent = {"verdict": "answers", f"answer-{path[0].pk}": "yes"}
    decide_at = at("decide", review, stage="title-abstract", record_id=record.pk)
    refused = desk.post(decide_at, sent, **HTMX)
    assert "Answer this question first: Is it self-supervised?" in refused.content.decode()
    desk.post(decide_at, sent | {f"answer-{path[1].pk}": "no"}, **HTMX)
    opened = desk.get(at("screen", review, stage="title-abstract"), {"record": record.pk})
    assert f'name="answer-{path[1].pk}" value="no" checked' in opened.content.decode()
    conflicts = at("conflicts", review, stage="title-abstract")
    judge = client_of(adjudicator)
    assert "Is it self-supervised?" not in judge.get(conflicts).content.decode()
    answer(other_screener, record, path, "yes", "yes", "yes")
    text = judge.get(conflicts).content.decode()
    assert text.count("Is it self-supervised?") == 2
    assert "Does it classify?" in text


def test_a_stage_without_a_path_is_asked_nothing_more(review, screener, client_of):
    record = factories.make_record(review)
    factories.make_record(review)
    address = at("decide", review, stage="title-abstract", record_id=record.pk)
    with CaptureQueriesContext(connection) as queries:
        client_of(screener).post(address, {"verdict": "include"}, **HTMX)
    assert not any("pathquestion" in query["sql"] for query in queries)


def test_the_lead_writes_the_path_on_its_page(review, lead, client_of):
    reason = factories.make_reason(review, "Not human")
    page = at("questions", review, stage="full-text")
    browser = client_of(lead)
    browser.post(page, {"text": "Human images?", "reason": reason.pk})
    refused = browser.post(page, {"text": "Kept words"})
    assert refused.status_code == 400
    assert 'value="Kept words"' in refused.content.decode()
    browser.post(page, {"switch": "on"})
    assert StageSettings.objects.get(review=review, stage="full_text").has_question_path
    question = PathQuestion.objects.get()
    one = at("change-question", review, question_id=question.pk)
    browser.post(one, {"action": "change", "text": "Any human?", "reason": reason.pk})
    assert "Any human?" in browser.get(page).content.decode()
    for action in ("up", "down", "retire"):
        browser.post(one, {"action": action})
    assert "Taken out" in browser.get(page).content.decode()
    told = browser.post(one, {"action": "boil"}, follow=True).content.decode()
    assert "Choose what to do" in told


def test_in_a_pilot_the_answers_stay_with_its_verdicts_and_with_what_is_entered(
    review, lead, screener, other_screener, path, client_of
):
    record = factories.make_record(review)
    plan = PilotPlan(chosen=[record.pk], is_counted=True)
    start_pilot(lead=lead, stage=TITLE, plan=plan)
    answer(screener, record, path, "yes", "no")
    desk = client_of(screener)
    opened = desk.get(at("screen", review, stage="title-abstract"), {"record": record.pk})
    assert f'name="answer-{path[1].pk}" value="no" checked' in opened.content.decode()
    answer(other_screener, record, path, "no")
    current = Decision.objects.current()
    mine, theirs = current.get(reviewer=screener), current.get(reviewer=other_screener)
    assert told(mine) == [(path[0].text, "yes"), (path[1].text, "no")]
    assert told(theirs) == [(path[0].text, "no")]


def test_answers_follow_a_verdict_to_the_kept_record(review, lead, screener, path):
    kept, twin = factories.make_record(review), factories.make_record(review)
    answer(screener, twin, path, "yes", "no")
    link_records(membership=lead, kept=kept, duplicate=twin)
    carried = Decision.objects.current().get(record=kept)
    assert told(carried) == [(path[0].text, "yes"), (path[1].text, "no")]
    answer(screener, kept, path, "no")
    assert told(Decision.objects.current().get(record=kept)) == [(path[0].text, "no")]


def test_answers_come_and_go_by_the_api_and_in_exports(review, lead, screener, path, client_of):
    record = factories.make_record(review)
    place = {"slug": review.slug, "stage": "title-abstract"}
    address = reverse("screening-api:decide", kwargs=place | {"record_id": record.pk})
    said = [{"question": path[0].pk, "answer": "yes"}, {"question": path[1].pk, "answer": "no"}]
    sent = {"verdict": "answers", "answers": said}
    client = client_of(screener)
    given = client.post(address, sent, content_type="application/json").json()
    assert (given["verdict"], given["reason"]) == ("exclude", path[1].reason_id)
    told_back = [(one["question"], one["text"], one["answer"]) for one in given["answers"]]
    assert told_back == [(path[0].pk, path[0].text, "yes"), (path[1].pk, path[1].text, "no")]
    card = client.get(reverse("screening-api:record", kwargs=place | {"record_id": record.pk}))
    mine = client.get(reverse("screening-api:decided", kwargs=place)).json()["results"]
    assert card.json()["mine"]["answers"] == mine[0]["answers"] == given["answers"]
    refused = client.post(address, {"verdict": "answers"}, content_type="application/json")
    assert path[0].text in refused.json()["detail"]
    (row,) = exported_records(membership=screener, choice=Choice(Filters()))
    cells = dict(zip(HEADERS, cells_of(row), strict=False))
    name = screener.user.name
    assert cells["title_abstract_answers"] == f"{name}: {path[0].text} yes, {path[1].text} no"
    assert cells["title_abstract_criteria"] == f"{name}: 1"
    (hidden,) = exported_records(membership=lead, choice=Choice(Filters()))
    assert hidden.stage(TITLE).decisions == ()  # nobody sees answers whose verdict is hidden


def test_answers_in_a_pilot_are_shown_to_those_who_may_see_its_verdicts(
    review, lead, screener, other_screener, path, client_of
):
    factories.make_record(review)
    pilot = start_pilot(lead=lead, stage=TITLE, plan=PilotPlan(size=1))
    record = pilot.pilot_records.get().record
    answer(screener, record, path, "no")
    page = reverse("analytics:pilot", kwargs={"slug": review.slug, "pilot_id": pilot.pk})
    rows = reverse(
        "screening-api:pilot-records", kwargs={"slug": review.slug, "pilot_id": pilot.pk}
    )
    assert path[0].text in client_of(screener).get(page).content.decode()
    for hidden in (page, rows):
        assert path[0].text not in client_of(other_screener).get(hidden).content.decode()
    answer(other_screener, record, path, "yes", "no")
    (row,) = client_of(screener).get(rows).json()["results"]
    assert {len(one["answers"]) for one in row["decisions"]} == {1, 2}
    assert path[1].text in client_of(screener).get(page).content.decode()
