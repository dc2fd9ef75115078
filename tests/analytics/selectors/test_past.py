"""Figures, Table 1 and sentences of a past day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from analytics.selectors.comparing import comparing_form
from analytics.selectors.days import end_of
from analytics.selectors.experiments import selection_of
from analytics.selectors.table1 import table1_of
from analytics.selectors.values import trace_of
from analytics.services.reporting import add_footnote, set_policy
from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    Reconciliation,
    Study,
)
from extraction.schema.codec import to_json
from tests.analytics.seed import made_up_form

NOW = timezone.now
DAY = timedelta(days=1)


@pytest.fixture
def old(stored):
    """Everything of `stored` was made ten days ago."""
    then = NOW() - 10 * DAY
    for model in (Study, Extraction, ExtractionRow, ExtractedValue, ExtractionForm):
        model.objects.update(created_at=then)
    return stored


def day(ago):
    return (timezone.localdate() - ago * DAY).isoformat()


def gains(review, **asked):
    found = selection_of(review, {key: [value] for key, value in asked.items()})
    rows = zip(found.experiments["row_key"], found.experiments["arm_typed"], strict=True)
    return dict(rows)


def replaced(row, field, value, at):
    """A value was replaced at a moment."""
    former = ExtractedValue.objects.current().get(row=row, field=field)
    ExtractedValue.objects.filter(pk=former.pk).update(superseded_at=at)
    return ExtractedValue.objects.create(
        extraction=row.extraction, row=row, field=field, value=value, unit=former.unit,
        replaces=former, created_at=at,
    )  # fmt: skip


def test_what_was_replaced_removed_or_added_since_is_told_as_it_stood(lead, old):
    review = lead.review
    replaced(old["t1"], "treated", "95", NOW() - 3 * DAY)
    ExtractionRow.objects.filter(pk=old["t2"].pk).update(removed_at=NOW() - 3 * DAY)
    ExtractionRow.objects.filter(pk=old["t3"].pk).update(created_at=NOW() - 2 * DAY)
    Study.objects.filter(label="3").update(created_at=NOW() - 2 * DAY)
    then, now = gains(review, as_of=day(5)), gains(review)
    assert (then[old["t1"].key], now[old["t1"].key]) == ("88 %", "95 %")
    assert old["t2"].key in then
    assert old["t2"].key not in now
    assert old["t3"].key not in then
    assert old["t3"].key in now
    past = table1_of(review=review, as_of=end_of(timezone.localdate() - 5 * DAY))
    assert len(past.rows) == 2
    assert past.rows[0].text("difference") == "8"
    assert len(table1_of(review=review).rows) == 3


def test_before_the_first_form_nothing_is_compared(lead, old):
    assert selection_of(lead.review, {"as_of": [day(11)]}) is None
    assert table1_of(review=lead.review, as_of=end_of(timezone.localdate() - 11 * DAY)) is None


def test_a_later_form_policy_and_footnote_do_not_reach_back(lead, old):
    review = lead.review
    policy = comparing_form(review).comparison.policy
    set_policy(lead=lead, policy=replace(policy, metric_priority=("F1",)))
    add_footnote(lead=lead, text="Since today.", column="difference")
    changed = to_json(made_up_form()) | {"title": "Second"}
    ExtractionForm.objects.create(review=review, version=2, definition=changed, created_by=lead)
    then = end_of(timezone.localdate() - DAY)
    assert comparing_form(review, as_of=then).comparison.policy == policy
    assert comparing_form(review).comparison.policy.metric_priority == ("F1",)
    assert (comparing_form(review, as_of=then).title, comparing_form(review).title) == (
        "Yield",
        "Second",
    )
    said = [note.text for note in table1_of(review=review, as_of=then).notes]
    assert [note.text for note in table1_of(review=review).notes] == [*said, "Since today."]


def test_what_was_reconciled_since_was_imported_then_and_its_page_says_so(lead, old):
    row = old["t3"]
    begun = Reconciliation.objects.create(study=row.extraction.study, extraction_a=row.extraction,
        form=row.extraction.form, created_at=NOW() - 4 * DAY)  # fmt: skip
    settled = ConsensusRow.objects.create(
        reconciliation=begun, group="trial", position=0, row_a=row
    )
    for field, value in (("treated", "75"), ("control", "80"), ("measure", "accuracy")):
        ConsensusValue.objects.create(
            reconciliation=begun, row=settled, field=field, value=value, unit="percent",
            side="third", rationale="Table 2.", decided_by=lead, created_at=NOW() - 3 * DAY,
        )  # fmt: skip
    then, now = gains(lead.review, as_of=day(5)), gains(lead.review)
    assert (then[row.key], now[settled.key]) == ("72 %", "75 %")
    assert settled.key not in then
    assert row.key not in now
    past = trace_of(lead.review, row.extraction.study_id, row.key, as_of=NOW() - 5 * DAY)
    assert past.scores[0].value == "72 %"
    assert trace_of(lead.review, row.extraction.study_id, row.key) is None
    outside = selection_of(lead.review, only_reconciled=True)
    assert list(outside.experiments["row_key"]) == [settled.key]
    assert set(outside.experiments["link"]) == {""}


def test_the_end_of_yesterday_is_what_stands_now_while_nothing_changed(lead, old):
    now = selection_of(lead.review)
    then = selection_of(lead.review, {"as_of": [day(1)]})
    drop = {"link"}
    columns = [name for name in now.experiments.columns if name not in drop]
    assert then.experiments[columns].equals(now.experiments[columns])
    assert then.studies.equals(now.studies)
    assert [one.sentence for one in then.figures(lambda filters: "")] == [
        one.sentence for one in now.figures(lambda filters: "")
    ]


@pytest.mark.parametrize("text", ["2999-01-01", "yesterday", "2026-02-31"])
def test_a_day_nobody_can_tell_of_is_named_and_now_is_shown(lead, old, text):
    found = selection_of(lead.review, {"as_of": [text]})
    assert text in found.problems[0]
    assert found.day is None


def test_the_day_stays_in_every_address_of_the_page(client_of, observer, old):
    answer = client_of(observer).get(f"/r/ssl/figures/?crop=wheat&as_of={day(2)}")
    page = answer.content.decode()
    assert "This is what stood at the end of" in page
    assert f'name="as_of" value="{day(2)}"' in page
    assert f"?as_of={day(2)}" in page
    row = old["t1"]
    value = f"/r/ssl/values/{row.extraction.study_id}/{row.key}/?as_of={day(2)}"
    assert "This is what stood" in client_of(observer).get(value).content.decode()
    table = client_of(observer).get(f"/r/ssl/table-1/?as_of={day(2)}").content.decode()
    assert f"as_of={day(2)}" in table
    empty = client_of(observer).get(f"/r/ssl/figures/?as_of={day(20)}").content.decode()
    assert "Show now" in empty
