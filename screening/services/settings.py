"""Writes about how a review works: its texts, its stages, its highlighted words."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import (
    AuditEvent,
    HighlightTerm,
    MemberGroup,
    Membership,
    Review,
    StageSettings,
)
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.groups import can_finish
from screening.services.criteria import revise_criteria
from screening.services.reports import ensure_reports

REVIEW_FIELDS = frozenset(
    {"title", "question", "protocol", "registration", "source_note"}
    | {"is_detection_automatic", "second_factor_of"}
)
STAGE_FIELDS = frozenset(
    {"verdicts_needed", "is_blinded", "is_maybe_allowed", "is_own_ruling_barred", "order"}
    | {"ranking_mode", "exploration_percent", "exploration_seed", "known_reports"}
    | {"maybe_means", "is_reason_required", "is_together_allowed", "required_group_id"}
    | {"has_question_path"}
)


@transaction.atomic
def change_review(*, lead: Membership, **fields: Any) -> Review:
    """Change texts of the review.

    `inclusion_criteria` become a version of their own, with `criteria_note` saying why.

    Raises:
        ValidationError: A field is unknown or its value does not fit.
    """
    require(lead, Capability.MANAGE)
    note = str(fields.pop("criteria_note", ""))
    if "inclusion_criteria" in fields:
        revise_criteria(lead=lead, criteria=fields.pop("inclusion_criteria"), note=note)
    _refuse_unknown(fields, REVIEW_FIELDS)
    review = Review.objects.select_for_update().get(pk=lead.review_id)
    _change(review, fields, action="review.changed", lead=lead)
    return review


@transaction.atomic
def change_stage(*, lead: Membership, stage: Stage, **fields: Any) -> StageSettings:
    """Change how a stage is screened; decisions stay, statuses follow since they are derived.

    Raises:
        ValidationError: A field is unknown or its value does not fit.
    """
    require(lead, Capability.MANAGE)
    _refuse_unknown(fields, STAGE_FIELDS)
    settings = StageSettings.objects.select_for_update().get(review=lead.review_id, stage=stage)
    _refuse_idle_group(settings, fields.get("required_group_id"))
    _change(settings, fields, action="stage.changed", lead=lead)
    ensure_reports(lead.review)
    return settings


def _refuse_idle_group(settings: StageSettings, group_id: int | None) -> None:
    """Refuse to need a verdict that nobody can give."""
    if group_id is None or group_id == settings.required_group_id:
        return
    group = MemberGroup.objects.filter(pk=group_id, review=settings.review_id).first()
    if group is None:
        raise ValidationError("There is no such group.", code="no_group")
    if not can_finish(group):
        raise ValidationError(
            f"Nobody of {group} screens now, so no record could be finished. Add a screener to it.",
            code="idle_group",
        )


@transaction.atomic
def name_settlers(*, lead: Membership, stage: Stage, members: Collection[Membership]) -> None:
    """Name who alone settles the conflicts of a stage; nobody named means every adjudicator.

    Raises:
        ValidationError: One of them is not an active adjudicator of the review.
    """
    require(lead, Capability.MANAGE)
    settings = StageSettings.objects.select_for_update().get(review=lead.review_id, stage=stage)
    for member in members:
        if member.review_id != lead.review_id or not member.can(Capability.ADJUDICATE):
            raise ValidationError(
                f"{member} cannot settle conflicts: give them the role of adjudicator first.",
                code="no_adjudicator",
            )
    before = sorted(settings.settlers.values_list("pk", flat=True))
    after = sorted(member.pk for member in members)
    if before == after:
        return
    settings.settlers.set(members)
    AuditEvent.objects.append(
        action="stage.settlers_named",
        target=settings,
        review=lead.review,
        actor=lead.user,
        before={"members": before},
        after={"members": after},
    )


@transaction.atomic
def set_highlight_terms(
    *, member: Membership, terms: Mapping[str, Sequence[str]], is_own: bool
) -> None:
    """Make the highlighted words of the review (lead) or of the member these, per list.

    Raises:
        ValidationError: A pattern stands twice.
    """
    require(member, Capability.VIEW if is_own else Capability.MANAGE)
    cleaned = [
        (name, pattern.strip())
        for name, patterns in terms.items()
        for pattern in patterns
        if pattern.strip()
    ]
    if len({pattern for _, pattern in cleaned}) < len(cleaned):
        raise ValidationError("A word stands twice. Keep it in one list only.")
    owner = member if is_own else None
    HighlightTerm.objects.filter(review=member.review, member=owner).delete()
    HighlightTerm.objects.bulk_create(
        HighlightTerm(review=member.review, member=owner, list=name, pattern=pattern)
        for name, pattern in cleaned
    )
    if not is_own:
        AuditEvent.objects.append(
            action="highlights.changed",
            target=member.review,
            review=member.review,
            actor=member.user,
            after={"terms": cleaned},
        )


def _refuse_unknown(fields: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(fields) - known)
    if unknown:
        raise ValidationError(f"There is no setting called {unknown[0]}.")


def _change(
    row: Review | StageSettings, fields: Mapping[str, Any], *, action: str, lead: Membership
) -> None:
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    after = {name: getattr(row, name) for name in fields}
    if before == after:
        return
    row.full_clean()
    row.save(update_fields=list(fields))
    AuditEvent.objects.append(
        action=action, target=row, review=lead.review, actor=lead.user, before=before, after=after
    )
