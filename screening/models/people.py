"""People, reviews and who is what in which review."""

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from screening.rules.consensus import MaybeMeans, Stage, StageRule
from screening.rules.roles import Capability, Role, capabilities_of

MAX_SEED = 2**31


def random_seed() -> int:
    """A person's starting point in the random order of a review."""
    return secrets.randbelow(MAX_SEED)


class UserManager(BaseUserManager["User"]):
    """Makes people; the email is the login and is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password the account cannot sign in by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make the person who runs the installation."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by email in any case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Invalid without an email that is unique in any case."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    anonymised_at = models.DateTimeField(null=True, blank=True)  # name and email are made up

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_is_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        parts = [part for part in self.name.split() if part]
        return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


class ReviewQuerySet(models.QuerySet["Review"]):
    """Narrowings of reviews."""

    def of_user(self, user: User) -> "ReviewQuerySet":
        """Reviews in which the person is an active member."""
        return self.filter(memberships__user=user, memberships__deactivated_at__isnull=True)

    def due_for_deletion(self, now: datetime) -> "ReviewQuerySet":
        """Reviews whose deletion was asked for and whose days of grace are over."""
        return self.filter(deletes_at__lte=now)


class Review(models.Model):
    """One systematic review. Invalid without a slug, which is its address for ever."""

    class SecondFactorOf(models.TextChoices):
        """Of whom the review asks for a second factor."""

        NOBODY = "nobody", "Nobody has to"
        LEADS = "leads", "Leads have to"
        EVERYONE = "everyone", "Every member has to"

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    question = models.TextField(blank=True)
    protocol = models.TextField(blank=True)
    inclusion_criteria = models.JSONField(default=list, blank=True)  # list of sentences
    criteria_version = models.PositiveSmallIntegerField(default=1)  # of the criteria above
    registration = models.CharField(max_length=200, blank=True)
    source_note = models.TextField(blank=True)  # shown beside sources and the PRISMA flow
    is_extraction_blinded = models.BooleanField(default=True)
    is_detection_automatic = models.BooleanField(default=True)  # after each import
    second_factor_of = models.CharField(
        max_length=10, choices=SecondFactorOf.choices, default=SecondFactorOf.NOBODY
    )
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    deletes_at = models.DateTimeField(null=True, blank=True)  # when all of it goes for good
    deletion_asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deletes_at__isnull=True, deletion_asked_by__isnull=True)
                | Q(deletes_at__isnull=False, deletion_asked_by__isnull=False),
                name="review_deletion_is_asked_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The overview."""
        return reverse("analytics:overview", kwargs={"slug": self.slug})

    @property
    def is_read_only(self) -> bool:
        """Whether nobody may change anything: it is archived, or about to be deleted."""
        return self.archived_at is not None or self.deletes_at is not None


class StageSettings(models.Model):
    """How one stage of one review is screened; every review has one row per stage."""

    class Order(models.TextChoices):
        """Order in which records are handed out."""

        RANDOM = "random", "Random, by each person's own seed"
        NEWEST = "newest", "Newest publication first"
        RELEVANCE = "relevance", "Most likely relevant first"

    class Assigning(models.TextChoices):
        """How far the queue heeds what is assigned to whom."""

        FREELY = "freely", "Freely: everybody is handed what is left"
        FIRST = "first", "What is assigned to a person first, then what is left"
        ONLY = "only", "Only what is assigned to a person"

    class RankingMode(models.TextChoices):
        """Whose verdicts the order by relevance learns from."""

        AUTO = "auto", "Each person's own while the stage is blinded, else the team's"
        OWN = "own", "Each person's own verdicts only"
        TEAM = "team", "The team's verdicts"

    class Maybe(models.TextChoices):
        """What a maybe amounts to."""

        INCLUDE = MaybeMeans.INCLUDE.value, "Counts as include"
        CONFLICT = MaybeMeans.CONFLICT.value, "Leaves a conflict that has to be settled"

    review = models.ForeignKey(Review, models.CASCADE, related_name="stage_settings")
    stage = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Stage])
    verdicts_needed = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    is_blinded = models.BooleanField(default=True)
    is_maybe_allowed = models.BooleanField(default=True)
    maybe_means = models.CharField(max_length=10, choices=Maybe.choices, default=Maybe.INCLUDE)
    is_reason_required = models.BooleanField(default=False)
    is_together_allowed = models.BooleanField(default=True)  # ticked rows; title/abstract only
    has_question_path = models.BooleanField(default=False)  # criteria as ordered questions
    is_own_ruling_barred = models.BooleanField(default=True)
    # who alone settles conflicts; every adjudicator while nobody is named
    settlers: "models.ManyToManyField[Membership, Any]" = models.ManyToManyField(
        "Membership", blank=True, related_name="+"
    )
    order = models.CharField(max_length=20, choices=Order.choices, default=Order.RANDOM)
    assigning = models.CharField(max_length=10, choices=Assigning.choices, default=Assigning.FREELY)
    ranking_mode = models.CharField(
        max_length=10, choices=RankingMode.choices, default=RankingMode.AUTO
    )
    exploration_percent = models.PositiveSmallIntegerField(  # random records mixed in
        default=0, validators=[MaxValueValidator(100)]
    )
    exploration_seed = models.BigIntegerField(default=random_seed)
    # of whom one has to decide on each record; nobody in particular when empty
    required_group = models.ForeignKey(
        "screening.MemberGroup",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="required_at",
    )
    pilot = models.ForeignKey(  # the round that runs, or after which the main round is held
        "screening.Pilot", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    known_reports = models.TextField(blank=True)  # one a line: DOI, PubMed id, #record or a title

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "stage"], name="stage_settings_once"),
            models.CheckConstraint(
                condition=Q(verdicts_needed__gte=1, verdicts_needed__lte=3),
                name="stage_settings_needs_1_to_3_verdicts",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in Stage]), name="stage_settings_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(maybe_means__in=[m.value for m in MaybeMeans]),
                name="stage_settings_maybe_meaning_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.stage}"

    @property
    def learns_from_team(self) -> bool:
        """Whether the order by relevance of one person shows what the others said."""
        if self.ranking_mode == self.RankingMode.AUTO:
            return not self.is_blinded
        return self.ranking_mode == self.RankingMode.TEAM

    @property
    def rule(self) -> StageRule:
        """What of the settings the team's status depends on."""
        needs_group = self.required_group_id is not None
        return StageRule(self.verdicts_needed, MaybeMeans(self.maybe_means), needs_group)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Narrowings of memberships."""

    def active(self) -> "MembershipQuerySet":
        """Members who may work now; deactivated people keep their rows but not their way in."""
        return self.filter(deactivated_at__isnull=True, user__is_active=True)


class Membership(models.Model):
    """One person in one review. Deactivating keeps everything the person did."""

    class View(models.TextChoices):
        """How the person likes to see the records to screen."""

        ONE = "one", "One record"
        LIST = "list", "List"
        PANES = "panes", "Three panes"

    review = models.ForeignKey(Review, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    is_lead = models.BooleanField(default=False)
    is_screener = models.BooleanField(default=False)
    is_extractor = models.BooleanField(default=False)
    is_adjudicator = models.BooleanField(default=False)
    is_observer = models.BooleanField(default=False)
    order_seed = models.BigIntegerField(default=random_seed)
    screening_view = models.CharField(max_length=10, choices=View.choices, default=View.ONE)
    joined_at = models.DateTimeField(default=timezone.now)
    deactivated_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="membership_once_per_review"),
            models.CheckConstraint(
                condition=Q(is_lead=True)
                | Q(is_screener=True)
                | Q(is_extractor=True)
                | Q(is_adjudicator=True)
                | Q(is_observer=True),
                name="membership_has_a_role",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held in this review."""
        return frozenset(role for role in Role if getattr(self, f"is_{role.value}"))

    @property
    def ordered_roles(self) -> list[Role]:
        """The roles held, in the order in which pages name them."""
        return [role for role in Role if role in self.roles]

    @property
    def is_active(self) -> bool:
        """Whether the person may work in the review now."""
        return self.deactivated_at is None and self.user.is_active

    def can(self, capability: Capability) -> bool:
        """Whether the roles allow it and the membership is active."""
        return self.is_active and capability in capabilities_of(self.roles)


class Invitation(models.Model):
    """A link that makes its holder a member, once, until it expires or is revoked.

    Only the SHA-256 of the token is kept.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    roles = models.JSONField(default=list)  # list of Role values
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="accepted_invitations"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return (
            self.accepted_at is None
            and self.revoked_at is None
            and self.expires_at > timezone.now()
        )
