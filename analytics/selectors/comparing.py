"""What a review compares: its form under its own reporting policy, and the choices by hand."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

from analytics.models import ReportedChoice, ReportingSettings
from analytics.tables.layout import Layout
from analytics.tables.policy import ByHand
from analytics.tables.stored import layout_from_json, with_policy
from extraction.models import ConsensusRow
from extraction.schema.answers import StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.selectors.forms import current_form, definition_of
from screening.models import Review


def comparing_form(
    review: Review, policy: Mapping[str, Any] | None = None
) -> FormDefinition | None:
    """The review's form with its reporting policy, or None while it compares nothing.

    Args:
        review: The review.
        policy: Another policy to look through: as `policy_to_json` writes it, empty for the
            form's own.
    """
    form = current_form(review)
    definition = definition_of(form) if form else None
    if definition is None or definition.comparison is None:
        return None
    if policy is None:
        settings = ReportingSettings.objects.filter(review=review).first()
        policy = settings.policy if settings else {}
    return with_policy(definition, policy)


def layout_of(review: Review) -> Layout:
    """The review's layout of Table 1."""
    settings = ReportingSettings.objects.filter(review=review).first()
    return layout_from_json(settings.layout if settings else {})


def choices_by_hand(review: Review, studies: Iterable[StudyAnswers]) -> dict[int, ByHand]:
    """What people chose instead of the policy, by study.

    A choice made before a study was reconciled names an extractor's row; it goes on to mean the
    reconciled row that was made of it. In two queries, one where nothing was chosen.
    """
    return choices_among(review, {one.study_id: {row.key for row in one.rows} for one in studies})


def choices_among(review: Review, known: Mapping[int, Set[str]]) -> dict[int, ByHand]:
    """As `choices_by_hand`, where only the keys of each study's rows are at hand."""
    standing = list(
        ReportedChoice.objects.standing()
        .filter(study__review=review)
        .select_related("chosen_by__user")
    )
    if not standing:
        return {}
    reconciled = _reconciled_rows({one.study_id for one in standing})
    return {
        one.study_id: ByHand(
            full=_now(one.full_row, known.get(one.study_id, set()), reconciled),
            subset=_now(one.subset_row, known.get(one.study_id, set()), reconciled),
            rationale=one.rationale,
            by=one.chosen_by.user.name,
        )
        for one in standing
    }


def _reconciled_rows(studies: set[int]) -> dict[str, str]:
    rows = ConsensusRow.objects.filter(reconciliation__study__in=studies)
    pairs = rows.values_list("key", "row_a__key", "row_b__key")
    return {raw: key for key, *both in pairs for raw in both if raw}


def _now(key: str, known: Set[str], reconciled: dict[str, str]) -> str:
    return key if key in known else reconciled.get(key, key)
