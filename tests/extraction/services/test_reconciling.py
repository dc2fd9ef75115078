import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from extraction.models import ConsensusValue, ExtractedValue, Extraction
from extraction.selectors.comparison import comparison_of, sides_of
from extraction.services.reconciling import (
    Ruling,
    SettledAddress,
    accept_agreed,
    finalise_study,
    leave_row_out,
    reopen_study,
    settle_cell,
    start_reconciliation,
    take_row,
    unsettle_cell,
)
from extraction.services.settings import change_settings
from extraction.services.values import Evidence
from screening.models import AuditEvent, FullText
from tests import factories
from tests.extraction.conftest import experiment, extract


@pytest.fixture
def pair(study, extractor, other_extractor):
    extract(
        study,
        extractor,
        experiment("1%", "0.885", "0.858"),
        experiment("100%", "0.942", "0.942"),
    )
    extract(
        study,
        other_extractor,
        experiment("10%", "0.915", "0.898"),
        experiment("1 %", "0.885", "0.868"),
        ssl_framework="MoCo v2",
    )
    return study


@pytest.fixture
def begun(pair, adjudicator):
    return start_reconciliation(membership=adjudicator, study=pair)


def cell_of(reconciliation, field, label=""):
    comparison = comparison_of(reconciliation.study)
    return next(
        cell
        for group in comparison.groups
        for row in [None, *group.rows]
        for cell in (row.cells if row else group.cells)
        if cell.field.key == field and (not label or (row and label in row.label.split(" · ")))
    )


def settle(who, reconciliation, field, side, label="", **ruling):
    cell = cell_of(reconciliation, field, label)
    return settle_cell(
        membership=who,
        address=SettledAddress(reconciliation, field, cell.row),
        ruling=Ruling(side, **ruling),
        expected=cell.settled.pk if cell.settled else None,
    )


def test_rows_are_aligned_by_content_when_it_begins(begun):
    rows = list(begun.rows.all())
    assert [(row.row_a is not None, row.row_b is not None) for row in rows].count((True, True)) == 1
    assert len(rows) == 3


def test_beginning_twice_is_one_reconciliation(begun, adjudicator, pair):
    assert start_reconciliation(membership=adjudicator, study=pair) == begun


def test_it_does_not_begin_before_two_have_submitted(adjudicator, study, extractor):
    extract(study, extractor)
    with pytest.raises(ValidationError, match="two extractions"):
        start_reconciliation(membership=adjudicator, study=study)


def test_an_imported_extraction_is_compared_with_one_of_the_form(lead, study, form, extractor):
    imported = Extraction.objects.create(
        study=study, form=form, extractor=lead, origin=Extraction.Origin.IMPORT
    )
    assert sides_of(study) is None
    own = extract(study, extractor)
    assert set(sides_of(study)) == {own, imported}


@pytest.mark.parametrize("role", ["extractor", "screener", "observer"])
def test_only_leads_and_adjudicators_reconcile(request, role, pair):
    with pytest.raises(PermissionDenied):
        start_reconciliation(membership=request.getfixturevalue(role), study=pair)


def test_a_study_of_another_review_is_not_reconciled(pair, begun):
    other = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(ValidationError, match="another review"):
        start_reconciliation(membership=other, study=pair)
    with pytest.raises(ValidationError, match="another review"):
        accept_agreed(membership=other, reconciliation=begun)


def test_all_that_agrees_is_accepted_at_once(begun, adjudicator):
    assert accept_agreed(membership=adjudicator, reconciliation=begun) == 6  # "1%" is "1 %" too
    assert accept_agreed(membership=adjudicator, reconciliation=begun) == 0
    sides = set(ConsensusValue.objects.current().values_list("side", flat=True))
    assert sides == {"both"}
    assert ConsensusValue.objects.filter(value_a=None).count() == 0


@pytest.mark.parametrize("side", ["a", "b"])
def test_taking_a_side_keeps_both_raw_values(begun, adjudicator, side):
    before = list(ExtractedValue.objects.order_by("pk").values())
    settled = settle(adjudicator, begun, "ssl_framework", side)
    assert settled.value == getattr(settled, f"value_{side}").value
    assert {settled.value_a.value, settled.value_b.value} == {"MoCo", "MoCo v2"}
    assert list(ExtractedValue.objects.order_by("pk").values()) == before


def test_a_third_value_needs_its_reason(begun, adjudicator):
    with pytest.raises(ValidationError, match="Say why"):
        settle(adjudicator, begun, "ssl_framework", "third", raw="MoCo v3")
    settled = settle(
        adjudicator,
        begun,
        "ssl_framework",
        "third",
        raw="MoCo v3",
        rationale="Section 3 names v3.",
        evidence=Evidence(quote="MoCo v3"),
    )
    assert (settled.value, settled.quote) == ("MoCo v3", "MoCo v3")
    assert settled.decided_by == adjudicator


def test_a_third_value_is_checked_like_any_other(begun, adjudicator):
    with pytest.raises(ValidationError, match="outside 0 to 1 of AUROC"):
        settle(
            adjudicator,
            begun,
            "supervised_performance",
            "third",
            label="1%" if cell_exists(begun, "1%") else "1 %",
            raw="86",
            unit="fraction",
            rationale="printed",
        )


def cell_exists(reconciliation, label):
    return any(
        label in row.label.split(" · ")
        for group in comparison_of(reconciliation.study).groups
        for row in group.rows
    )


def test_an_empty_third_value_says_that_there_is_none(begun, adjudicator):
    settled = settle(
        adjudicator, begun, "ssl_framework", "third", rationale="Not named in the report."
    )
    assert settled.value is None


def test_an_unknown_side_is_refused(begun, adjudicator):
    with pytest.raises(ValidationError, match="Take A, take B"):
        settle(adjudicator, begun, "ssl_framework", "both")


def test_a_cell_that_is_not_there_is_refused(begun, adjudicator):
    with pytest.raises(ValidationError, match="no such cell"):
        settle_cell(
            membership=adjudicator,
            address=SettledAddress(begun, "nothing"),
            ruling=Ruling("a"),
            expected=None,
        )


def test_settling_anew_supersedes_and_two_windows_are_held_apart(begun, adjudicator):
    first = settle(adjudicator, begun, "ssl_framework", "a")
    second = settle(adjudicator, begun, "ssl_framework", "b")
    first.refresh_from_db()
    assert first.superseded_at is not None
    with pytest.raises(ValidationError, match="settled in another window"):
        settle_cell(
            membership=adjudicator,
            address=SettledAddress(begun, "ssl_framework"),
            ruling=Ruling("a"),
            expected=first.pk,
        )
    second.refresh_from_db()
    assert second.superseded_at is None


@pytest.mark.parametrize(
    "ruling",
    [Ruling("a"), Ruling("third", raw="SimCLR", rationale="Table 2", evidence=Evidence(2, "x"))],
)
def test_a_ruling_whose_answer_got_lost_can_be_sent_again(begun, adjudicator, ruling):
    address = SettledAddress(begun, "ssl_framework")

    def send():
        return settle_cell(membership=adjudicator, address=address, ruling=ruling, expected=None)

    assert send() == send()
    assert ConsensusValue.objects.count() == 1


def test_the_same_ruling_of_another_person_is_told(begun, adjudicator, lead):
    settle(adjudicator, begun, "ssl_framework", "a")
    with pytest.raises(ValidationError, match="settled in another window"):
        settle_cell(
            membership=lead,
            address=SettledAddress(begun, "ssl_framework"),
            ruling=Ruling("a"),
            expected=None,
        )


def test_a_choice_is_taken_back(begun, adjudicator):
    settle(adjudicator, begun, "ssl_framework", "a")
    address = SettledAddress(begun, "ssl_framework")
    unsettle_cell(membership=adjudicator, address=address)
    unsettle_cell(membership=adjudicator, address=address)
    assert cell_of(begun, "ssl_framework").is_open
    assert ConsensusValue.objects.count() == 1


def settle_all(begun, adjudicator):
    accept_agreed(membership=adjudicator, reconciliation=begun)
    settle(adjudicator, begun, "ssl_framework", "a")
    for row in begun.rows.all():
        take_row(membership=adjudicator, row=row, side="a" if row.row_a else "b")


def test_a_study_is_final_only_when_every_cell_is_settled(begun, adjudicator):
    with pytest.raises(ValidationError, match="Settle 18 more cells first"):
        finalise_study(membership=adjudicator, reconciliation=begun)
    settle_all(begun, adjudicator)
    finalise_study(membership=adjudicator, reconciliation=begun)
    begun.refresh_from_db()
    assert begun.finalised_by == adjudicator
    with pytest.raises(ValidationError, match="This study is final"):
        settle(adjudicator, begun, "ssl_framework", "b")


def test_reopening_is_audited(begun, adjudicator, lead):
    settle_all(begun, adjudicator)
    finalise_study(membership=adjudicator, reconciliation=begun)
    with pytest.raises(ValidationError, match="Say why"):
        reopen_study(membership=lead, reconciliation=begun, reason=" ")
    for _ in range(2):
        reopen_study(membership=lead, reconciliation=begun, reason="Table 2 was corrected.")
    event = AuditEvent.objects.get(action="study.reopened")
    assert (event.actor, event.after) == (lead.user, {"reason": "Table 2 was corrected."})
    settle(adjudicator, begun, "ssl_framework", "b")


def test_a_row_left_out_needs_no_settling(begun, adjudicator):
    for row in begun.rows.all():
        leave_row_out(membership=adjudicator, row=row, is_left_out=True)
    assert comparison_of(begun.study).open_cells == 3
    row = begun.rows.first()
    leave_row_out(membership=adjudicator, row=row, is_left_out=False)
    leave_row_out(membership=adjudicator, row=row, is_left_out=False)
    assert AuditEvent.objects.filter(action="study.row_taken_in").count() == 1


def test_a_row_is_taken_from_a_or_from_b(begun, adjudicator):
    with pytest.raises(ValidationError, match="of A or of B"):
        take_row(membership=adjudicator, row=begun.rows.first(), side="third")


def test_who_is_a_is_drawn_by_the_seed_and_never_turns(pair, adjudicator):
    first, second = sides_of(pair)
    pair.side_seed += 1
    pair.save()
    assert sides_of(pair) == (second, first)
    start_reconciliation(membership=adjudicator, study=pair)
    pair.side_seed += 1
    pair.save()
    assert sides_of(pair) == (second, first)


def test_seeds_fall_on_both_sides(review):
    seeds = [factories.make_study(review).side_seed % 2 for _ in range(40)]
    assert 0 < sum(seeds) < 40


@pytest.fixture
def judging_extractor(pair):
    """Somebody who extracted the study and may reconcile as well."""
    member = pair.extractions.first().extractor
    member.is_adjudicator = True
    member.save()
    return member


def test_while_blinded_nobody_settles_the_own_extraction(begun, judging_extractor, lead):
    with pytest.raises(PermissionDenied, match="somebody else settles it"):
        settle(judging_extractor, begun, "ssl_framework", "a")
    change_settings(membership=lead, wanted={"is_reconciliation_blinded": False})
    assert settle(judging_extractor, begun, "ssl_framework", "a").decided_by == judging_extractor


def test_a_side_is_taken_with_a_reason_and_better_evidence(begun, adjudicator):
    better = Evidence(page=3, quote="We use MoCo.", location="table")
    settled = settle(
        adjudicator, begun, "ssl_framework", "a", rationale="Table 1 says so.", evidence=better
    )
    assert settled.value == settled.value_a.value
    assert (settled.rationale, settled.page, settled.quote) == (
        "Table 1 says so.",
        3,
        "We use MoCo.",
    )
    assert settled.value_a.quote == ""


def test_evidence_is_of_a_report_of_this_study(begun, adjudicator, review):
    report = factories.make_report(factories.make_record(review))
    foreign = FullText.objects.create(
        report=report,
        original_name="x.pdf",
        sha256="1" * 64,
        size=1,
        page_count=2,
        uploaded_by=adjudicator,
    )
    with pytest.raises(ValidationError, match="no report of this study"):
        settle(
            adjudicator, begun, "ssl_framework", "a", evidence=Evidence(page=1, full_text=foreign)
        )
