"""Counts of the ground floor, derived at every read and never stored."""

from django.db.models import Count

from screening.models import Record, Review


def source_counts(*, review: Review) -> dict[str, int]:
    """How many records each kind of source brought, by kind; kinds without records are absent."""
    rows = (
        Record.objects.filter(review=review)
        .order_by()
        .values("source__kind")
        .annotate(n=Count("pk"))
    )
    return {row["source__kind"]: row["n"] for row in rows}
