"""The talk about a record opens to whom its verdicts are open, and to nobody else."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from screening.models import DiscussionMessage, StageSettings
from screening.rules.consensus import Stage, Verdict
from screening.selectors.discussion import discussion_of, is_discussion_open
from screening.selectors.import_hanging import hanging_on_import
from screening.services.discussion import say, take_back
from screening.services.undo import undo_decision
from tests import factories

pytestmark = pytest.mark.django_db
FIRST = Stage.TITLE_ABSTRACT
SECRET = "I read arm B as supervised."


@pytest.fixture
def record(review, screener, other_screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener)
    factories.make_decision(record, other_screener, Verdict.EXCLUDE)
    return record


def read(member, record):
    is_open = is_discussion_open(member, record, FIRST)
    found = discussion_of(membership=member, record=record, stage=FIRST, is_open=is_open)
    return [one.body for one in found]


def page(client_of, member, record):
    return client_of(member).get(record.get_absolute_url()).content.decode()


def test_both_who_decided_and_the_adjudicator_talk(
    client_of, record, screener, other_screener, adjudicator
):
    say(membership=screener, record=record, stage=FIRST, body=f" {SECRET} ")
    for member in (screener, other_screener, adjudicator):
        assert read(member, record) == [SECRET]
        assert SECRET in page(client_of, member, record)


def test_a_third_screener_and_an_observer_neither_read_nor_write(
    client_of, review, record, screener, observer
):
    say(membership=screener, record=record, stage=FIRST, body=SECRET)
    for member in (factories.make_member(review, "screener"), observer):
        assert read(member, record) == []
        assert SECRET not in page(client_of, member, record)
        with pytest.raises(ValidationError, match="opens once"):
            say(membership=member, record=record, stage=FIRST, body="Me too.")


def test_nobody_talks_before_both_have_decided(review, screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener)
    with pytest.raises(ValidationError):
        say(membership=screener, record=record, stage=FIRST, body="What do you think?")


def test_it_closes_when_a_verdict_is_taken_back(record, screener, other_screener):
    say(membership=screener, record=record, stage=FIRST, body=SECRET)
    undo_decision(membership=other_screener, stage=FIRST)
    assert read(screener, record) == read(other_screener, record) == []


def test_in_an_open_stage_every_member_talks(review, record, observer):
    StageSettings.objects.filter(review=review).update(is_blinded=False)
    say(membership=observer, record=record, stage=FIRST, body="A question.")
    assert read(observer, record) == ["A question."]


def test_only_its_author_takes_a_message_back_and_the_row_stays(
    client_of, record, screener, other_screener
):
    message = say(membership=screener, record=record, stage=FIRST, body=SECRET)
    with pytest.raises(ValidationError):
        take_back(membership=other_screener, message_id=message.pk)
    place = {"slug": record.review.slug, "message_id": message.pk}
    assert client_of(screener).post(reverse("screening:remove-message", kwargs=place)).url
    shown = page(client_of, other_screener, record)
    assert SECRET not in shown
    assert "Taken back by its author" in shown
    assert DiscussionMessage.objects.get().body == SECRET


def test_an_empty_or_endless_message_is_refused(record, screener):
    for body in ("  ", "x" * 5001):
        with pytest.raises(ValidationError):
            say(membership=screener, record=record, stage=FIRST, body=body)


def test_the_page_sends_a_message(client_of, record, screener, other_screener):
    place = {"slug": record.review.slug, "stage": FIRST, "record_id": record.pk}
    url = reverse("screening:add-message", kwargs=place)
    client_of(screener).post(url, {"body": SECRET})
    assert read(other_screener, record) == [SECRET]


def test_an_import_with_a_talk_cannot_be_undone(record, screener):
    say(membership=screener, record=record, stage=FIRST, body=SECRET)
    words = [str(one) for one in hanging_on_import(record.batch)]
    assert "1 record has messages" in words
