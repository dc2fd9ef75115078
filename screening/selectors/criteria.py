"""The versions of a review's criteria."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from screening.models import CriteriaVersion, Decision, PilotDecision, Review


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version of the criteria, with what it changed and how many decisions rest on it.

    Attributes:
        number: From 1.
        criteria: Its sentences.
        added: Sentences that the version before did not have.
        dropped: Sentences that only the version before had.
        note: Why it was changed.
        author: Who changed it; empty for the criteria that the review began with.
        created_at: Since when it holds.
        decisions: Standing decisions that were made under it, pilot rounds included.
    """

    number: int
    criteria: Sequence[str]
    added: Sequence[str]
    dropped: Sequence[str]
    note: str
    author: str
    created_at: datetime
    decisions: int


def criteria_versions(review: Review) -> list[ShownVersion]:
    """Every version of the criteria, the newest first; three queries."""
    rows = list(review.criteria_versions.select_related("created_by__user").order_by("number"))
    if not rows:
        criteria, since = review.inclusion_criteria, review.created_at
        rows = [CriteriaVersion(review=review, number=1, criteria=criteria, created_at=since)]
    made = _made(review)
    shown = []
    before: list[str] = rows[0].criteria
    for row in rows:
        shown.append(
            ShownVersion(
                number=row.number,
                criteria=row.criteria,
                added=[line for line in row.criteria if line not in before],
                dropped=[line for line in before if line not in row.criteria],
                note=row.note,
                author=row.created_by.user.name if row.created_by else "",
                created_at=row.created_at,
                decisions=made.get(row.number, 0),
            )
        )
        before = row.criteria
    return shown[::-1]


def _made(review: Review) -> dict[int, int]:
    """How many standing decisions were made under each version."""
    found: dict[int, int] = {}
    for model in (Decision, PilotDecision):
        rows = model.objects.filter(reviewer__review=review, superseded_at__isnull=True)
        rows = rows.exclude(criteria_version=None).exclude(origin=Decision.Origin.PILOT)
        counted = rows.order_by().values_list("criteria_version").annotate(n=Count("pk"))
        for number, n in counted:
            found[number] = found.get(number, 0) + n
    return found
