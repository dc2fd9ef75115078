import threading
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction

from extraction.models import ExtractedValue
from extraction.services.extractions import add_row, start_extraction
from extraction.services.values import (
    CellAddress,
    ChangedElsewhereError,
    Evidence,
    as_text,
    attach_evidence,
    save_value,
)
from screening.models import FullText
from tests.extraction.conftest import current, enter, extract


@pytest.fixture
def extraction(extractor, study):
    return start_extraction(membership=extractor, study=study)


@pytest.fixture
def row(extractor, extraction):
    row = add_row(membership=extractor, extraction=extraction, group="experiment")
    enter(extraction, "metric", "AUROC", row=row)
    return row


@pytest.fixture
def full_text(report, extractor):
    return FullText.objects.create(
        report=report,
        file="x.pdf",
        original_name="x.pdf",
        sha256="0" * 64,
        size=1,
        page_count=3,
        uploaded_by=extractor,
    )


def save(extraction, raw, expected, field="ssl_framework", unit=""):
    return save_value(
        membership=extraction.extractor,
        cell=CellAddress(extraction, field),
        raw=raw,
        unit=unit,
        expected=expected,
    )


def test_a_change_is_a_new_row_and_the_old_one_stays(extraction):
    first = enter(extraction, "ssl_framework", "MoCo").value
    second = enter(extraction, "ssl_framework", "MoCo v2").value
    first.refresh_from_db()
    assert first.value == "MoCo"
    assert first.superseded_at is not None
    assert second.replaces == first


def test_the_same_value_again_makes_no_row(extraction):
    first = enter(extraction, "ssl_framework", "MoCo").value
    assert enter(extraction, "ssl_framework", " MoCo ").value == first


def test_two_windows_never_overwrite_each_other_silently(extraction):
    shown = enter(extraction, "ssl_framework", "MoCo").value.pk
    save(extraction, "MoCo v2", shown)
    with pytest.raises(ChangedElsewhereError, match="is now “MoCo v2”"):
        save(extraction, "SimCLR", shown)
    assert current(extraction, "ssl_framework").value == "MoCo v2"


def test_a_window_that_shows_an_empty_cell_does_not_overwrite_a_filled_one(extraction):
    enter(extraction, "ssl_framework", "MoCo")
    with pytest.raises(ChangedElsewhereError):
        save(extraction, "SimCLR", None)


def test_an_expected_value_that_is_not_there_is_told_as_empty(extraction):
    with pytest.raises(ChangedElsewhereError, match="is now empty"):
        save(extraction, "SimCLR", 999_999)


def test_an_entry_whose_answer_got_lost_can_be_sent_again(extraction):
    shown = enter(extraction, "ssl_framework", "MoCo").value.pk
    stored = save(extraction, "SimCLR", shown).value  # the window never learns of it
    assert save(extraction, " SimCLR ", shown).value == stored
    assert extraction.values.filter(field="ssl_framework").count() == 2


def test_a_first_entry_and_a_cleared_cell_can_be_sent_again(extraction):
    first = save(extraction, "MoCo", None).value
    assert save(extraction, "MoCo", None).value == first
    cleared = save(extraction, "", first.pk).value
    assert save(extraction, "", first.pk).value == cleared


def test_a_number_sent_again_in_another_unit_is_another_entry(extraction, row):
    saved = enter(extraction, "ssl_performance", "0.92", unit="fraction", row=row).value
    cell = CellAddress(extraction, "ssl_performance", row)
    member = extraction.extractor
    again = save_value(membership=member, cell=cell, raw="0.92", unit="fraction", expected=None)
    assert again.value == saved
    with pytest.raises(ChangedElsewhereError):
        save_value(membership=member, cell=cell, raw="0.92", unit="percent", expected=None)


def test_a_refused_entry_does_not_hide_another_windows_change(extraction, row):
    enter(extraction, "ssl_performance", "0.92", unit="fraction", row=row)
    with pytest.raises(ChangedElsewhereError):
        save_value(
            membership=extraction.extractor,
            cell=CellAddress(extraction, "ssl_performance", row),
            raw="much",
            unit="fraction",
            expected=None,
        )


def save_when_free(extraction, raw):
    """The shared memory database of the tests refuses to wait for a lock, so wait here."""
    while True:
        try:
            return save(extraction, raw, None)
        except OperationalError:
            time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_save_at_once_leave_one_value(extraction):
    barrier = threading.Barrier(2, timeout=20)
    outcomes = []

    def window(raw):
        barrier.wait()
        try:
            save_when_free(extraction, raw)
            outcomes.append("saved")
        except ChangedElsewhereError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=window, args=(raw,)) for raw in ("MoCo", "SimCLR")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["refused", "saved"]
    assert extraction.values.current().filter(field="ssl_framework").count() == 1


def test_the_database_holds_one_current_value_per_cell(extraction):
    enter(extraction, "ssl_framework", "MoCo")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtractedValue.objects.create(extraction=extraction, field="ssl_framework", value="x")


def test_93_as_a_fraction_is_refused_and_changes_nothing(extraction, row):
    with pytest.raises(ValidationError, match=r"93 stated as fraction.*Did you mean 93 percent"):
        enter(extraction, "ssl_performance", "93", "fraction", row)
    assert current(extraction, "ssl_performance", row) is None


def test_an_auroc_under_one_half_is_saved_and_asked_about(extraction, row):
    saved = enter(extraction, "ssl_performance", "0.42", "fraction", row)
    assert saved.value.value == "0.42"
    assert "worse than chance" in saved.questions[0]


def test_an_empty_entry_clears_the_cell(extraction):
    enter(extraction, "imaging_modality", ["CT", "MRI"])
    assert enter(extraction, "imaging_modality", []).value.value is None
    assert enter(extraction, "ssl_framework", "").value.value is None


def test_several_choices_are_kept_as_a_list(extraction):
    assert enter(extraction, "imaging_modality", "CT; MRI").value.value == ["CT", "MRI"]


def test_a_field_that_the_form_has_not_is_refused(extraction, row):
    with pytest.raises(ValidationError, match="no field “nothing” here"):
        enter(extraction, "nothing", "x")
    with pytest.raises(ValidationError, match="no field “strategy” here"):
        enter(extraction, "strategy", "contrastive", row=row)


def test_nobody_writes_into_anothers_extraction(extraction, other_extractor):
    with pytest.raises(PermissionDenied):
        save_value(
            membership=other_extractor,
            cell=CellAddress(extraction, "ssl_framework"),
            raw="x",
            unit="",
            expected=None,
        )


def attach(extraction, evidence, expected=None):
    return attach_evidence(
        membership=extraction.extractor,
        cell=CellAddress(extraction, "ssl_framework"),
        evidence=evidence,
        expected=expected,
    ).value


def test_evidence_stays_with_the_cell_when_its_value_changes(extraction, full_text):
    box = (0.1, 0.2, 0.3, 0.25)
    quote = Evidence(2, "we use MoCo", "text", (box,), full_text)
    first = attach(extraction, quote)
    assert first.value is None
    saved = save(extraction, "MoCo", first.pk).value
    assert (saved.page, saved.quote, saved.location) == (2, "we use MoCo", "text")
    assert saved.rectangles == [list(box)]
    assert saved.full_text == full_text


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        ({"page": 4}, "has 3 pages"),
        ({"page": None}, "has 3 pages"),
        ({"page": 1, "quote": "x" * 4001}, "too long"),
        ({"page": 1, "rectangles": ((0.0, 0.0, 1.5, 1.0),)}, "outside the page"),
        ({"page": 1, "rectangles": ((0.0, 0.0, 1.0),)}, "outside the page"),
        ({"page": 1, "location": "cellar"}, "no kind of place"),
    ],
)
def test_malformed_evidence_is_refused(extraction, full_text, evidence, message):
    with pytest.raises(ValidationError, match=message):
        attach(extraction, Evidence(full_text=full_text, **evidence))


def test_evidence_comes_from_a_report_of_the_study(extraction, full_text, study):
    study.study_reports.all().delete()
    with pytest.raises(ValidationError, match="no report of this study"):
        attach(extraction, Evidence(1, "x", full_text=full_text))


def test_evidence_does_not_overwrite_another_windows_change(extraction):
    enter(extraction, "ssl_framework", "MoCo")
    with pytest.raises(ChangedElsewhereError):
        attach(extraction, Evidence(quote="x"))


def test_evidence_whose_answer_got_lost_can_be_sent_again(extraction):
    shown = enter(extraction, "ssl_framework", "MoCo").value.pk
    member, cell = extraction.extractor, CellAddress(extraction, "ssl_framework")
    passage = Evidence(page=2, quote="We used MoCo.")
    stored = attach_evidence(membership=member, cell=cell, evidence=passage, expected=shown).value
    again = attach_evidence(membership=member, cell=cell, evidence=passage, expected=shown).value
    assert again == stored
    other = Evidence(page=3, quote="MoCo was used.")
    with pytest.raises(ChangedElsewhereError):
        attach_evidence(membership=member, cell=cell, evidence=other, expected=shown)


def test_evidence_sent_again_does_not_hide_a_value_changed_meanwhile(extraction):
    shown = enter(extraction, "ssl_framework", "MoCo").value.pk
    member, cell = extraction.extractor, CellAddress(extraction, "ssl_framework")
    passage = Evidence(page=2, quote="We used MoCo.")
    attach_evidence(membership=member, cell=cell, evidence=passage, expected=shown)
    enter(extraction, "ssl_framework", "SimCLR")
    with pytest.raises(ChangedElsewhereError):
        attach_evidence(membership=member, cell=cell, evidence=passage, expected=shown)


@pytest.mark.parametrize(
    ("value", "text"), [(True, "yes"), (False, "no"), (["a", "b"], "a; b"), (None, ""), ("x", "x")]
)
def test_a_stored_value_is_shown_as_text(value, text):
    assert as_text(value) == text


def test_values_of_a_whole_extraction_are_current_once(extractor, study):
    extraction = extract(study, extractor)
    assert extraction.values.current().count() == extraction.values.count() == 3
