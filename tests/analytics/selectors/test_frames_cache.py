"""Frames rest in memory, and every change is seen on the next request."""

import pytest
from pandas.testing import assert_frame_equal

from analytics.selectors import frames
from analytics.selectors.comparing import comparing_form
from analytics.selectors.experiments import selection_of
from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    Reconciliation,
    Study,
)
from tests import factories
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.stored import store

GAINS = [10.0, 20.0, -10.0]


@pytest.fixture(autouse=True)
def _empty():
    frames.forget()


def gains(review):
    return selection_of(review).experiments["relative_gain"].dropna().round(1).tolist()


def _value(row, text):
    ExtractedValue.objects.create(
        extraction=row.extraction, row=row, field="treated", value=text, unit="percent"
    )


def test_an_unchanged_review_is_read_once(review, stored, django_assert_num_queries):
    """The second time: the form, its policy, one query for the mark, the choices by hand."""
    assert gains(review) == GAINS
    with django_assert_num_queries(4):
        assert gains(review) == GAINS


def test_a_new_value_is_seen_at_once(review, stored):
    assert gains(review) == GAINS
    row = stored["t1"]
    value = ExtractedValue.objects.get(row=row, field="treated")
    value.superseded_at = value.created_at
    value.save()
    _value(row, "96")
    assert gains(review) == [20.0, 20.0, -10.0]


def test_a_removed_row_a_new_study_and_a_reconciliation_are_seen(review, stored):
    assert gains(review) == GAINS
    row = stored["t1"]
    row.removed_at = row.created_at
    row.save()
    assert gains(review) == GAINS[1:]
    Study.objects.create(review=review, title="Another")
    assert selection_of(review).all_studies == 4
    done = Reconciliation.objects.create(
        study=stored["t3"].extraction.study, form=stored["t3"].extraction.form
    )
    ConsensusRow.objects.create(reconciliation=done, group="trial", position=0)
    assert gains(review) == [20.0]


def test_an_extraction_taken_back_is_seen(review, stored):
    assert gains(review) == GAINS
    Extraction.objects.filter(pk=stored["t3"].extraction_id).delete()
    assert gains(review) == GAINS[:2]


def test_only_what_changed_is_read_again_and_gives_the_same_frames(review, stored, monkeypatch):
    """After each change the patched frames are those of a first reading, row by row."""
    read = []
    reader = frames.answers_of
    monkeypatch.setattr(
        frames, "answers_of", lambda *asked: read.append(asked[-1]) or reader(*asked)
    )
    form, sight = comparing_form(review), frames.Sight(include_raw=True)

    def both():
        read.clear()
        patched = frames.frames_of(review, form, sight)
        asked = read[0]
        frames.forget()
        fresh = frames.frames_of(review, form, sight)
        for name in ("experiments", "studies"):
            assert_frame_equal(getattr(patched, name), getattr(fresh, name))
        assert patched.row_keys == fresh.row_keys
        assert patched.prints == fresh.prints
        return asked

    one, two, three = (stored[key].extraction for key in ("t1", "t3", "t4"))
    assert both() is None
    ExtractedValue.objects.filter(row=stored["t3"], field="treated").update(
        superseded_at=two.created_at
    )
    _value(stored["t3"], "79")
    assert both() == [two.study_id]
    stored["t2"].removed_at = one.created_at
    stored["t2"].save()
    Study.objects.filter(pk=three.study_id).update(title="Renamed")
    Study.objects.create(review=review, title="New")
    assert len(both()) == 3
    done = Reconciliation.objects.create(study=one.study, form=one.form)
    row = ConsensusRow.objects.create(reconciliation=done, group="trial", position=0)
    assert both() == [one.study_id]
    settled = ConsensusValue.objects.create(
        reconciliation=done,
        row=row,
        field="treated",
        value="90",
        unit="percent",
        side="third",
        rationale="Why.",
        decided_by=one.extractor,
    )
    assert both() == [one.study_id]
    settled.superseded_at = one.created_at
    settled.save()
    row.is_left_out = True
    row.save()
    three.study.joined_into = two.study
    three.study.save()
    new = Study.objects.get(title="New")
    Extraction.objects.create(study=new, form=one.form, extractor=one.extractor)
    assert both() == [one.study_id], "a draft answers nothing"


def test_another_pair_is_another_frame(review, stored):
    assert gains(review) == GAINS
    turned = selection_of(review, {"compare": ["control~treated"]}).experiments
    assert turned["absolute_gain"].dropna().round(1).tolist() == [-8.0, -10.0, 8.0]
    assert gains(review) == GAINS


def test_the_memory_keeps_a_few_reviews_only(lead, monkeypatch):
    monkeypatch.setattr(frames, "KEPT", 2)
    for number in range(3):
        other = factories.make_review(slug=f"r{number}")
        member = factories.make_member(other, "lead")
        store(member, [study(1, trial("t1"))], made_up_form())
        selection_of(other)
    assert len(frames._kept) == 2
