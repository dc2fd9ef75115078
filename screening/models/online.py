"""Searches of outside databases by the app itself: saved queries, fetchings, pages, the pace."""

import hashlib

from django.db import models
from django.utils import timezone

from screening.models.people import Membership, Review
from screening.models.records import ImportBatch, Search


def query_digest(query: str) -> str:
    """By what equal queries are found; a query may be longer than an index takes."""
    return hashlib.sha256(query.encode()).hexdigest()


class SavedSearch(models.Model):
    """One query to one outside database, kept to be counted, fetched and run again.

    The last count stands with its moment; the last failure stands until the next answer.
    Invalid when the review holds the same query to the same database already.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="saved_searches")
    database = models.CharField(max_length=20)  # name in `screening.online.registry`
    query = models.TextField()  # exactly as written, and as sent
    digest = models.CharField(max_length=64)
    hits = models.PositiveIntegerField(null=True, blank=True)  # as the database answered
    understood = models.TextField(blank=True)  # what the database made of the query
    warnings = models.JSONField(default=list, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "database", "digest"], name="saved_search_once_per_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.database}: {self.query[:80]}"


class SearchFetch(models.Model):
    """One fetching of a saved search: from the first page to the import of its file.

    It is done when `finished_at` is set; without a batch then, nothing was found.
    """

    saved = models.ForeignKey(SavedSearch, models.CASCADE, related_name="fetches")
    search = models.ForeignKey(Search, models.SET_NULL, null=True, blank=True, related_name="+")
    batch = models.OneToOneField(
        ImportBatch, models.SET_NULL, null=True, blank=True, related_name="fetch"
    )
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.saved}, {self.created_at:%Y-%m-%d}"


class FetchedPage(models.Model):
    """One answer as it came, packed, until the file of the whole search is made of them."""

    fetch = models.ForeignKey(SearchFetch, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()  # from 1
    body = models.BinaryField()  # packed by zlib
    records = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["fetch", "number"], name="fetched_page_once"),
        ]

    def __str__(self) -> str:
        return f"page {self.number}"


class HostPace(models.Model):
    """When an outside host may be asked next, for all processes of this installation."""

    host = models.CharField(max_length=100, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.host
