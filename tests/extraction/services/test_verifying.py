import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.models import ConsensusValue, ExtractedValue, Extraction
from extraction.schema.answers import AnswerStatus
from extraction.selectors.answers import study_answers
from extraction.selectors.comparison import comparison_of, sides_of
from extraction.selectors.proof import ProofCount, plotted_proof
from extraction.selectors.states import StudyState, state_of
from extraction.services.extractions import start_extraction
from extraction.services.proving import prove_cell
from extraction.services.reconciling import (
    Ruling,
    SettledAddress,
    accept_agreed,
    finalise_study,
    settle_cell,
    start_reconciliation,
    take_row,
)
from extraction.services.settings import change_settings
from extraction.services.values import CellAddress, Evidence, attach_evidence
from screening.models import AuditEvent
from tests.extraction.conftest import current, experiment, extract


@pytest.fixture
def verified(lead):
    change_settings(membership=lead, wanted={"mode": "verified"})


@pytest.fixture
def alone(verified, study, extractor):
    return extract(study, extractor, experiment("1%", "0.885", "0.858"))


@pytest.fixture
def begun(alone, other_extractor):
    return start_reconciliation(membership=other_extractor, study=alone.study)


def check(who, begun, field, side, row=None, **ruling):
    return settle_cell(
        membership=who,
        address=SettledAddress(begun, field, row),
        ruling=Ruling(side, **ruling),
        expected=None,
    )


def check_all(who, begun):
    for cell in comparison_of(begun.study).cells:
        if cell.is_open:
            check(who, begun, cell.field.key, "a", cell.row)


def test_one_extraction_is_enough_and_a_second_is_refused(alone, other_extractor, study):
    assert state_of(study) is StudyState.TO_VERIFY
    assert sides_of(study) == (alone, None)
    with pytest.raises(ValidationError, match="One person extracts this study already"):
        start_extraction(membership=other_extractor, study=study)


def test_nobody_verifies_their_own(alone, begun, extractor, lead):
    change_settings(membership=lead, wanted={"is_reconciliation_blinded": False})
    with pytest.raises(PermissionDenied, match="Nobody verifies their own"):
        check(extractor, begun, "strategy", "a")
    with pytest.raises(PermissionDenied, match="Nobody verifies their own"):
        start_reconciliation(membership=extractor, study=alone.study)


@pytest.mark.parametrize("role", ["screener", "observer"])
def test_screeners_and_observers_verify_nothing(request, begun, role):
    with pytest.raises(PermissionDenied):
        check(request.getfixturevalue(role), begun, "strategy", "a")


def test_each_value_is_confirmed_or_corrected_and_the_raw_one_stays(begun, other_extractor):
    before = list(ExtractedValue.objects.order_by("pk").values())
    assert accept_agreed(membership=other_extractor, reconciliation=begun) == 0
    confirmed = check(other_extractor, begun, "strategy", "a")
    assert (confirmed.value, confirmed.value_a.value) == ("contrastive", "contrastive")
    with pytest.raises(ValidationError, match="Say why"):
        check(other_extractor, begun, "ssl_framework", "third", raw="MoCo v2")
    corrected = check(
        other_extractor, begun, "ssl_framework", "third", raw="MoCo v2", rationale="Section 3."
    )
    assert (corrected.value, corrected.value_a.value) == ("MoCo v2", "MoCo")
    assert list(ExtractedValue.objects.order_by("pk").values()) == before


def test_what_the_extractor_left_empty_is_added(begun, other_extractor):
    added = check(
        other_extractor,
        begun,
        "fine_tuning",
        "third",
        raw="end-to-end",
        rationale="Stated in the methods.",
    )
    assert (added.value, added.value_a) == ("end-to-end", None)


def test_a_verified_study_is_final_and_its_answers_say_so(begun, other_extractor):
    assert state_of(begun.study) is StudyState.VERIFYING
    with pytest.raises(ValidationError, match="Check 8 more cells first"):
        finalise_study(membership=other_extractor, reconciliation=begun)
    check_all(other_extractor, begun)
    finalise_study(membership=other_extractor, reconciliation=begun)
    assert state_of(begun.study) is StudyState.FINAL
    (answers,) = study_answers(review=begun.study.review)
    assert answers.is_final
    assert answers.cells["strategy"].status is AnswerStatus.VERIFIED
    (row,) = answers.rows
    assert {cell.status for cell in row.cells.values()} == {AnswerStatus.VERIFIED}
    assert AuditEvent.objects.filter(action="study.verification_started").exists()


def test_a_row_is_confirmed_at_once(begun, other_extractor):
    assert take_row(membership=other_extractor, row=begun.rows.get(), side="a") == 5


def test_an_imported_extraction_is_verified_too(verified, study, form, lead, extractor):
    imported = Extraction.objects.create(
        study=study, form=form, extractor=lead, origin=Extraction.Origin.IMPORT
    )
    ExtractedValue.objects.create(extraction=imported, field="strategy", value="contrastive")
    assert state_of(study) is StudyState.IMPORTED
    begun = start_reconciliation(membership=extractor, study=study)
    assert begun.is_verification
    assert check(extractor, begun, "strategy", "a").value == "contrastive"


def test_two_extractions_are_reconciled_in_either_mode(
    lead, study, extractor, other_extractor, adjudicator
):
    for person in (extractor, other_extractor):
        extract(study, person)
    change_settings(membership=lead, wanted={"mode": "verified"})
    assert state_of(study) is StudyState.READY
    begun = start_reconciliation(membership=adjudicator, study=study)
    assert not begun.is_verification


def test_what_began_as_verification_goes_on_when_the_mode_changes(begun, lead, other_extractor):
    change_settings(membership=lead, wanted={"mode": "double"})
    assert state_of(begun.study) is StudyState.VERIFYING
    assert check(other_extractor, begun, "strategy", "a")


@pytest.fixture
def proven_row(verified, study, extractor):
    """One experiment whose first value has page and quote and whose second has a page only."""
    extraction = extract(study, extractor, experiment("1%", "0.885", "0.858"), submit=False)
    row = extraction.rows.get()
    places = {
        "ssl_performance": Evidence(page=2, quote="AUROC 0.885"),
        "supervised_performance": Evidence(page=2),
    }
    for field, evidence in places.items():
        attach_evidence(
            membership=extractor,
            cell=CellAddress(extraction, field, row),
            evidence=evidence,
            expected=current(extraction, field, row).pk,
        )
    extraction.submitted_at = extraction.created_at
    extraction.save()
    return extraction


@pytest.mark.parametrize(
    ("needed", "message"),
    [
        ("none", None),
        ("results", "1 value has no page and quote .* Supervised performance"),
        ("all", "7 values have no page and quote"),
    ],
)
def test_the_gate_holds_back_what_has_no_evidence(
    proven_row, other_extractor, lead, needed, message
):
    change_settings(membership=lead, wanted={"evidence_needed": needed})
    begun = start_reconciliation(membership=other_extractor, study=proven_row.study)
    check_all(other_extractor, begun)
    if message is None:
        assert finalise_study(membership=other_extractor, reconciliation=begun).finalised_at
        return
    with pytest.raises(ValidationError, match=message):
        finalise_study(membership=other_extractor, reconciliation=begun)


def test_better_evidence_opens_the_gate(proven_row, other_extractor, lead):
    change_settings(membership=lead, wanted={"evidence_needed": "results"})
    begun = start_reconciliation(membership=other_extractor, study=proven_row.study)
    check_all(other_extractor, begun)
    settled = ConsensusValue.objects.current().get(field="supervised_performance")
    settle_cell(
        membership=other_extractor,
        address=SettledAddress(begun, "supervised_performance", settled.row),
        ruling=Ruling("a", evidence=Evidence(page=2, quote="supervised 0.858")),
        expected=settled.pk,
    )
    assert finalise_study(membership=other_extractor, reconciliation=begun).finalised_at


def prove(who, begun, evidence, expected):
    settled = ConsensusValue.objects.current().get(field="supervised_performance")
    return prove_cell(
        membership=who,
        address=SettledAddress(begun, "supervised_performance", settled.row),
        evidence=evidence,
        expected=expected or settled.pk,
    )


def test_a_settled_value_is_given_its_evidence_and_stays(proven_row, other_extractor, lead):
    change_settings(membership=lead, wanted={"evidence_needed": "results"})
    begun = start_reconciliation(membership=other_extractor, study=proven_row.study)
    check_all(other_extractor, begun)
    before = ConsensusValue.objects.current().get(field="supervised_performance")
    with pytest.raises(ValidationError, match="Give the page"):
        prove(other_extractor, begun, Evidence(quote="nowhere"), None)
    passage = Evidence(page=2, quote="supervised 0.858")
    made = prove(other_extractor, begun, passage, None)
    kept = ("value", "unit", "side", "rationale", "value_a", "row")
    assert [getattr(made, one) for one in kept] == [getattr(before, one) for one in kept]
    assert (made.page, made.quote, made.decided_by) == (2, "supervised 0.858", other_extractor)
    before.refresh_from_db()
    assert before.superseded_at is not None
    assert prove(other_extractor, begun, passage, before.pk) == made, "sent again"
    with pytest.raises(ValidationError, match="settled in another window"):
        prove(other_extractor, begun, Evidence(page=3, quote="other"), before.pk)
    assert finalise_study(membership=other_extractor, reconciliation=begun).finalised_at
    with pytest.raises(ValidationError, match="final"):
        prove(other_extractor, begun, passage, made.pk)


def test_an_open_cell_is_given_no_evidence(begun, other_extractor):
    address = SettledAddress(begun, "strategy")
    with pytest.raises(ValidationError, match="Settle a value first"):
        prove_cell(
            membership=other_extractor,
            address=address,
            evidence=Evidence(page=2, quote="x"),
            expected=None,
        )


def test_completeness_counts_the_plotted_values(proven_row, review, other_extractor, lead):
    assert plotted_proof(review) == ProofCount(0, 0)  # nothing settled, nothing plotted
    begun = start_reconciliation(membership=other_extractor, study=proven_row.study)
    check_all(other_extractor, begun)
    assert plotted_proof(review) == ProofCount(2, 1)
    assert plotted_proof(review, begun.study).percent == 50
    ConsensusValue.objects.filter(field="supervised_performance").update(
        quote="", rectangles=[[0, 0, 1, 1]]
    )
    assert plotted_proof(review).percent == 100


def test_completeness_counts_the_newest_import_until_rows_are_settled(
    study, form, lead, extractor, review
):
    for who, pages in ((lead, [1, 2]), (extractor, [None, 4])):
        imported = Extraction.objects.create(
            study=study, form=form, extractor=who, origin=Extraction.Origin.IMPORT
        )
        row = imported.rows.create(group="experiment", position=1)
        for field, page in zip(("ssl_performance", "supervised_performance"), pages, strict=True):
            ExtractedValue.objects.create(
                extraction=imported, row=row, field=field, value="0.9", page=page, quote="words"
            )
    assert plotted_proof(review) == ProofCount(2, 1)
