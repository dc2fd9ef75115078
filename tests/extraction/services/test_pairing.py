import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.models import ConsensusRow, ConsensusValue
from extraction.selectors.comparison import comparison_of
from extraction.services.pairing import pair_rows, split_row
from extraction.services.reconciling import start_reconciliation, take_row
from screening.models import AuditEvent
from tests.extraction.conftest import experiment, extract
from tests.laws import examples


@pytest.fixture
def begun(study, extractor, other_extractor, adjudicator):
    rows = [("1%", "0.885"), ("5%", "0.9"), ("100%", "0.94")]
    extract(study, extractor, *(experiment(share, ssl, "0.8") for share, ssl in rows))
    extract(study, other_extractor, *(experiment(share, ssl, "0.8") for share, ssl in rows[:2]))
    return start_reconciliation(membership=adjudicator, study=study)


def halves(reconciliation):
    rows = ConsensusRow.objects.standing().filter(reconciliation=reconciliation)
    sides = [
        sorted(pk for pk in rows.values_list(side, flat=True) if pk) for side in ("row_a", "row_b")
    ]
    return tuple(map(tuple, sides))


def whole(reconciliation):
    rows = ConsensusRow.objects.standing().filter(reconciliation=reconciliation)
    return list(rows.filter(row_a__isnull=False, row_b__isnull=False))


def alone(reconciliation):
    rows = ConsensusRow.objects.standing().filter(reconciliation=reconciliation)
    return list(rows.exclude(row_a__isnull=False, row_b__isnull=False))


def test_a_row_is_parted_and_paired_again(begun, adjudicator):
    before = halves(begun)
    row = whole(begun)[0]
    pair = (row.row_a, row.row_b)
    half = split_row(membership=adjudicator, row=row)
    assert len(whole(begun)) == 1
    joined = pair_rows(membership=adjudicator, row=row, other=half)
    assert (joined.row_a, joined.row_b) == pair
    assert (len(whole(begun)), halves(begun)) == (2, before)


def test_two_whole_rows_change_partners(begun, adjudicator):
    first, second = whole(begun)
    b_of_second = second.row_b
    joined = pair_rows(membership=adjudicator, row=first, other=second)
    assert joined.row_b == b_of_second
    assert len(alone(begun)) == 3


def test_a_lone_half_takes_the_partner_of_another(begun, adjudicator):
    first, lone = whole(begun)[0], alone(begun)[0]
    pair_rows(membership=adjudicator, row=lone, other=first)
    assert len(whole(begun)) == 2
    assert len(alone(begun)) == 1


def test_the_pairing_is_kept_and_shown(begun, adjudicator):
    split_row(membership=adjudicator, row=whole(begun)[0])
    rows = comparison_of(begun.study).groups[-1].rows
    assert sum(row.row_a is not None and row.row_b is not None for row in rows) == 1
    assert len(rows) == 4


def test_what_was_settled_is_to_be_settled_again_and_stays(begun, adjudicator):
    first, second = whole(begun)
    take_row(membership=adjudicator, row=first, side="a")
    settled = ConsensusValue.objects.current().filter(row=first).count()
    assert settled > 0
    pair_rows(membership=adjudicator, row=first, other=second)
    assert not ConsensusValue.objects.current().filter(row=first).exists()
    assert ConsensusValue.objects.filter(row=first).count() == settled
    event = AuditEvent.objects.get(action="study.rows_paired")
    assert event.before != event.after


def test_what_cannot_be_paired_is_refused(begun, adjudicator):
    lone = alone(begun)[0]
    with pytest.raises(ValidationError, match="nothing to part"):
        split_row(membership=adjudicator, row=lone)
    with pytest.raises(ValidationError, match="two rows of one group"):
        pair_rows(membership=adjudicator, row=lone, other=lone)
    pair = whole(begun)[0]
    parts = [pair, split_row(membership=adjudicator, row=pair)]
    pair.refresh_from_db()
    fitting = "row_b" if lone.row_a else "row_a"  # who is A was drawn
    (half,) = [part for part in parts if getattr(part, fitting)]
    joined = pair_rows(membership=adjudicator, row=lone, other=half)
    assert joined.row_a
    assert joined.row_b


def test_an_extractor_pairs_nothing(begun, extractor):
    with pytest.raises(PermissionDenied):
        split_row(membership=extractor, row=whole(begun)[0])


@given(steps=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6))
@settings(
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_no_half_is_lost_or_doubled_however_rows_are_paired(begun, adjudicator, steps):
    before = halves(begun)
    for one, other in steps:
        rows = list(ConsensusRow.objects.standing().filter(reconciliation=begun).order_by("pk"))
        row, partner = rows[one % len(rows)], rows[other % len(rows)]
        try:
            if row == partner:
                split_row(membership=adjudicator, row=row)
            else:
                pair_rows(membership=adjudicator, row=row, other=partner)
        except ValidationError:
            continue
        assert halves(begun) == before
