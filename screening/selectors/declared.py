"""Reads about numbers that were declared from before the import."""

from collections.abc import Sequence

from screening.models import DeclaredRemoval, Review, Source


def declared_removals(review: Review) -> Sequence[DeclaredRemoval]:
    """What stands and what was withdrawn, the newest first."""
    rows = DeclaredRemoval.objects.filter(source__review=review)
    return list(
        rows.select_related("source", "declared_by__user", "withdrawn_by__user").order_by("-pk")
    )


def sources_to_declare_for(review: Review) -> Sequence[Source]:
    """Sources that identified records: all but the previous version."""
    sources = Source.objects.filter(review=review)
    return list(sources.exclude(kind=Source.Kind.PREVIOUS_VERSION).order_by("name"))
