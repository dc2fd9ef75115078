"""Figures drawn before anybody asks: what a web process does once it has nothing else to do."""

from django.db.models import Count, QuerySet
from django.urls import reverse

from analytics.selectors.experiments import selection_of
from analytics.selectors.frames import KEPT, forget
from screening.models import Review

LARGE = 20_000  # values; the figures of smaller reviews are there in a moment anyway


def warm_figures() -> list[Review]:
    """Read the frames of the largest reviews in use and draw the page they are met on.

    A first visit then finds them in this process's memory. What is drawn belongs to nobody: it
    is read without raw values, and every visitor's own filters are applied to it as always.

    Returns:
        The reviews whose frames are in memory now, the largest first.
    """
    found = list(_large()[:KEPT])
    for review in found:
        if selection := selection_of(review):
            page = reverse("analytics:figures", kwargs={"slug": review.slug})
            for plan in selection.page_plans(page):
                plan.figure()
    return found


def read_ahead_of(review: Review) -> bool:
    """Read the frames of one review if it is large, for the disk that web processes read them from.

    Args:
        review: A review into which values have just come.

    Returns:
        Whether it is large and in use.
    """
    is_large: bool = _large().filter(pk=review.pk).exists()
    if is_large:
        selection_of(review)
        forget()  # a worker shows no figures
    return is_large


def _large() -> QuerySet[Review]:
    return (
        Review.objects.filter(archived_at__isnull=True, deletes_at__isnull=True)
        .annotate(values_held=Count("studies__extractions__values"))
        .filter(values_held__gte=LARGE)
        .order_by("-values_held")
    )
