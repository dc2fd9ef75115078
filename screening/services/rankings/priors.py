"""An update of a review: what the old one decided in the end trains the first ranking."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, Membership, PriorDecisions, Review
from screening.permissions import admit, require
from screening.ranking.reading import LabelledTable
from screening.rules.roles import Capability
from screening.selectors.rankings.outcomes import final_decisions
from screening.selectors.rankings.texts import packed
from screening.services.rankings.preparing import start_preparation


def learn_from_review(*, lead: Membership, old: Membership) -> PriorDecisions:
    """Let the final decisions of another review train the first ranking of this one.

    Args:
        lead: Who leads this review.
        old: The same person's membership in the other review.

    Returns:
        The copied decisions.

    Raises:
        PermissionDenied: The member does not lead, or may not see the other review.
        ValidationError: It is another person's membership or this review, or it has not both
            included and excluded records.
    """
    require(lead, Capability.MANAGE)
    admit(old, Capability.VIEW)
    if old.user_id != lead.user_id or old.review_id == lead.review_id:
        raise ValidationError("Choose another review of which you are a member.")
    return _learn(lead, final_decisions(old.review), old.review.title, old.review)


def learn_from_table(*, lead: Membership, table: LabelledTable, name: str) -> PriorDecisions:
    """Let a table of labelled records train the first ranking.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The table has not both included and excluded records.
    """
    return _learn(lead, list(zip(table.texts, table.labels, strict=True)), name, None)


@transaction.atomic
def forget_prior(*, lead: Membership) -> None:
    """Let the ranking learn from this review only again.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: Nothing is learnt from elsewhere.
    """
    require(lead, Capability.MANAGE)
    standing = PriorDecisions.objects.filter(review=lead.review, withdrawn_at__isnull=True)
    found = standing.select_for_update().first()
    if found is None:
        raise ValidationError("The ranking learns from this review only already.")
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    _audit(lead, "ranking.prior_forgotten", found)
    start_preparation(review=lead.review, asked_by=lead.user)


@transaction.atomic
def _learn(
    lead: Membership, rows: Sequence[tuple[str, bool]], name: str, origin: Review | None
) -> PriorDecisions:
    require(lead, Capability.MANAGE)
    rows = [(text, is_relevant) for text, is_relevant in rows if text]
    included = sum(is_relevant for _, is_relevant in rows)
    if included in {0, len(rows)}:
        raise ValidationError(
            f"“{name}” has {included} included and {len(rows) - included} excluded records with "
            "a text; the ranking needs both to learn from."
        )
    now = timezone.now()
    old = PriorDecisions.objects.filter(review=lead.review, withdrawn_at__isnull=True)
    old.update(withdrawn_at=now)
    prior = PriorDecisions.objects.create(
        review=lead.review,
        origin=origin,
        name=name[:300],
        included=included,
        excluded=len(rows) - included,
        rows=packed(rows),
        created_by=lead,
    )
    _audit(lead, "ranking.prior_chosen", prior)
    start_preparation(review=lead.review, asked_by=lead.user)
    return prior


def _audit(lead: Membership, action: str, prior: PriorDecisions) -> None:
    facts: dict[str, Any] = {
        "name": prior.name,
        "origin": prior.origin_id,
        "included": prior.included,
        "excluded": prior.excluded,
    }
    AuditEvent.objects.append(
        action=action, target=prior, review=lead.review, actor=lead.user, after=facts
    )
