"""One verdict of one reviewer: recorded once, replaced by a new row, never overwritten."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import (
    Adjudication,
    Decision,
    DuplicateLink,
    Report,
    ScreeningLease,
    Source,
    StageSettings,
)
from screening.rules.consensus import Stage, Verdict
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out
from screening.services.reports import log_attempt
from tests import factories

TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


def decide(member, record, verdict="include", stage=TITLE, **answer):
    return record_decision(
        membership=member, record_id=record.pk, stage=stage, answer=Answer(verdict, **answer)
    )


def set_stage(review, stage=TITLE, **values):
    StageSettings.objects.filter(review=review, stage=stage).update(**values)


def bring_to_full_text(record, lead):
    reviewers = [factories.make_member(record.review, "screener") for _ in range(2)]
    for reviewer in reviewers:
        decide(reviewer, record)
    log_attempt(membership=lead, report=record.report, outcome="retrieved", how="Publisher's page")


def test_it_stores_who_said_what(review, screener):
    record = factories.make_record(review)
    decision = decide(screener, record, "maybe", comment=" look ", seconds_spent=12)
    decision.refresh_from_db()
    assert (decision.record, decision.reviewer, decision.stage) == (record, screener, TITLE)
    assert (decision.verdict, decision.comment, decision.seconds_spent) == ("maybe", "look", 12)
    assert decision.origin == Decision.Origin.PAGE


def test_a_change_of_mind_is_a_new_row_that_names_the_old(review, screener):
    record = factories.make_record(review)
    first = decide(screener, record, "include")
    second = decide(screener, record, "exclude")
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert first.undone_at is None
    assert second.replaces == first
    assert list(Decision.objects.current()) == [second]


def test_the_same_answer_twice_is_stored_once(review, screener):
    record = factories.make_record(review)
    assert decide(screener, record) == decide(screener, record)
    assert Decision.objects.count() == 1


def test_a_key_sent_again_gives_the_stored_decision_even_after_a_change(review, screener):
    record = factories.make_record(review)
    first = decide(screener, record, "include", client_key="k1")
    decide(screener, record, "exclude", client_key="k2")
    assert decide(screener, record, "include", client_key="k1") == first
    assert Decision.objects.current().get().verdict == "exclude"


def test_a_key_of_another_record_is_refused(review, screener):
    decide(screener, factories.make_record(review), client_key="k1")
    with pytest.raises(ValidationError, match="another record"):
        decide(screener, factories.make_record(review), client_key="k1")


def test_a_page_gone_back_to_may_be_answered_anew_under_its_key(review, screener):
    record = factories.make_record(review)
    decide(screener, record, "include", client_key="k1")
    decide(screener, record, "exclude", client_key="k1")
    assert Decision.objects.current().get().verdict == "exclude"


def test_two_people_may_use_the_same_key(review, screener, other_screener):
    record = factories.make_record(review)
    decide(screener, record, client_key="k1")
    decide(other_screener, record, client_key="k1")
    assert Decision.objects.count() == 2


def test_a_key_that_is_too_long_is_refused(review, screener):
    with pytest.raises(ValidationError, match="longer than"):
        decide(screener, factories.make_record(review), client_key="k" * 41)


@pytest.mark.parametrize("role", ["lead", "adjudicator", "extractor", "observer"])
def test_who_does_not_screen_may_not_decide(review, role):
    record = factories.make_record(review)
    with pytest.raises(PermissionDenied, match="Only screeners"):
        decide(factories.make_member(review, role), record)
    assert not Decision.objects.exists()


def test_a_role_taken_away_counts_at_once(review, screener):
    record = factories.make_record(review)
    type(screener).objects.filter(pk=screener.pk).update(is_screener=False, is_observer=True)
    with pytest.raises(PermissionDenied):
        decide(screener, record)


def test_a_record_of_another_review_is_refused_and_nothing_changes(screener):
    record = factories.make_record(factories.make_review())
    with pytest.raises(ValidationError, match="not part of this review"):
        decide(screener, record)
    assert not Decision.objects.exists()


def test_a_duplicate_is_not_screened(review, screener):
    kept, record = factories.make_record(review), factories.make_record(review)
    DuplicateLink.objects.create(review=review, record=record, kept=kept, method="manual")
    with pytest.raises(ValidationError, match="duplicate"):
        decide(screener, record)


def test_a_record_of_another_method_is_not_screened_by_title(review, screener):
    source = factories.make_source(review, kind=Source.Kind.WEBSITE)
    with pytest.raises(ValidationError, match="another method"):
        decide(screener, factories.make_record(review, source=source))


def test_maybe_is_refused_where_it_is_switched_off(review, screener):
    set_stage(review, is_maybe_allowed=False)
    with pytest.raises(ValidationError, match="switched off"):
        decide(screener, factories.make_record(review), "maybe")


def test_an_unknown_verdict_is_refused(review, screener):
    with pytest.raises(ValidationError, match="no verdict"):
        decide(screener, factories.make_record(review), "perhaps")


def test_a_reason_goes_with_an_exclusion_only(review, screener):
    reason = factories.make_reason(review)
    with pytest.raises(ValidationError, match="exclusion only"):
        decide(screener, factories.make_record(review), "include", reason_id=reason.pk)


def test_a_reason_of_another_review_is_refused(review, screener):
    reason = factories.make_reason(factories.make_review())
    with pytest.raises(ValidationError, match="not one of this review's"):
        decide(screener, factories.make_record(review), "exclude", reason_id=reason.pk)


def test_a_reason_is_needed_where_the_stage_asks_for_it(review, screener):
    set_stage(review, is_reason_required=True)
    with pytest.raises(ValidationError, match="Choose the reason"):
        decide(screener, factories.make_record(review), "exclude")


def test_a_full_text_exclusion_needs_its_reason(review, screener, lead):
    record = factories.make_record(review)
    bring_to_full_text(record, lead)
    with pytest.raises(ValidationError, match="Choose the reason"):
        decide(screener, record, "exclude", stage=FULL)
    reason = factories.make_reason(review)
    assert decide(screener, record, "exclude", stage=FULL, reason_id=reason.pk).reason == reason


def test_full_text_is_decided_only_after_title_and_abstract(review, screener):
    with pytest.raises(ValidationError, match="not reached the full-text stage"):
        decide(screener, factories.make_record(review), stage=FULL)


def test_full_text_is_decided_only_when_the_report_is_retrieved(review, screener, lead):
    record = factories.make_record(review)
    bring_to_full_text(record, lead)
    log_attempt(membership=lead, report=record.report, outcome="not_retrieved", how="Lost")
    with pytest.raises(ValidationError, match="not retrieved"):
        decide(screener, record, stage=FULL)


def test_the_report_comes_to_be_when_the_record_passes(review, screener, other_screener):
    record = factories.make_record(review)
    decide(screener, record)
    assert not Report.objects.exists()
    decide(other_screener, record, "maybe")
    assert Report.objects.get().record == record


def test_no_more_verdicts_are_taken_than_needed(review, screener, other_screener):
    record = factories.make_record(review)
    decide(screener, record)
    decide(other_screener, record)
    with pytest.raises(ValidationError, match="already has the verdicts"):
        decide(factories.make_member(review, "screener"), record)


def test_a_ruled_record_takes_no_more_verdicts(review, screener, adjudicator):
    record = factories.make_record(review)
    Adjudication.objects.create(
        record=record, stage=TITLE, verdict=Verdict.INCLUDE, adjudicator=adjudicator
    )
    with pytest.raises(ValidationError, match="ruling"):
        decide(screener, record)


def test_a_verdict_is_not_changed_once_the_other_is_seen(review, screener, other_screener):
    record = factories.make_record(review)
    decide(screener, record, "include")
    decide(other_screener, record, "exclude")
    with pytest.raises(ValidationError, match="in conflict"):
        decide(screener, record, "exclude")


def test_without_blinding_a_conflict_may_end_by_a_change_of_mind(review, screener, other_screener):
    set_stage(review, is_blinded=False)
    record = factories.make_record(review)
    decide(screener, record, "include")
    decide(other_screener, record, "exclude")
    decide(other_screener, record, "include")
    assert Report.objects.filter(record=record).exists()


def test_deciding_ends_the_lease(review, screener):
    factories.make_record(review)
    record = hand_out(membership=screener, stage=TITLE)
    decide(screener, record)
    assert not ScreeningLease.objects.exists()


def test_an_absurd_time_spent_is_cut_or_dropped(review, screener):
    first, second = factories.make_record(review), factories.make_record(review)
    assert decide(screener, first, seconds_spent=10**7).seconds_spent == 24 * 3600
    assert decide(screener, second, seconds_spent=-4).seconds_spent is None
