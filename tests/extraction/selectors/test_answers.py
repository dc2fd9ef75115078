import pytest

from extraction.models import ExtractedValue, Extraction, ExtractionRow
from extraction.schema.answers import AnswerStatus
from extraction.selectors import study_answers
from extraction.services.reconciling import (
    Ruling,
    SettledAddress,
    accept_agreed,
    leave_row_out,
    settle_cell,
    start_reconciliation,
    take_row,
)
from tests import factories
from tests.extraction.conftest import experiment, extract


def imported(study, lead, rows=1, **values):
    extraction = Extraction.objects.create(
        study=study,
        form=study.review.extraction_forms.first(),
        extractor=lead,
        origin=Extraction.Origin.IMPORT,
    )
    for field, value in values.items():
        ExtractedValue.objects.create(
            extraction=extraction, field=field, value=value, quote=f"{field} quoted", page=2
        )
    for position in range(1, rows + 1):
        row = ExtractionRow.objects.create(
            extraction=extraction, group="experiment", position=position
        )
        for field, value in experiment(f"{position}%", "0.9", "0.8").items():
            ExtractedValue.objects.create(
                extraction=extraction, row=row, field=field, value=value, unit="fraction"
            )
    return extraction


def only(review, **more):
    (answers,) = study_answers(review=review, **more)
    return answers


def test_imported_values_answer_with_their_evidence(review, study, lead):
    imported(study, lead, strategy="contrastive", imaging_modality=["CT", "MRI"])
    answers = only(review)
    strategy = answers.cells["strategy"]
    assert (strategy.value, strategy.status) == ("contrastive", AnswerStatus.IMPORTED)
    assert (strategy.page, strategy.quote) == (2, "strategy quoted")
    assert answers.cells["imaging_modality"].value == ("CT", "MRI")
    assert answers.rows[0].cells["ssl_performance"].value == "0.9"
    assert answers.rows[0].key == ExtractionRow.objects.get().key


def test_blinded_values_never_answer(review, study, extractor):
    extract(study, extractor, experiment("1%", "0.9", "0.8"))
    for include_raw in (False, True):
        answers = only(review, include_raw=include_raw)
        assert not answers.cells
        assert not answers.rows


def test_raw_values_answer_only_when_asked_and_both_have_submitted(
    review, study, extractor, other_extractor
):
    extract(study, extractor, experiment("1%", "0.9", "0.8"))
    extract(study, other_extractor)
    assert not only(review).cells
    answers = only(review, include_raw=True)
    assert answers.cells["strategy"].status is AnswerStatus.RAW
    assert len(answers.rows) == 1


def test_an_open_review_shows_submitted_raw_values(review, study, extractor):
    review.is_extraction_blinded = False
    review.save()
    extract(study, extractor)
    assert only(review, include_raw=True).cells["strategy"].value == "contrastive"


def test_a_removed_row_answers_nothing(review, study, lead):
    extraction = imported(study, lead)
    extraction.rows.update(removed_at=extraction.created_at)
    assert not only(review).rows


def test_a_cleared_value_answers_nothing(review, study, lead):
    imported(study, lead, rows=0, strategy=None)
    assert not only(review).cells


def test_the_newest_import_of_a_study_counts(review, study, lead, extractor):
    imported(study, lead, strategy="generative")
    imported(study, extractor, strategy="contrastive")
    assert only(review).cells["strategy"].value == "contrastive"


def test_reconciled_values_come_before_imported_ones(review, study, lead, extractor, adjudicator):
    imported(study, lead, rows=2, strategy="generative", clinical_domain=["Radiology"])
    extract(study, extractor, experiment("1%", "0.9", "0.8"))
    begun = start_reconciliation(membership=adjudicator, study=study)
    accept_agreed(membership=adjudicator, reconciliation=begun)
    first, second = begun.rows.order_by("position")
    take_row(membership=adjudicator, row=first, side="a")
    leave_row_out(membership=adjudicator, row=second, is_left_out=True)
    settled = settle_cell(
        membership=adjudicator,
        address=SettledAddress(begun, "strategy"),
        ruling=Ruling("third", raw="combined", rationale="Both losses are used."),
        expected=None,
    )
    answers = only(review)
    cell = answers.cells["strategy"]
    assert (cell.value, cell.status, cell.consensus_id) == (
        "combined",
        AnswerStatus.RECONCILED,
        settled.pk,
    )
    assert (cell.rationale, cell.decided_by) == ("Both losses are used.", adjudicator.user.name)
    assert len(cell.value_ids) == 2
    assert answers.cells["clinical_domain"].status is AnswerStatus.IMPORTED
    assert [row.cells["label_fraction"].value for row in answers.rows] == ["1%"]
    assert not answers.is_final


def test_a_cell_settled_as_empty_hides_the_imported_one(
    review, study, lead, extractor, adjudicator
):
    imported(study, lead, rows=0, strategy="generative")
    extract(study, extractor)
    begun = start_reconciliation(membership=adjudicator, study=study)
    settle_cell(
        membership=adjudicator,
        address=SettledAddress(begun, "strategy"),
        ruling=Ruling("third", rationale="Not stated."),
        expected=None,
    )
    assert "strategy" not in only(review).cells


def test_a_mark_on_the_page_proves_a_value_without_a_quote(review, study, lead):
    read = imported(study, lead, rows=0, strategy="contrastive", outcome_task="effusion")
    read.values.filter(field="strategy").update(quote="", rectangles=[[0.1, 0.1, 0.2, 0.2]])
    read.values.filter(field="outcome_task").update(quote="")
    cells = only(review).cells
    assert [cells[key].is_marked for key in ("strategy", "outcome_task")] == [True, False]
    assert [cells[key].is_proven for key in ("strategy", "outcome_task")] == [True, False]


def test_one_study_is_read_alone(review, study, lead):
    imported(study, lead, strategy="contrastive")
    other = factories.make_study(review)
    imported(other, lead, rows=2, strategy="generative")
    whole = study_answers(review=review)
    assert [study_answers(review=review, studies=[one.study_id]) for one in whole] == [
        [one] for one in whole
    ]
    assert study_answers(review=factories.make_review(), studies=[study.pk]) == []


def test_a_final_study_says_so(review, study, lead, extractor, adjudicator):
    extract(study, extractor)
    imported(study, lead, rows=0, strategy="contrastive", outcome_task="pleural effusion")
    begun = start_reconciliation(membership=adjudicator, study=study)
    begun.finalised_at = begun.created_at
    begun.save()
    assert only(review).is_final


@pytest.mark.parametrize("studies", [1, 4])
def test_the_number_of_queries_does_not_grow_with_the_studies(
    review, form, lead, django_assert_num_queries, studies
):
    """Studies with their extractions, rows of both kinds, settled values, imported values."""
    for _ in range(studies):
        imported(factories.make_study(review), lead, rows=2, strategy="contrastive")
    with django_assert_num_queries(4):
        assert len(study_answers(review=review)) == studies


def test_answers_of_another_review_stay_there(review, study, lead):
    imported(study, lead, strategy="contrastive")
    assert study_answers(review=factories.make_review()) == []
