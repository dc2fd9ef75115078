"""What members say to each other about a record once the verdicts are open to them."""

from django.db import models
from django.utils import timezone

from screening.models.decisions import STAGES
from screening.models.people import Membership
from screening.models.pilots import Pilot
from screening.models.records import Record


class DiscussionMessage(models.Model):
    """One message of the talk about a record at a stage. Append-only.

    Its author may take it back; the row stays, and the thread says that something was taken back.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="discussion")
    stage = models.CharField(max_length=20, choices=STAGES)
    pilot = models.ForeignKey(  # the pilot round that is talked about, or none
        Pilot, models.PROTECT, null=True, blank=True, related_name="discussion"
    )
    author = models.ForeignKey(Membership, models.PROTECT, related_name="discussion")
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(body=""), name="discussion_message_says_something"
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]
