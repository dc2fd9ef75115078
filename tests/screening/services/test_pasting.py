"""Pasted abstracts: only where there is none, with who did it, the imported row untouched."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import AuditEvent, DuplicateLink, RecordCompletion
from screening.services.completions import undo_completion
from screening.services.pasting import MAX_ABSTRACT, paste_abstract
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(review):
    return factories.make_record(review, abstract="", raw_text="TI  - Only a title")


def test_a_pasted_abstract_stands_in_the_record_with_its_provenance(screener, record):
    done = paste_abstract(
        membership=screener, record=record, text=" First.\r\nSecond. ", found_in="the PDF"
    )
    record.refresh_from_db()
    assert (record.abstract, record.raw_text) == ("First.\nSecond.", "TI  - Only a title")
    assert done.origin_label == f"pasted by {screener}"
    assert (done.identifier, done.created_by) == ("the PDF", screener)
    event = AuditEvent.objects.get(action="record.completed")
    assert event.before == {"abstract": ""}
    assert event.after["abstract"]["from"] == "pasted"


def test_it_can_be_taken_back_and_pasted_again(screener, record):
    undo_completion(
        membership=screener,
        completion=paste_abstract(membership=screener, record=record, text="Wrong one."),
    )
    record.refresh_from_db()
    assert record.abstract == ""
    paste_abstract(membership=screener, record=record, text="The right one.")
    assert list(RecordCompletion.objects.values_list("value", flat=True)) == [
        "Wrong one.",
        "The right one.",
    ]


@pytest.mark.parametrize("text", ["", " \n", "a" * (MAX_ABSTRACT + 1), "with \x00 in it"])
def test_what_is_no_abstract_is_refused(screener, record, text):
    with pytest.raises(ValidationError):
        paste_abstract(membership=screener, record=record, text=text)
    assert not RecordCompletion.objects.exists()


def test_an_abstract_that_is_there_is_never_overwritten(screener, review, record):
    stale = type(record).objects.get(pk=record.pk)
    paste_abstract(membership=screener, record=record, text="First.")
    for known in (stale, type(record).objects.get(pk=record.pk)):
        with pytest.raises(ValidationError, match="nothing is overwritten"):
            paste_abstract(membership=screener, record=known, text="Second.")
    shown_by_another = factories.make_record(review, abstract="")
    twin = factories.make_record(review, abstract="Of the twin.")
    DuplicateLink.objects.create(
        review=review, record=twin, kept=shown_by_another, method="manual", created_by=screener
    )
    with pytest.raises(ValidationError, match="nothing is overwritten"):
        paste_abstract(membership=screener, record=shown_by_another, text="Second.")


def test_who_only_looks_on_or_is_of_another_review_pastes_nothing(observer, screener, record):
    with pytest.raises(PermissionDenied):
        paste_abstract(membership=observer, record=record, text="Words.")
    foreign = factories.make_record(factories.make_review(), abstract="")
    with pytest.raises(ValidationError, match="another review"):
        paste_abstract(membership=screener, record=foreign, text="Words.")
