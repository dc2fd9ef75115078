import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.models import Extraction
from extraction.services.extractions import (
    add_row,
    remove_row,
    reopen_extraction,
    restore_row,
    start_extraction,
    submit_extraction,
)
from extraction.services.reconciling import start_reconciliation
from screening.models import AuditEvent
from tests import factories
from tests.extraction.conftest import current, enter, experiment, extract


def test_starting_twice_is_one_extraction(extractor, study):
    first = start_extraction(membership=extractor, study=study)
    assert start_extraction(membership=extractor, study=study) == first
    assert AuditEvent.objects.filter(action="extraction.started").count() == 1


def test_nothing_starts_without_a_form(extractor, review):
    with pytest.raises(ValidationError, match="No extraction form is published"):
        start_extraction(membership=extractor, study=factories.make_study(review))


def test_a_third_extractor_is_turned_away(review, study, extractor, other_extractor):
    start_extraction(membership=extractor, study=study)
    start_extraction(membership=other_extractor, study=study)
    third = factories.make_member(review, "extractor")
    with pytest.raises(ValidationError, match="Two people extract this study already"):
        start_extraction(membership=third, study=study)


def test_a_study_of_another_review_is_not_extracted(study):
    other = factories.make_member(factories.make_review(), "extractor")
    with pytest.raises(ValidationError, match="another review"):
        start_extraction(membership=other, study=study)


def test_a_study_in_reconciliation_takes_no_new_extraction(
    lead, study, extractor, other_extractor, adjudicator
):
    Extraction.objects.create(
        study=study,
        form=study.review.extraction_forms.get(),
        extractor=lead,
        origin=Extraction.Origin.IMPORT,
    )
    extract(study, extractor)
    start_reconciliation(membership=adjudicator, study=study)
    with pytest.raises(ValidationError, match="being reconciled already"):
        start_extraction(membership=other_extractor, study=study)


@pytest.mark.parametrize("role", ["lead", "screener", "adjudicator", "observer"])
def test_only_extractors_extract(request, role, study):
    with pytest.raises(PermissionDenied):
        start_extraction(membership=request.getfixturevalue(role), study=study)


def test_rows_are_numbered_and_a_copy_carries_the_values(extractor, study):
    extraction = start_extraction(membership=extractor, study=study)
    first = add_row(membership=extractor, extraction=extraction, group="experiment")
    enter(extraction, "task", "effusion", row=first)
    copy = add_row(membership=extractor, extraction=extraction, group="experiment", copy_of=first)
    assert (first.position, copy.position) == (1, 2)
    assert current(extraction, "task", copy).value == "effusion"


def test_a_group_that_does_not_repeat_has_no_rows(extractor, study):
    extraction = start_extraction(membership=extractor, study=study)
    with pytest.raises(ValidationError, match="no repeating group “method”"):
        add_row(membership=extractor, extraction=extraction, group="method")


def test_a_removed_row_stays_in_the_database_and_can_come_back(extractor, study):
    extraction = extract(study, extractor, experiment("1%", "0.8", "0.7"), submit=False)
    row = extraction.rows.get()
    remove_row(membership=extractor, extraction=extraction, row=row)
    assert extraction.values.filter(row=row).count() == 5
    with pytest.raises(ValidationError, match="not part of the extraction any more"):
        enter(extraction, "dataset", "CheXpert", row=row)
    restore_row(membership=extractor, extraction=extraction, row=row)
    assert extraction.rows.get().removed_at is None


def test_a_row_of_another_extraction_is_not_touched(extractor, other_extractor, study):
    mine = extract(study, extractor, experiment("1%", "0.8", "0.7"), submit=False)
    other = start_extraction(membership=other_extractor, study=study)
    for service in (remove_row, restore_row):
        with pytest.raises(ValidationError, match="another extraction"):
            service(membership=other_extractor, extraction=other, row=mine.rows.get())


def test_submitting_names_every_required_field_that_is_empty(extractor, study):
    extraction = extract(study, extractor, {"dataset": "CheXpert"}, submit=False, strategy="")
    with pytest.raises(ValidationError) as raised:
        submit_extraction(membership=extractor, extraction=extraction)
    assert raised.value.messages == [
        "Strategy is required.",
        "Experiment 1: Task is required.",
        "Experiment 1: Metric is required.",
    ]


def test_a_submitted_extraction_is_not_changed(extractor, study):
    extraction = extract(study, extractor)
    with pytest.raises(ValidationError, match="Reopen it to change a value"):
        enter(extraction, "ssl_framework", "SimCLR")


def test_an_imported_extraction_is_not_edited(extractor, study, form):
    extraction = Extraction.objects.create(
        study=study, form=form, extractor=extractor, origin=Extraction.Origin.IMPORT
    )
    with pytest.raises(ValidationError, match="reconcile them instead"):
        enter(extraction, "ssl_framework", "SimCLR")


def test_an_imported_extraction_is_not_reopened(lead, study, form, extractor):
    extraction = Extraction.objects.create(
        study=study, form=form, extractor=extractor, origin=Extraction.Origin.IMPORT
    )
    with pytest.raises(ValidationError, match="reconcile them instead"):
        reopen_extraction(membership=lead, extraction=extraction)


def test_anothers_extraction_is_not_changed(extractor, other_extractor, study):
    extraction = start_extraction(membership=extractor, study=study)
    with pytest.raises(PermissionDenied):
        add_row(membership=other_extractor, extraction=extraction, group="experiment")


def test_the_extractor_reopens_until_the_other_has_submitted(extractor, other_extractor, study):
    extraction = extract(study, extractor)
    reopen_extraction(membership=extractor, extraction=extraction)
    submit_extraction(membership=extractor, extraction=extraction)
    extract(study, other_extractor)
    with pytest.raises(PermissionDenied):
        reopen_extraction(membership=extractor, extraction=extraction)


def test_a_lead_reopens_and_it_is_audited(lead, extractor, other_extractor, study):
    extraction = extract(study, extractor)
    extract(study, other_extractor)
    with pytest.raises(ValidationError, match="Say why"):
        reopen_extraction(membership=lead, extraction=extraction)
    reopen_extraction(membership=lead, extraction=extraction, reason="Table 3 was overlooked.")
    extraction.refresh_from_db()
    assert extraction.submitted_at is None
    assert extraction.reopened_at is not None
    event = AuditEvent.objects.get(action="extraction.reopened")
    assert (event.actor, event.after) == (lead.user, {"reason": "Table 3 was overlooked."})


def test_nothing_is_reopened_once_reconciliation_began(lead, extractor, other_extractor, study):
    extraction = extract(study, extractor)
    extract(study, other_extractor)
    start_reconciliation(membership=lead, study=study)
    with pytest.raises(ValidationError, match="being reconciled"):
        reopen_extraction(membership=lead, extraction=extraction)


def test_an_extraction_of_another_review_is_not_reopened(extractor, study):
    extraction = extract(study, extractor)
    other = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(ValidationError, match="another review"):
        reopen_extraction(membership=other, extraction=extraction)
