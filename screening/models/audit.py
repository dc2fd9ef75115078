"""The audit trail: every write that is not itself an append-only row, chained by hash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from screening.models.people import Membership, Review, User


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: the same value always gives the same text."""
    return json.dumps(
        value, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


class AuditManager(models.Manager["AuditEvent"]):
    """Appends events; there is no other way in."""

    @transaction.atomic
    def append(
        self,
        *,
        action: str,
        target: models.Model,
        review: Review | None = None,
        actor: User | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> "AuditEvent":
        """Append one event and chain it to the review's last one.

        Args:
            action: `noun.verb` in the past, e.g. `member.deactivated`.
            target: What was changed.
            review: The review, or None for the installation.
            actor: Who did it, or None for the app itself.
            before: The changed fields as they were.
            after: The changed fields as they are.

        Returns:
            The stored event.
        """
        _lock_chain(review)
        last = self.filter(review=review).order_by("-pk").first()
        event = AuditEvent(
            review=review,
            actor=actor,
            action=action,
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            before=json.loads(canonical(before or {})),
            after=json.loads(canonical(after or {})),
            previous_hash=last.hash if last else "",
        )
        event.hash = event.computed_hash()
        event.save(force_insert=True)
        return event

    def append_by(
        self,
        member: Membership,
        action: str,
        target: models.Model,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> "AuditEvent":
        """Append what a member did in their review; see `append`."""
        return self.append(
            action=action,
            target=target,
            review=member.review,
            actor=member.user,
            before=before,
            after=after,
        )

    @transaction.atomic
    def append_many(
        self, *, action: str, review: Review, afters: Sequence[tuple[models.Model, dict[str, Any]]]
    ) -> None:
        """Append one event of the app itself per target, chained like single ones.

        Args:
            action: As for `append`, the same for all.
            review: The review.
            afters: Each target with the changed fields as they are.
        """
        _lock_chain(review)
        last = self.filter(review=review).order_by("-pk").first()
        previous = last.hash if last else ""
        events = []
        for target, after in afters:
            event = AuditEvent(
                review=review,
                action=action,
                target_type=target._meta.label_lower,
                target_id=str(target.pk),
                before={},
                after=json.loads(canonical(after)),
                previous_hash=previous,
            )
            event.hash = previous = event.computed_hash()
            events.append(event)
        self.bulk_create(events, batch_size=500)


class AuditRelease(models.Model):
    """A review whose trail may be deleted, for the length of the transaction that deletes it.

    The trigger asks this table, and no other, so that the tables of reviews stay free to change.
    """

    review_number = models.PositiveBigIntegerField(unique=True)  # no reference: it goes first

    def __str__(self) -> str:
        return f"the trail of review {self.review_number} may go"


class AuditEvent(models.Model):
    """Who did what, when, from which state to which. Append-only, held by triggers.

    Deleted only with its whole review; changed only where a person who asked for it is taken out
    of `before` and `after`: then the hash stays that of what stood there, and an event
    `audit.redacted` of the same chain names the hash of what stands there now.
    """

    review = models.ForeignKey(
        Review, models.DO_NOTHING, null=True, blank=True, related_name="audit_events"
    )
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    redacted_at = models.DateTimeField(null=True, blank=True)  # a person was taken out of it
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = AuditManager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["review", "target_type", "target_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"

    @property
    def sentence(self) -> str:
        """The action in words: `member.roles_changed` reads "member roles changed"."""
        return self.action.replace(".", " ").replace("_", " ")

    def hashed_text(self) -> str:
        """The previous hash and every fact of the event, as they are hashed."""
        return text_of_event(vars(self))

    def computed_hash(self) -> str:
        """SHA-256 over the previous hash and every fact of the event."""
        return hash_of_event(vars(self))


def _lock_chain(review: Review | None) -> None:
    """Let one transaction at a time append to a chain.

    Without the key, which others look at when they commit rows of the review: they need not wait.
    The installation's own chain has no row of its own; the first person is always there.
    """
    if review is None:
        User.objects.select_for_update(no_key=True).order_by("pk").first()
    else:
        Review.objects.select_for_update(no_key=True).filter(pk=review.pk).first()


def text_of_event(event: Mapping[str, Any]) -> str:
    """The columns of an event that are hashed, named as in the table, as one text."""
    facts = {
        "previous": event["previous_hash"],
        "review": event["review_id"],
        "actor": event["actor_id"],
        "action": event["action"],
        "target": [event["target_type"], event["target_id"]],
        "before": event["before"],
        "after": event["after"],
        "at": event["created_at"],
    }
    return canonical(facts)


def hash_of_event(event: Mapping[str, Any]) -> str:
    """SHA-256 over that text."""
    return hashlib.sha256(text_of_event(event).encode()).hexdigest()
