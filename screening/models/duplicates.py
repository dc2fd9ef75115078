"""Duplicates as reversible links, rulings that records differ, removals before screening."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from screening.models.people import Membership, Review
from screening.models.records import Record, Source


class LinkQuerySet(models.QuerySet["DuplicateLink"]):
    """Narrowings of links."""

    def standing(self) -> Self:
        """Links that have not been undone."""
        return self.filter(undone_at__isnull=True)


class DuplicateLink(models.Model):
    """Says that `record` is of the same report as `kept`. Never a deletion, never a verdict.

    Invalid when a record links to itself or already has a standing link.
    """

    class Method(models.TextChoices):
        """How the link came to be."""

        IDENTIFIER = "identifier", "Same identifier"
        TITLE = "title", "Same title, year and first author"
        SCORE = "score", "Alike by score"
        MANUAL = "manual", "Linked by a person"

    review = models.ForeignKey(Review, models.CASCADE, related_name="duplicate_links")
    record = models.ForeignKey(Record, models.CASCADE, related_name="duplicate_links")
    kept = models.ForeignKey(Record, models.CASCADE, related_name="kept_links")
    method = models.CharField(max_length=20, choices=Method.choices)
    score = models.FloatField(null=True, blank=True)  # 0 to 1
    reasons = models.JSONField(default=list)  # sentences, field by field
    created_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(undone_at__isnull=True),
                name="duplicate_link_one_standing_per_record",
            ),
            models.CheckConstraint(
                condition=~Q(record=F("kept")), name="duplicate_link_not_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
                name="duplicate_link_score_is_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} -> {self.kept_id}"


class PairModel(models.Model):
    """An unordered pair of records, kept with the smaller id first."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="+")
    first = models.ForeignKey(Record, models.CASCADE, related_name="+")
    second = models.ForeignKey(Record, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="%(class)s_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="%(class)s_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class DuplicateSuggestion(PairModel):
    """A pair the engine would like a person to judge. Answered once a link or ruling exists."""

    score = models.FloatField(null=True, blank=True)
    reasons = models.JSONField(default=list)

    class Meta(PairModel.Meta):
        abstract = False


class NotDuplicateQuerySet(models.QuerySet["NotDuplicate"]):
    """Narrowings of rulings."""

    def standing(self) -> Self:
        """Rulings that have not been undone."""
        return self.filter(undone_at__isnull=True)


class NotDuplicate(models.Model):
    """A person's ruling that two records are different; never asked again while it stands."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="not_duplicates")
    first = models.ForeignKey(Record, models.CASCADE, related_name="+")
    second = models.ForeignKey(Record, models.CASCADE, related_name="+")
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = NotDuplicateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(undone_at__isnull=True),
                name="not_duplicate_one_standing_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="not_duplicate_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class ComparedRecord(models.Model):
    """A record whose duplicates were looked for: its comparable form and keys, never shown.

    Worthless once `version` is not that of the engine: it is made anew then.
    """

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="compared")
    review = models.ForeignKey(Review, models.CASCADE, related_name="+")
    version = models.CharField(max_length=16)
    keys = models.BinaryField()  # see screening.dedup.blocking.pack_keys
    form = models.TextField()  # see screening.dedup.forms.dump_form

    def __str__(self) -> str:
        return f"{self.record_id} {self.version}"


class FieldChoiceQuerySet(models.QuerySet["FieldChoice"]):
    """Narrowings of choices."""

    def standing(self) -> Self:
        """Choices that have not been taken back."""
        return self.filter(undone_at__isnull=True)


class FieldChoice(models.Model):
    """A person's wish that, of a report's records, `record` gives the value shown of a field.

    Invalid when the record has a standing choice of the same field already.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="field_choices")
    record = models.ForeignKey(Record, models.CASCADE, related_name="field_choices")
    field = models.CharField(max_length=20)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = FieldChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "field"],
                condition=Q(undone_at__isnull=True),
                name="field_choice_one_standing_per_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.field}"


class PreScreenRemoval(models.Model):
    """A record taken out before screening, by automation or for another reason; reversible."""

    class Kind(models.TextChoices):
        """The two boxes of PRISMA 2020."""

        AUTOMATION = "automation", "Marked as ineligible by automation tools"
        OTHER = "other", "Removed for other reasons"

    record = models.ForeignKey(Record, models.CASCADE, related_name="removals")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    note = models.TextField()
    stop = models.ForeignKey(  # the decision to stop that took it out
        "screening.ScreeningStop", models.PROTECT, null=True, blank=True, related_name="removals"
    )
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(undone_at__isnull=True),
                name="removal_one_standing_per_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.kind}"


class DeclaredRemoval(models.Model):
    """Records that were removed outside, before the import, by number: no row stands for them.

    The number is added to what the source gave and to what was removed before screening.
    Append-only but for its withdrawal. Invalid without a count, a note and a day.
    """

    class Kind(models.TextChoices):
        """The boxes of PRISMA 2020 for records removed before screening."""

        DUPLICATE = "duplicate", "Duplicate records removed"
        AUTOMATION = "automation", "Marked as ineligible by automation tools"
        OTHER = "other", "Removed for other reasons"

    source = models.ForeignKey(Source, models.PROTECT, related_name="declared_removals")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    count = models.PositiveIntegerField()
    note = models.TextField()
    removed_on = models.DateField()
    declared_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="declared_removal_has_a_count"),
            models.CheckConstraint(
                condition=Q(kind__in=["duplicate", "automation", "other"]),
                name="declared_removal_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.count}"
