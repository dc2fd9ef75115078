"""Writes about reporting: the policy, the layout of Table 1, choices by hand, footnotes."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from analytics.models import Footnote, ReportedChoice, ReportingSettings
from analytics.selectors.comparing import comparing_form, reported_form
from analytics.selectors.reported import reported_study
from analytics.selectors.table1 import NO_FORM
from analytics.tables.layout import Layout, catalogue
from analytics.tables.stored import layout_to_json, policy_to_json
from extraction.models import Study
from extraction.schema.comparison import ReportingPolicy
from extraction.schema.definition import FormDefinition, FormInvalidError
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability

MAX_TEXT = 2000
NOTHING_COMPARED = "This review's form compares nothing, so there is nothing to select among."


@transaction.atomic
def set_policy(*, lead: Membership, policy: ReportingPolicy | None) -> ReportingSettings:
    """Set the review's reporting policy; None goes back to the form's own.

    Raises:
        ValidationError: The policy contradicts itself, or the review compares nothing.
    """
    require(lead, Capability.MANAGE)
    encoded: dict[str, Any] = {}
    if policy is not None:
        try:
            encoded = policy_to_json(_compared(lead.review), policy)
        except FormInvalidError as error:
            raise ValidationError([one.message for one in error.problems]) from error
    return _change(lead, "policy", encoded, "reporting.policy_changed")


@transaction.atomic
def set_layout(*, lead: Membership, layout: Layout) -> ReportingSettings:
    """Set columns, names, groups and footnote fields of Table 1; an empty layout is the form's.

    Raises:
        ValidationError: A column is not known or chosen twice, or the review has no form.
    """
    require(lead, Capability.MANAGE)
    known = {one.key for one in catalogue(_form(lead.review))}
    keys = [one.key for one in layout.columns]
    if unknown := sorted(set(keys) - known):
        raise ValidationError(f"Table 1 has no column {', '.join(unknown)}.")
    if len(set(keys)) != len(keys):
        raise ValidationError("A column is chosen twice.")
    return _change(lead, "layout", layout_to_json(layout), "reporting.layout_changed")


@transaction.atomic
def choose_experiments(
    *, lead: Membership, study: Study, full: str, subset: str = "", rationale: str
) -> ReportedChoice:
    """Choose a study's reported experiments instead of the policy.

    Args:
        lead: Who chooses.
        study: The study.
        full: Key of the experiment for full data.
        subset: Key of the one for the subset; empty for none.
        rationale: Why; it stands under Table 1.

    Raises:
        ValidationError: An experiment is not of this study or has no gain, both are the same, or
            no reason is given.
    """
    require(lead, Capability.MANAGE)
    study = _locked(lead, study)
    known = reported_study(lead.review, study.pk)
    if known is None or not known.is_compared:
        raise ValidationError(NOTHING_COMPARED)
    rows = {row.key: row for row in known.rows}
    if not full:
        raise ValidationError("Choose the experiment for full data.")
    for key in filter(None, (full, subset)):
        if key not in rows:
            raise ValidationError("This experiment is not of this study, or is gone. Reload.")
        if rows[key].refused:
            raise ValidationError(
                f"Experiment {rows[key].number} has no gain: {rows[key].refused}. Choose another."
            )
    if full == subset:
        raise ValidationError("Choose another experiment for the subset, or none.")
    _check_text(rationale, "Give the reason: it stands under Table 1.")
    before = _end(lead, study)
    made = ReportedChoice.objects.create(
        study=study,
        full_row=full,
        subset_row=subset,
        rationale=rationale.strip(),
        chosen_by=lead,
    )
    AuditEvent.objects.append_by(
        lead, "reporting.experiment_chosen", study, before=before, after=_facts(made)
    )
    return made


@transaction.atomic
def take_back_choice(*, lead: Membership, study: Study) -> None:
    """Let the policy choose again; what was chosen by hand stays in the history.

    Raises:
        ValidationError: Nothing was chosen by hand.
    """
    require(lead, Capability.MANAGE)
    study = _locked(lead, study)
    before = _end(lead, study)
    if not before:
        raise ValidationError("The policy chooses for this study already.")
    AuditEvent.objects.append_by(lead, "reporting.choice_taken_back", study, before=before)


@transaction.atomic
def add_footnote(
    *, lead: Membership, text: str, column: str = "", study: Study | None = None
) -> Footnote:
    """Add a footnote to Table 1: to a study's row, one of its cells, or a column's head.

    Raises:
        ValidationError: It says nothing, is too long, or has no place in the table.
    """
    require(lead, Capability.MANAGE)
    if study is not None:
        study = _locked(lead, study)
    elif not column:
        raise ValidationError("Choose a column or a study for the footnote.")
    if column and column not in {one.key for one in catalogue(_form(lead.review))}:
        raise ValidationError(f"Table 1 has no column {column}.")
    _check_text(text, "Write the footnote.")
    made = Footnote.objects.create(
        review=lead.review, study=study, column=column, text=text.strip(), created_by=lead
    )
    after = {"text": made.text, "column": column, "study": study.pk if study else None}
    AuditEvent.objects.append_by(lead, "reporting.footnote_added", made, after=after)
    return made


@transaction.atomic
def remove_footnote(*, lead: Membership, footnote: Footnote) -> None:
    """Take a footnote away; a second time does nothing.

    Raises:
        ValidationError: It is of another review.
    """
    require(lead, Capability.MANAGE)
    footnote = Footnote.objects.select_for_update().get(pk=footnote.pk)
    if footnote.review_id != lead.review_id:
        raise ValidationError("This footnote is of another review.")
    if footnote.removed_at is None:
        footnote.removed_at = timezone.now()
        footnote.save(update_fields=["removed_at"])
        before = {"text": footnote.text, "column": footnote.column, "study": footnote.study_id}
        AuditEvent.objects.append_by(lead, "reporting.footnote_removed", footnote, before=before)


def _form(review: Review) -> FormDefinition:
    form = reported_form(review)
    if form is None:
        raise ValidationError(NO_FORM)
    return form


def _compared(review: Review) -> FormDefinition:
    form = comparing_form(review)
    if form is None:
        raise ValidationError(NOTHING_COMPARED)
    return form


def _locked(lead: Membership, study: Study) -> Study:
    locked = Study.objects.select_for_update().get(pk=study.pk)
    if locked.review_id != lead.review_id:
        raise ValidationError("This study is of another review.")
    return locked


def _check_text(text: str, missing: str) -> None:
    if not text.strip():
        raise ValidationError(missing)
    if len(text) > MAX_TEXT:
        raise ValidationError(f"The text has {len(text)} characters; at most {MAX_TEXT} fit.")


def _change(lead: Membership, name: str, value: dict[str, Any], action: str) -> ReportingSettings:
    Review.objects.select_for_update().get(pk=lead.review_id)
    settings, _ = ReportingSettings.objects.get_or_create(review=lead.review)
    before: Mapping[str, Any] = getattr(settings, name)
    if before != value:
        setattr(settings, name, value)
        settings.save(update_fields=[name])
        AuditEvent.objects.append_by(
            lead, action, settings, before={name: dict(before)}, after={name: value}
        )
    return settings


def _end(lead: Membership, study: Study) -> dict[str, Any]:
    standing = ReportedChoice.objects.standing().filter(study=study).first()
    if standing is None:
        return {}
    standing.ended_at, standing.ended_by = timezone.now(), lead
    standing.save(update_fields=["ended_at", "ended_by"])
    return _facts(standing)


def _facts(choice: ReportedChoice) -> dict[str, Any]:
    return {
        "full_row": choice.full_row,
        "subset_row": choice.subset_row,
        "rationale": choice.rationale,
    }
