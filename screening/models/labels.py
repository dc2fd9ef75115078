"""Tags, notes and highlighted words: helpful, never counted."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.people import Membership, Review
from screening.models.records import Record


class Tag(models.Model):
    """A free label of the review."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="tags")
    label = models.CharField(max_length=80)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["review", "label"], name="tag_label_once_per_review")
        ]

    def __str__(self) -> str:
        return self.label


class RecordTag(models.Model):
    """A tag on a record, put there by one member; seen by that member while blinded."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="record_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="record_tags")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="record_tags")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "tag", "member"], name="record_tag_once_per_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.tag}"


class Note(models.Model):
    """A note on a record, private or for the team (seen once the reader has decided)."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="notes")
    body = models.TextField()
    is_private = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.body[:60]


class HighlightTerm(models.Model):
    """A word or pattern (with * and ?, or a /regular expression/) to highlight.

    It is the review's, or one member's own.
    """

    class List(models.TextChoices):
        """Which of the three lists."""

        INCLUDE = "include", "Speaks for inclusion"
        EXCLUDE = "exclude", "Speaks for exclusion"
        NEUTRAL = "neutral", "Worth seeing"

    review = models.ForeignKey(Review, models.CASCADE, related_name="highlight_terms")
    member = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="highlight_terms"
    )
    list = models.CharField(max_length=10, choices=List.choices)
    pattern = models.CharField(max_length=120)

    class Meta:
        ordering = ["list", "pattern"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "pattern"],
                condition=Q(member__isnull=True),
                name="highlight_pattern_once_per_review",
            ),
            models.UniqueConstraint(
                fields=["review", "member", "pattern"],
                condition=Q(member__isnull=False),
                name="highlight_pattern_once_per_member",
            ),
        ]

    def __str__(self) -> str:
        return self.pattern
