"""The settings of a review change nothing that was decided."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import AuditEvent, HighlightTerm, Record
from screening.rules.consensus import Stage
from screening.services import settings as services
from tests import factories

pytestmark = pytest.mark.django_db


def status_of(record):
    return Record.objects.with_status(Stage.TITLE_ABSTRACT).get(pk=record.pk).team_status


def test_the_status_follows_the_number_of_verdicts_needed(lead, screener):
    record = factories.make_record(lead.review)
    factories.make_decision(record, screener)
    assert status_of(record) == "awaiting"
    services.change_stage(lead=lead, stage=Stage.TITLE_ABSTRACT, verdicts_needed=1)
    assert status_of(record) == "included"


def test_a_change_is_audited_and_no_change_is_not(lead):
    services.change_review(lead=lead, title="Another title")
    services.change_review(lead=lead, title="Another title")
    event = AuditEvent.objects.get(action="review.changed")
    assert event.after == {"title": "Another title"}


def test_an_impossible_value_is_refused(lead):
    with pytest.raises(ValidationError):
        services.change_stage(lead=lead, stage=Stage.TITLE_ABSTRACT, verdicts_needed=7)


def test_an_unknown_setting_is_named(lead):
    with pytest.raises(ValidationError, match="no setting called colour"):
        services.change_review(lead=lead, colour="red")


def test_own_highlights_leave_the_reviews_alone(lead, screener):
    services.set_highlight_terms(member=lead, terms={"include": ["self-superv*"]}, is_own=False)
    services.set_highlight_terms(member=screener, terms={"neutral": ["mri"]}, is_own=True)
    assert HighlightTerm.objects.filter(member=None).count() == 1
    assert HighlightTerm.objects.get(member=screener).pattern == "mri"


def test_a_word_in_two_lists_is_refused(lead):
    with pytest.raises(ValidationError, match="one list"):
        services.set_highlight_terms(
            member=lead, terms={"include": ["mri"], "exclude": ["mri"]}, is_own=False
        )


def test_only_a_lead_changes_the_review(screener):
    with pytest.raises(PermissionDenied):
        services.change_review(lead=screener, title="Mine")
