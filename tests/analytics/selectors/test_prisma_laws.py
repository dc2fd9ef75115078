"""Every identity of the flow, after each step of random histories through the services."""

import random
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from analytics.prisma.exports import flow_as_json
from analytics.selectors.alone import said_alone
from analytics.selectors.prisma import flow_of
from screening.rules.consensus import Stage
from screening.services.settings import change_stage
from tests import factories
from tests.analytics.selectors.service_history import ServiceHistory

pytestmark = pytest.mark.django_db
SEEDS = (4, 5)
STEPS = 45
ASKED = (20, 30, 40)
FORM = {
    "key": "least",
    "title": "Least",
    "groups": [
        {"key": "study", "label": "Study", "fields": [{"key": "task", "label": "Task"}]},
    ],
}


@pytest.fixture
def cast(review):
    lead = factories.make_member(review, "lead")
    people = [factories.make_member(review, "screener") for _ in range(3)]
    judge = factories.make_member(review, "adjudicator", "extractor")
    factories.make_form(review, FORM)
    change_stage(lead=lead, stage=Stage.TITLE_ABSTRACT, verdicts_needed=1)
    return lead, people, judge


def contents(flow):
    told = flow_as_json(flow)
    return {key: told[key] for key in ("boxes", "in_progress", "set_aside", "sources")}


def alone(review, as_of=None):
    return [said_alone(review, stage, as_of=as_of) for stage in Stage]


def test_every_identity_holds_after_each_step_through_the_services(review, cast):
    done = Counter()
    for seed in SEEDS:
        with transaction.atomic():
            lead, people, judge = cast
            history = ServiceHistory(review, lead, people, judge, seed)
            for _ in range(3):
                history.import_records()
            told, said = [], []
            for number in range(STEPS):
                history.step()
                flow = flow_of(review=review)  # raises unless I1 to I7 hold
                told.append((timezone.now(), contents(flow)))
                if number in ASKED:
                    said.append((timezone.now(), alone(review)))
            if "undo_import" not in history.done:  # which removes rows for ever
                pick = random.Random(seed)  # noqa: S311 (a reproducible test)
                for moment, then in pick.sample(told, 3):
                    assert contents(flow_of(review=review, as_of=moment)) == then
                assert [alone(review, moment) for moment, _ in said] == [then for _, then in said]
            done.update(history.done)
            transaction.set_rollback(True)
    # A history that is always refused would prove nothing.
    assert {"import_records", "decide", "attempt", "step"} <= set(done), done
    assert len(done) >= 10, done
