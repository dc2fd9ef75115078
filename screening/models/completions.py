"""Fields that were missing in the source and came from elsewhere, and tries that failed."""

from django.db import models
from django.utils import timezone

from screening.models.people import Membership
from screening.models.records import Record
from screening.online.lookups import LOOKUPS


class RecordCompletion(models.Model):
    """A field of a record that its source left empty and another source filled.

    The imported value was empty, as `Record.raw_text` shows; while the completion stands the
    record's field holds `value`, so that every page, search, rule and export sees it. Undone, the
    field is empty again. Invalid when a standing one fills the same field.
    """

    class Field(models.TextChoices):
        """What can be filled."""

        ABSTRACT = "abstract", "Abstract"
        YEAR = "year", "Year"
        VENUE = "venue", "Venue"
        AUTHORS = "authors", "Authors"

    PASTED = "pasted"  # the origin of what a person brought by hand

    record = models.ForeignKey(Record, models.CASCADE, related_name="completions")
    field = models.CharField(max_length=10, choices=Field.choices)
    value = models.JSONField()
    origin = models.CharField(max_length=20)  # name of the look-up, e.g. pubmed
    identifier = models.CharField(max_length=300)  # by what it was found
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "field"],
                condition=models.Q(undone_at__isnull=True),
                name="completion_one_standing_per_field",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id} from {self.origin}"

    @property
    def origin_label(self) -> str:
        """The place it is from, for people."""
        if self.is_pasted:
            return f"pasted by {self.created_by}"
        return next((one.label for one in LOOKUPS if one.name == self.origin), self.origin)

    @property
    def is_pasted(self) -> bool:
        """Whether a person brought it by hand; `identifier` is then where they found it, or ""."""
        return self.origin == self.PASTED

    @property
    def shown_value(self) -> str:
        """The value in one line."""
        return "; ".join(self.value) if isinstance(self.value, list) else str(self.value)


class LookupAttempt(models.Model):
    """One try to complete a record; `reason` says why something is still missing, "" if nothing."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="lookup_attempts")
    fields = models.JSONField(default=list)  # what was asked for
    reason = models.TextField(blank=True)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["record", "-created_at"])]

    def __str__(self) -> str:
        return f"record {self.record_id}: {self.reason or 'complete'}"
