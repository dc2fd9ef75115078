"""Where records come from, and the records themselves."""

import secrets
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from screening.models.people import Membership, Review, User
from screening.models.status import with_team_status
from screening.rules.consensus import Stage, Status

MAX_RANDOM_KEY = 2**31


def random_key() -> int:
    """A record's place in the random order; stored so that the order is stable."""
    return secrets.randbelow(MAX_RANDOM_KEY)


class NewestKey(Func):
    """The year turned round, so that the newest comes first and an unknown year last.

    Its numbers are part of the text, since an index on an expression serves only the same text.
    """

    template = "(0 - COALESCE(%(expressions)s, 0))"
    output_field = IntegerField()


class TitleKey(Func):
    """The beginning of a title in small letters, by which lists are sorted.

    Cut, since a title may be longer than a row of an index; the number is part of the text, too.
    """

    template = "LOWER(SUBSTR(%(expressions)s, 1, 100))"
    output_field = models.TextField()


def import_path(batch: "ImportBatch", _name: str) -> str:
    """A private, random place for an imported file; the user's file name never reaches the disk."""
    return f"imports/{batch.review_id}/{secrets.token_hex(16)}"


class Source(models.Model):
    """A database, register, website, organisation, citation search or other origin."""

    class Kind(models.TextChoices):
        """Kind in the words of PRISMA 2020: searched, other methods, or the earlier version."""

        DATABASE = "database", "Database"
        REGISTER = "register", "Register"
        WEBSITE = "website", "Website"
        ORGANISATION = "organisation", "Organisation"
        CITATION_SEARCHING = "citation_searching", "Citation searching"
        OTHER = "other", "Other"
        PREVIOUS_VERSION = "previous_version", "Previous version of this review"

    IDENTIFICATION_KINDS = (Kind.DATABASE, Kind.REGISTER)
    OTHER_METHOD_KINDS = (
        Kind.WEBSITE,
        Kind.ORGANISATION,
        Kind.CITATION_SEARCHING,
        Kind.OTHER,
    )

    review = models.ForeignKey(Review, models.CASCADE, related_name="sources")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="source_name_once_per_review"),
        ]

    def __str__(self) -> str:
        return self.name


class Search(models.Model):
    """One query of one source on one day, with the hits the source itself reported."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="searches")
    query = models.TextField(blank=True)
    interface = models.CharField(max_length=200, blank=True)
    searched_on = models.DateField(null=True, blank=True)
    hits = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.source} {self.searched_on or ''}".strip()


class ImportBatch(models.Model):
    """One imported file, kept as it came. Counts are derived from its records and problems."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="import_batches")
    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    search = models.ForeignKey(
        Search, models.PROTECT, null=True, blank=True, related_name="batches"
    )
    file = models.FileField(upload_to=import_path, max_length=200)
    original_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    format = models.CharField(max_length=40, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    mapping = models.JSONField(default=dict, blank=True)  # column -> field of the record
    prior = models.JSONField(default=dict, blank=True)  # whose decisions the file brings, as mapped
    columns = models.JSONField(default=list, blank=True)  # a table's headers, mapped or not
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["review", "sha256"])]

    def __str__(self) -> str:
        return self.original_name


class ImportProblemQuerySet(models.QuerySet["ImportProblem"]):
    """Narrowings of problems."""

    def rejected(self) -> Self:
        """Rows that became no record, left out on purpose or not yet looked at."""
        corrected = Q(settlement=ImportProblem.Settlement.CORRECTED)
        return self.filter(severity=ImportProblem.Severity.REJECTED).exclude(corrected)

    def unsettled(self) -> Self:
        """Rejected rows that nobody has corrected or left out."""
        return self.filter(severity=ImportProblem.Severity.REJECTED, settlement="")


class ImportProblem(models.Model):
    """Something about one place of an imported file: nothing is dropped silently.

    A rejected row can be settled: corrected and read again (its record is named), or left out
    with a note. The raw text stays as it came. Invalid when settled by nobody.
    """

    class Severity(models.TextChoices):
        """What became of the row."""

        REJECTED = "rejected", "Rejected: no record was made"
        KNOWN = "known", "Already known: the source has this row"
        WARNING = "warning", "Imported with a warning"

    class Settlement(models.TextChoices):
        """What a person did about a rejected row."""

        CORRECTED = "corrected", "Corrected and imported"
        LEFT_OUT = "left_out", "Left out"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="problems")
    position = models.PositiveIntegerField()  # line, row or entry number, from 1
    severity = models.CharField(max_length=10, choices=Severity.choices)
    message = models.TextField()
    raw_text = models.TextField(blank=True)
    record = models.ForeignKey(  # the record a known row is, or the one a correction gave
        "screening.Record", models.SET_NULL, null=True, blank=True, related_name="import_problems"
    )
    settlement = models.CharField(max_length=10, choices=Settlement.choices, blank=True)
    corrected_text = models.TextField(blank=True)
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ImportProblemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position", "severity", "message"],
                name="import_problem_said_once",
            ),
            models.CheckConstraint(
                condition=Q(settlement="", settled_by__isnull=True, settled_at__isnull=True)
                | Q(
                    ~Q(settlement=""),
                    severity="rejected",
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                ),
                name="import_problem_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"


class RecordQuerySet(models.QuerySet["Record"]):
    """Narrowings and annotations of records."""

    def from_identification(self) -> Self:
        """Records of databases and registers: those that are screened."""
        return self.filter(source__kind__in=Source.IDENTIFICATION_KINDS)

    def from_other_methods(self) -> Self:
        """Records of websites, organisations, citation searching and others."""
        return self.filter(source__kind__in=Source.OTHER_METHOD_KINDS)

    def from_previous_version(self) -> Self:
        """Records of what the previous version of the review included: neither found nor judged."""
        return self.filter(source__kind=Source.Kind.PREVIOUS_VERSION)

    def included_before(self) -> Self:
        """Reports that count as included in the previous version."""
        return self.from_previous_version().without_duplicates().without_removed()

    def without_duplicates(self) -> Self:
        """Leaves out records that stand as a duplicate of another."""
        links = apps.get_model("screening", "DuplicateLink").objects.filter(
            record=OuterRef("pk"), undone_at__isnull=True
        )
        return self.filter(~Exists(links))

    def without_removed(self) -> Self:
        """Leaves out records removed before screening."""
        removals = apps.get_model("screening", "PreScreenRemoval").objects.filter(
            record=OuterRef("pk"), undone_at__isnull=True
        )
        return self.filter(~Exists(removals))

    def to_screen(self) -> Self:
        """Records of databases and registers after duplicates and removals: the screened set."""
        return self.from_identification().without_duplicates().without_removed()

    def with_status(self, stage: Stage) -> Any:
        """Annotates `team_status` at the stage; the SQL twin of `rules.consensus.team_status`.

        Typed as Any, since the type plugin does not see annotations behind a method.
        """
        return with_team_status(self, stage)

    def at_full_text(self) -> Self:
        """Records whose report is sought: passed title/abstract, or found by other methods."""
        passed = self.to_screen().with_status(Stage.TITLE_ABSTRACT)
        passed = passed.filter(team_status=Status.INCLUDED.value)
        other = self.from_other_methods().without_duplicates().without_removed()
        return self.filter(Q(pk__in=passed.values("pk")) | Q(pk__in=other.values("pk")))


class Record(models.Model):
    """Title and abstract of a report as one source lists it; the raw text is kept for ever.

    Invalid when the same source already holds the same raw row at the same occurrence.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="records")
    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="records")
    position = models.PositiveIntegerField()
    title = models.TextField()
    abstract = models.TextField(blank=True)
    authors = models.JSONField(default=list, blank=True)  # list of names as listed
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    venue = models.TextField(blank=True)
    volume = models.CharField(max_length=100, blank=True)
    issue = models.CharField(max_length=100, blank=True)
    pages = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=100, blank=True)
    record_type = models.CharField(max_length=200, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    doi = models.CharField(max_length=300, blank=True)
    pmid = models.CharField(max_length=20, blank=True)
    arxiv_id = models.CharField(max_length=40, blank=True)
    urls = models.JSONField(default=list, blank=True)  # [{"label": ..., "url": ...}]
    extra = models.JSONField(default=dict, blank=True)  # unknown tags and columns, kept
    raw_text = models.TextField()
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the raw row
    occurrence = models.PositiveIntegerField(default=1)  # n-th equal row of the file
    random_key = models.BigIntegerField(default=random_key)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "fingerprint", "occurrence"],
                name="record_row_once_per_source",
            ),
            models.UniqueConstraint(fields=["batch", "position"], name="record_position_once"),
        ]
        indexes = [
            # The ways through the queue; the source is along so that a record of another
            # method is passed without opening its row.
            models.Index(
                fields=["review", "random_key", "id", "source"], name="record_random_way_idx"
            ),
            models.Index(
                F("review"), NewestKey("year"), F("id"), F("source"), name="record_newest_way_idx"
            ),
            models.Index(
                F("review"), TitleKey("title"), F("id"), F("source"), name="record_title_way_idx"
            ),
            models.Index(fields=["review", "doi"]),
            models.Index(fields=["review", "year"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The record's own page."""
        return reverse("screening:record", kwargs={"slug": self.review.slug, "record_id": self.pk})

    @property
    def first_author(self) -> str:
        """Family name of the first author, or empty."""
        if not self.authors:
            return ""
        name: str = self.authors[0]
        family, comma, _ = name.partition(",")
        words = name.split()
        return family.strip() if comma else "".join(words[-1:])
