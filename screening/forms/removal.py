"""The form of a removal."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import Membership
from screening.services.removal import Fate

FATES = [
    (Fate.KEEP.value, "Keep the verdicts: they go on counting"),
    (Fate.WITHDRAW.value, "Withdraw the verdicts: the records are screened again"),
    (Fate.HAND_OVER.value, "Hand the verdicts over to another screener"),
]


class RemovalForm(StyledForm):
    """What becomes of what a removed screener did."""

    fate = forms.ChoiceField(choices=FATES, widget=forms.RadioSelect)
    successor = forms.ModelChoiceField(
        queryset=Membership.objects.none(),
        required=False,
        label="Who takes them over",
        empty_label="Choose a screener, to hand over",
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        """Offer the other active screeners of the review."""
        super().__init__(*args, **kwargs)
        others = Membership.objects.active().filter(review=member.review_id, is_screener=True)
        field: Any = self.fields["successor"]
        field.queryset = others.exclude(pk=member.pk).select_related("user").order_by("user__name")
