"""The form of a group of members."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import Membership, Review


class GroupForm(StyledForm):
    """A group's name and who is in it."""

    name = forms.CharField(max_length=80, label="Name")
    members = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(),
        required=False,
        label="Who is in it",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        """Offer the members of the review; who left can stay in a group."""
        super().__init__(*args, **kwargs)
        people = review.memberships.select_related("user").order_by("user__name")
        self.fields["members"].queryset = people  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
