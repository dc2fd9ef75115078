"""Numbers from before the import, and the settings of a past day."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone

from analytics.prisma.diagram import flow_as_svg
from analytics.prisma.exports import flow_as_csv, flow_as_json
from analytics.prisma.flow import Declared, Flow, SourceKind, SourceRows
from analytics.prisma.invariants import sums_of
from analytics.selectors.moments import settings_then
from analytics.selectors.prisma import flow_of
from screening.models import AuditEvent, DeclaredRemoval, Source
from screening.rules.consensus import Stage
from screening.services.declared import RemovalFacts, declare_removal, withdraw_removal
from screening.services.settings import change_stage
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)


def facts(count=1200, kind="duplicate", note="EndNote 21", removed_on=DAY):
    return RemovalFacts(kind, count, note, removed_on)


@pytest.fixture
def record(review):
    return factories.make_record(review)


@pytest.fixture
def declared(lead, record):
    return declare_removal(membership=lead, source=record.source, facts=facts())


def test_a_declared_number_stands_in_both_boxes_and_the_sums_agree(review, record, declared):
    flow = flow_of(review=review)

    assert flow.counts["database_results"] == flow.counts["source.0"] == 1201
    assert flow.counts["duplicates"] == 1200
    assert flow.boxes["duplicates"] == set()
    assert flow.boxes["records_screened"] == {record.pk}
    assert sums_of(flow)[0].numbers == "1 = 1,201 − 1,200 − 0 − 0"


def test_every_file_shows_the_number_and_what_of_it_was_declared(review, record, declared):
    flow = flow_of(review=review)

    told = json.loads(json.dumps(flow_as_json(flow)))
    assert told["boxes"]["duplicates"] == {"count": 1200, "declared": 1200, "ids": []}
    assert told["boxes"]["database_results"]["ids"] == [record.pk]
    assert told["sources"][0]["count"] == 1201
    assert told["declared"][0]["note"] == "EndNote 21"
    assert told["declared"][0]["removed_on"] == "2024-03-01"
    drawn = flow_as_svg(flow, as_file=True)
    assert drawn.count("of which declared") == 2
    assert "(n\u00a0=\u00a01,201)" in drawn
    assert "1201" in flow_as_csv(flow)


def test_a_past_day_knows_what_was_declared_then(review, lead, declared):
    before = declared.created_at - timedelta(seconds=1)
    between = timezone.now()
    withdraw_removal(membership=lead, declared=declared)

    assert flow_of(review=review, as_of=before).counts["duplicates"] == 0
    assert flow_of(review=review, as_of=between).counts["duplicates"] == 1200
    assert flow_of(review=review).counts["duplicates"] == 0


def test_declaring_and_withdrawing_are_audited_with_who(lead, declared):
    withdraw_removal(membership=lead, declared=declared)

    events = AuditEvent.objects.filter(target_type="screening.declaredremoval")
    assert list(events.values_list("action", "actor")) == [
        ("removal.declared", lead.user_id),
        ("removal.withdrawn", lead.user_id),
    ]
    with pytest.raises(ValidationError, match="already"):
        withdraw_removal(membership=lead, declared=declared)


def test_only_a_lead_declares_and_withdraws(screener, declared):
    with pytest.raises(PermissionDenied):
        declare_removal(membership=screener, source=declared.source, facts=facts())
    with pytest.raises(PermissionDenied):
        withdraw_removal(membership=screener, declared=declared)


@pytest.mark.parametrize(
    "wrong",
    [
        facts(count=0),
        facts(note="  "),
        facts(kind="forgotten"),
        facts(removed_on=timezone.localdate() + timedelta(days=2)),
    ],
)
def test_what_cannot_be_is_refused(lead, record, wrong):
    with pytest.raises(ValidationError):
        declare_removal(membership=lead, source=record.source, facts=wrong)


def test_nothing_is_declared_for_another_review_or_the_previous_version(review, lead):
    before = factories.make_source(review, kind=Source.Kind.PREVIOUS_VERSION)
    elsewhere = factories.make_source(factories.make_review())
    for source in (before, elsewhere):
        with pytest.raises(ValidationError):
            declare_removal(membership=lead, source=source, facts=facts())


def test_the_table_refuses_a_number_of_nothing(lead, record):
    with pytest.raises(IntegrityError, match="declared_removal_has_a_count"):
        DeclaredRemoval.objects.create(
            source=record.source, kind="other", count=0, note="n", removed_on=DAY, declared_by=lead
        )


def test_numbers_of_other_methods_are_set_aside(review, lead):
    source = factories.make_source(review, kind=Source.Kind.WEBSITE)
    declare_removal(membership=lead, source=source, facts=facts(5))
    declare_removal(membership=lead, source=source, facts=facts(7, "automation"))

    counts = flow_of(review=review).counts
    assert counts["website_results"] == 12
    assert (counts["other_duplicates"], counts["other_removed"]) == (5, 7)
    assert counts["duplicates"] == 0


@pytest.mark.parametrize("wrong", [{"count": 0, "box": "duplicates"}, {"count": 1, "box": "lost"}])
def test_a_flow_refuses_a_number_it_cannot_place(wrong):
    with pytest.raises(ValueError, match=r"at least 1|is none of"):
        Declared(source=0, **wrong)


def test_a_flow_refuses_a_number_of_the_previous_version():
    rows = SourceRows(SourceKind.PREVIOUS_VERSION, "Version of 2019", frozenset())
    with pytest.raises(ValueError, match="identifies nothing"):
        Flow(sources=(rows,), declared=(Declared(0, "duplicates", 3),))


def test_a_past_day_is_judged_by_the_settings_of_that_day(review, lead, screener, record):
    factories.make_decision(record, screener)
    before = timezone.now()
    change_stage(lead=lead, stage=Stage.TITLE_ABSTRACT, verdicts_needed=1)
    between = timezone.now()
    change_stage(lead=lead, stage=Stage.TITLE_ABSTRACT, verdicts_needed=3, is_blinded=False)

    assert flow_of(review=review, as_of=before).in_progress["records_awaiting"] == {record.pk}
    assert flow_of(review=review, as_of=between).boxes["dbr_sought_reports"] == {record.pk}
    assert flow_of(review=review).in_progress["records_awaiting"] == {record.pk}
    then = settings_then(review, Stage.TITLE_ABSTRACT, between)
    assert (then.verdicts_needed, then.is_blinded) == (1, True)
    assert settings_then(review, Stage.FULL_TEXT, before).verdicts_needed == 2
