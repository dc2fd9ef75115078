"""Giving a settled value its page and quote; what was settled stays."""

from django.core.exceptions import ValidationError
from django.db import transaction

from extraction.models import ConsensusValue
from extraction.services.reconciling import (
    SETTLED_ELSEWHERE,
    SettledAddress,
    cell_at,
    open_comparison,
    supersede,
)
from extraction.services.values import Evidence, check_evidence, found_in_the_text
from screening.models import Membership


def prove_cell(
    *, membership: Membership, address: SettledAddress, evidence: Evidence, expected: int | None
) -> ConsensusValue:
    """Make a passage the evidence of a settled value: a new row with the same answer and reason.

    Args:
        membership: Who reconciles or verifies.
        address: Which cell.
        evidence: Where its value is read; a quote is looked for in the study's full texts.
        expected: Id of the settled value the window showed.

    Raises:
        ValidationError: The study is final, the cell is open or was settled in another window, or
            nothing was given that leads to the place.
    """
    with transaction.atomic():
        study = open_comparison(membership, address.reconciliation).study
        check_evidence(study, evidence)
    columns = found_in_the_text(study, evidence).as_columns()  # outside: it reads PDFs
    with transaction.atomic():
        comparison = open_comparison(membership, address.reconciliation)
        settled = cell_at(comparison, address).settled
        if settled is None or settled.value is None:
            raise ValidationError("Settle a value first; then it can be given its evidence.")
        if all(getattr(settled, name) == value for name, value in columns.items()):
            return settled  # sent again after an answer that got lost
        if settled.pk != expected:
            raise ValidationError(SETTLED_ELSEWHERE)
        made = ConsensusValue(
            reconciliation=settled.reconciliation,
            row=settled.row,
            field=settled.field,
            value=settled.value,
            unit=settled.unit,
            side=settled.side,
            rationale=settled.rationale,
            value_a=settled.value_a,
            value_b=settled.value_b,
            decided_by=membership,
            **columns,
        )
        if not made.is_proven:
            raise ValidationError("Give the page and the words that stand there.")
        supersede(settled)
        made.save()
        return made
