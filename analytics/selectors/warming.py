"""Figures drawn before anybody asks: what a web process does once it has nothing else to do."""

from django.db.models import Count
from django.urls import reverse

from analytics.selectors.experiments import selection_of
from analytics.selectors.frames import KEPT
from screening.models import Review

LARGE = 20_000  # values; the figures of smaller reviews are there in a moment anyway


def warm_figures() -> list[Review]:
    """Read the frames of the largest reviews in use and draw the page they are met on.

    A first visit then finds them in this process's memory. What is drawn belongs to nobody: it
    is read without raw values, and every visitor's own filters are applied to it as always.

    Returns:
        The reviews whose frames are in memory now, the largest first.
    """
    large = (
        Review.objects.filter(archived_at__isnull=True, deletes_at__isnull=True)
        .annotate(values_held=Count("studies__extractions__values"))
        .filter(values_held__gte=LARGE)
        .order_by("-values_held")
    )
    found = list(large[:KEPT])
    for review in found:
        if selection := selection_of(review):
            page = reverse("analytics:figures", kwargs={"slug": review.slug})
            selection.page_figures(page)
    return found
