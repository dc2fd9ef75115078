"""Counts of the ground floor, derived at every read and never stored."""

from django.db.models import Count

from screening.models import Record, Review
from screening.rules.consensus import Stage, Status


def status_counts(*, review: Review, stage: Stage) -> dict[Status, int]:
    """How many records (reports at full text) have which team status.

    Team statuses are safe while blinded: a record somebody still has to judge is "awaiting",
    however the others judged it.

    Args:
        review: The review.
        stage: The stage.

    Returns:
        A count for every status, 0 where there is none.
    """
    records = Record.objects.filter(review=review)
    here = records.to_screen() if stage == Stage.TITLE_ABSTRACT else records.at_full_text()
    rows = here.with_status(stage).order_by().values("team_status").annotate(n=Count("pk"))
    found = {row["team_status"]: row["n"] for row in rows}
    return {status: found.get(status.value, 0) for status in Status}


def source_counts(*, review: Review) -> dict[str, int]:
    """How many records each kind of source brought, by kind; kinds without records are absent."""
    rows = (
        Record.objects.filter(review=review)
        .order_by()
        .values("source__kind")
        .annotate(n=Count("pk"))
    )
    return {row["source__kind"]: row["n"] for row in rows}
