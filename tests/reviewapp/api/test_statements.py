"""Lists cost the same number of statements however many rows they hold."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from screening.models import DuplicateLink, Note, RecordTag, Tag
from screening.rules.consensus import Stage
from tests import factories

TITLE = {"stage": "title-abstract"}
FULL = {"stage": "full-text"}
LISTS = [
    ("screening-api:stage-records", TITLE),
    ("screening-api:stage-records", FULL),
    ("screening-api:decided", TITLE),
    ("screening-api:conflicts", TITLE),
    ("screening-api:settled", TITLE),
    ("screening-api:records", {}),
    ("screening-api:members", {}),
    ("screening-api:invitations", {}),
    ("screening-api:audit", {}),
    ("screening-api:jobs", {}),
    ("screening-api:tags", {}),
    ("screening-api:reasons", {}),
    ("screening-api:sources", {}),
    ("screening-api:imports", {}),
    ("screening-api:reports", {}),
    ("screening-api:duplicate-links", {}),
    ("screening-api:completions", {}),
    ("screening-api:webhooks", {}),
    ("screening-api:deliveries", {}),
    ("extraction-api:studies", {}),
    ("extraction-api:open-reports", {}),
    ("analytics-api:gains", {}),
]


@pytest.fixture
def everything(review):
    """A member who may do all, and a maker of one more of each thing."""
    member = factories.make_member(review, "lead", "screener", "extractor", "adjudicator")
    factories.make_form(review, to_json(template("ssl_classification")))

    def more() -> None:
        source = factories.make_source(review)
        record, twin, third = (factories.make_record(review, source=source) for _ in range(3))
        colleague = factories.make_member(review, "screener")
        for person in (member, colleague):
            factories.make_decision(record, person)
        factories.make_decision(third, member)
        factories.make_decision(third, colleague, "exclude")
        DuplicateLink.objects.create(review=review, record=twin, kept=record, method="manual")
        tag = Tag.objects.create(review=review, label=f"tag {record.pk}")
        RecordTag.objects.create(record=record, tag=tag, member=member)
        Note.objects.create(record=record, author=member, body="A note.")
        report = factories.make_report(record)
        for person in (member, colleague):
            factories.make_decision(record, person, stage=Stage.FULL_TEXT)
        factories.make_study(review, report)

    return member, more


@pytest.mark.parametrize(("name", "parts"), LISTS)
def test_a_list_costs_the_same_whatever_its_length(name, parts, everything, client_of):
    member, more = everything
    more()
    client = client_of(member)
    address = reverse(name, kwargs={"slug": member.review.slug, **parts})
    costs = []
    for _ in range(3):
        assert client.get(address).status_code == 200  # what is kept in memory is there now
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        costs.append(len(asked))
        more()
        more()
    assert len(set(costs)) == 1, costs
