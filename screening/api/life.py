"""A review as a whole: archived, reopened, about to be deleted, kept after all."""

from typing import Any

from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.reviews import ReviewOut
from screening.models import Review
from screening.rules.roles import Capability
from screening.services import life


class DeletionIn(serializers.Serializer[Any]):
    """What confirms a deletion."""

    title = serializers.CharField(max_length=300, help_text="The title of the review as it stands.")


class Archive(ReviewApi):
    """Whether the review is kept as it is."""

    @endpoint(ReviewOut, needs=Capability.MANAGE)
    def post(self) -> Review:
        """Archive the review: everything can be read and nothing changed."""
        return life.archive_review(lead=self.membership)

    @endpoint(ReviewOut, needs=Capability.MANAGE, even_archived=True)
    def delete(self) -> Review:
        """Reopen the archived review."""
        return life.reopen_review(lead=self.membership)


class Deletion(ReviewApi):
    """The deletion of the whole review, after days of grace."""

    @endpoint(ReviewOut, takes=DeletionIn, needs=Capability.MANAGE, even_archived=True)
    def post(self) -> Review:
        """Ask for the deletion; until `deletes_at` it can be taken back."""
        return life.ask_deletion(lead=self.membership, title=self.given["title"])

    @endpoint(ReviewOut, needs=Capability.MANAGE, even_archived=True)
    def delete(self) -> Review:
        """Keep the review after all."""
        return life.take_back_deletion(lead=self.membership)
