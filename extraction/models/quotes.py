"""Where quotes stand in full texts: looked for once for each pair, and never by hand."""

import hashlib

from django.db import models
from django.utils import timezone

from screening.models import FullText


def quote_digest(quote: str) -> str:
    """The fingerprint by which a quote is known."""
    return hashlib.sha256(quote.encode()).hexdigest()


class QuotePlace(models.Model):
    """Where a quote stands in a full text; without a page, that it was looked for and not found.

    Derived from both, so that it may be deleted at any time and is then found anew.
    """

    full_text = models.ForeignKey(FullText, models.CASCADE, related_name="quote_places")
    digest = models.CharField(max_length=64)  # of the quote
    page = models.PositiveIntegerField(null=True, blank=True)
    rectangles = models.JSONField(default=list, blank=True)  # as those of a value
    looked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["full_text", "digest"], name="quote_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.full_text_id} {self.digest[:8]}: {self.page or 'not found'}"
