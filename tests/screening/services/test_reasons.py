"""Exclusion reasons one by one: renamed with their history, moved, retired; records by reason."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from screening.models import Adjudication, AuditEvent, ExclusionReason, RetrievalAttempt
from screening.rules.consensus import Stage, Verdict
from screening.selectors.records import Filters, records_list
from screening.services.reasons import (
    add_reason,
    add_reasons,
    move_reason,
    rename_reason,
    set_reason_retired,
)
from tests import factories


def labels(review):
    used = ExclusionReason.objects.filter(review=review, retired_at__isnull=True)
    return [one.label for one in used]


def excluded(review, *reasons):
    record = factories.make_record(review, source=factories.make_source(review, kind="website"))
    report = factories.make_report(record)
    retrieved = RetrievalAttempt.Outcome.RETRIEVED
    RetrievalAttempt.objects.create(report=report, how="x", outcome=retrieved)
    for reason in reasons:
        member = factories.make_member(review, "screener")
        factories.make_decision(record, member, Verdict.EXCLUDE, Stage.FULL_TEXT, reason=reason)
    return record


def test_a_renamed_reason_is_told_by_its_new_name_and_the_audit_keeps_the_old(review, lead):
    reason = add_reason(lead=lead, label=" No  images ")
    record = excluded(review, reason, reason)
    rename_reason(lead=lead, reason=reason, label="Not imaging")
    assert {one.reason.label for one in record.decisions.all()} == {"Not imaging"}
    event = AuditEvent.objects.get(action="reason.renamed")
    assert (event.before, event.after) == ({"label": "No images"}, {"label": "Not imaging"})
    rename_reason(lead=lead, reason=reason, label="Not imaging")
    assert AuditEvent.objects.filter(action="reason.renamed").count() == 1


def test_a_name_that_is_taken_or_empty_is_refused(lead):
    first = add_reason(lead=lead, label="A")
    second = add_reason(lead=lead, label="B")
    with pytest.raises(ValidationError, match="already"):
        rename_reason(lead=lead, reason=second, label="a")
    set_reason_retired(lead=lead, reason=first, is_retired=True)
    with pytest.raises(ValidationError, match="take it up again"):
        add_reason(lead=lead, label="A")
    with pytest.raises(ValidationError, match="name"):
        add_reason(lead=lead, label=" ")
    with pytest.raises(ValidationError):
        add_reason(lead=lead, label="x" * 201)


def test_reasons_are_moved_retired_and_taken_up_again(review, lead):
    a, b, c = (add_reason(lead=lead, label=label) for label in "ABC")
    move_reason(lead=lead, reason=c, is_up=True)
    assert labels(review) == ["A", "C", "B"]
    move_reason(lead=lead, reason=a, is_up=True)
    move_reason(lead=lead, reason=b, is_up=False)
    assert labels(review) == ["A", "C", "B"]
    set_reason_retired(lead=lead, reason=c, is_retired=True)
    with pytest.raises(ValidationError, match="retired"):
        move_reason(lead=lead, reason=c, is_up=True)
    move_reason(lead=lead, reason=b, is_up=True)
    assert labels(review) == ["B", "A"]
    for _ in range(2):
        set_reason_retired(lead=lead, reason=c, is_retired=False)
    assert labels(review) == ["B", "A", "C"]
    assert AuditEvent.objects.filter(action="reason.restored").count() == 1


def test_only_the_lead_of_the_review_may(review, lead, screener):
    reason = add_reason(lead=lead, label="A")
    foreign = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(PermissionDenied):
        add_reason(lead=screener, label="B")
    for act, values in (
        (rename_reason, {"label": "B"}),
        (move_reason, {"is_up": True}),
        (set_reason_retired, {"is_retired": True}),
    ):
        with pytest.raises(PermissionDenied):
            act(lead=screener, reason=reason, **values)
        with pytest.raises(ValidationError, match="not part"):
            act(lead=foreign, reason=reason, **values)


def test_records_are_filtered_by_their_one_primary_reason(review, lead):
    a, b = (add_reason(lead=lead, label=label) for label in "AB")
    for_a, for_both = excluded(review, a, a), excluded(review, b, a)
    excluded(review, a)  # awaits its second verdict, so nothing is told of it

    def found(reason):
        return list(records_list(membership=lead, filters=Filters(reason=reason.pk)))

    assert (found(a), found(b)) == ([for_a], [])  # the second stands in conflict of reason
    Adjudication.objects.create(
        record=for_both,
        stage=Stage.FULL_TEXT,
        adjudicator=lead,
        kind=Adjudication.Kind.RULING,
        verdict=Verdict.EXCLUDE,
        reason=a,
    )
    assert (found(a), found(b)) == ([for_a, for_both], [])


def test_the_pages_rename_and_filter(review, lead, client_of):
    browser = client_of(lead)
    page = reverse("screening:reasons", kwargs={"slug": review.slug})
    browser.post(page, {"label": "No images"})
    reason = ExclusionReason.objects.get(label="No images")
    one = reverse("screening:change-reason", kwargs={"slug": review.slug, "reason_id": reason.pk})
    browser.post(one, {"action": "rename", "label": "Not imaging"})
    record = excluded(review, reason, reason)
    assert "Not imaging" in browser.get(page).content.decode()
    where = reverse("screening:records", kwargs={"slug": review.slug})
    listed = browser.get(where, {"reason": reason.pk}).content.decode()
    assert record.title in listed
    browser.post(one, {"action": "retire"})
    assert "Take up again" in browser.get(page).content.decode()
    answer = browser.post(one, {"action": "eat"}, follow=True)
    assert "Choose what to do" in answer.content.decode()
    answer = browser.post(page, {"label": ""}, follow=True)
    assert "Write the reason" in answer.content.decode()


def test_several_reasons_are_added_or_none_and_renaming_keeps_what_they_counted(
    review, lead, client_of
):
    page = reverse("screening:reasons", args=[review.slug])
    browser = client_of(lead)
    browser.post(page, {"label": "Not human\r\n\r\nNo images"})
    assert labels(review) == ["Not human", "No images"]
    refused = browser.post(page, {"label": "New\nnot HUMAN"})
    assert refused.status_code == 400
    assert "New\nnot HUMAN" in refused.content.decode()
    assert labels(review) == ["Not human", "No images"]
    with pytest.raises(ValidationError, match="name"):
        add_reasons(lead=lead, labels=[" "])
    reason = ExclusionReason.objects.get(label="No images")
    record = excluded(review, reason, reason)
    one = reverse("screening:change-reason", args=[review.slug, reason.pk])
    browser.post(one, {"action": "rename", "label": "No imaging"})
    assert {one.reason_id for one in record.decisions.all()} == {reason.pk}
    settings = browser.get(reverse("screening:settings", args=[review.slug])).content.decode()
    assert "No imaging" in settings
    assert 'name="reasons"' not in settings
