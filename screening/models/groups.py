"""Named groups of members, such as clinicians."""

from typing import Any

from django.db import models

from screening.models.people import Membership, Review


class MemberGroup(models.Model):
    """A named group of members of a review; a stage may need a verdict of one of them.

    Who has left stays in it, so that what they decided goes on counting for it.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="member_groups")
    name = models.CharField(max_length=80)
    members: "models.ManyToManyField[Membership, Any]" = models.ManyToManyField(
        Membership, blank=True, related_name="groups"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="member_group_name_once")
        ]

    def __str__(self) -> str:
        return self.name
