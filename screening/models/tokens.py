"""What programs bring along: tokens, and answers kept so that a request sent twice acts once."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.people import Review, User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Narrowings of tokens."""

    def usable(self, now: datetime) -> "ApiTokenQuerySet":
        """Neither withdrawn nor expired, of people whose accounts are open."""
        return self.filter(withdrawn_at=None, expires_at__gt=now, user__is_active=True)


class ApiToken(models.Model):
    """A person's key for programs. Only the SHA-256 of the token is kept.

    With a review it opens that review only.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    review = models.ForeignKey(
        Review, models.CASCADE, null=True, blank=True, related_name="api_tokens"
    )
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)  # the token's first letters, to tell it by
    scopes = models.JSONField(default=list)  # list of Scope values
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="api_token_expires_after_it_is_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def is_usable(self) -> bool:
        """Whether it opens anything now."""
        return self.withdrawn_at is None and self.expires_at > timezone.now()


class IdempotentAnswer(models.Model):
    """The answer to a request with an `Idempotency-Key`; while it is empty, the work goes on."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)  # method, address and body
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_person")
        ]

    def __str__(self) -> str:
        return f"answer to {self.key}"
