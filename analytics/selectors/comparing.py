"""What a review compares: its form under its own reporting policy, and the choices by hand."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any

from analytics.models import ReportedChoice, ReportingSettings
from analytics.tables.layout import Layout
from analytics.tables.policy import ByHand
from analytics.tables.stored import layout_from_json, with_policy
from extraction.models import ConsensusRow
from extraction.schema.answers import StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.selectors.forms import definition_of
from extraction.selectors.past import form_then
from screening.models import AuditEvent, Review
from screening.selectors.moments import standing


def reported_form(
    review: Review, policy: Mapping[str, Any] | None = None, as_of: datetime | None = None
) -> FormDefinition | None:
    """The review's form with its reporting policy, or None while it has none.

    Args:
        review: The review.
        policy: Another policy to look through: as `policy_to_json` writes it, empty for the
            form's own.
        as_of: The form and the policy that were in force at this moment; now without it.
    """
    form = form_then(review, as_of)
    if form is None:
        return None
    definition = definition_of(form)
    if definition.comparison is None:
        return definition
    if policy is None:
        policy = _settings_then(review, "policy", as_of)
    return with_policy(definition, policy)


def comparing_form(
    review: Review, policy: Mapping[str, Any] | None = None, as_of: datetime | None = None
) -> FormDefinition | None:
    """As `reported_form`, but None while the form compares nothing."""
    form = reported_form(review, policy, as_of)
    return form if form and form.comparison else None


def layout_of(review: Review, as_of: datetime | None = None) -> Layout:
    """The review's layout of Table 1, now or at a moment."""
    return layout_from_json(_settings_then(review, "layout", as_of))


def _settings_then(review: Review, name: str, as_of: datetime | None) -> Mapping[str, Any]:
    """A setting of reporting; what the first change since a moment replaced held at it."""
    if as_of is not None:
        changes = AuditEvent.objects.filter(
            review=review, action=f"reporting.{name}_changed", created_at__gt=as_of
        )
        first = changes.order_by("pk").first()
        if first is not None:
            before: Mapping[str, Any] = first.before.get(name, {})
            return before
    settings = ReportingSettings.objects.filter(review=review).first()
    return getattr(settings, name) if settings else {}


def choices_by_hand(
    review: Review, studies: Iterable[StudyAnswers], as_of: datetime | None = None
) -> dict[int, ByHand]:
    """What people chose instead of the policy, by study.

    A choice made before a study was reconciled names an extractor's row; it goes on to mean the
    reconciled row that was made of it. In two queries, one where nothing was chosen.
    """
    known = {one.study_id: {row.key for row in one.rows} for one in studies}
    return choices_among(review, known, as_of)


def choices_among(
    review: Review, known: Mapping[int, Set[str]], as_of: datetime | None = None
) -> dict[int, ByHand]:
    """As `choices_by_hand`, where only the keys of each study's rows are at hand."""
    chosen = list(
        ReportedChoice.objects.filter(
            standing(as_of, "ended_at"), study__review=review
        ).select_related("chosen_by__user")
    )
    if not chosen:
        return {}
    reconciled = reconciled_rows({one.study_id for one in chosen})
    return {
        one.study_id: ByHand(
            full=_now(one.full_row, known.get(one.study_id, set()), reconciled),
            subset=_now(one.subset_row, known.get(one.study_id, set()), reconciled),
            rationale=one.rationale,
            by=one.chosen_by.user.name,
        )
        for one in chosen
    }


def reconciled_rows(studies: Iterable[int]) -> dict[str, str]:
    """Keys of extractors' rows with the key of the reconciled row that was made of each."""
    rows = ConsensusRow.objects.filter(reconciliation__study__in=set(studies))
    pairs = rows.values_list("key", "row_a__key", "row_b__key")
    return {raw: key for key, *both in pairs for raw in both if raw}


def _now(key: str, known: Set[str], reconciled: dict[str, str]) -> str:
    return key if key in known else reconciled.get(key, key)
