"""Forms about duplicates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from screening.forms.base import StyledForm
from screening.models import Record, Review

USUAL = 0.95


class DuplicateOfForm(StyledForm):
    """Names the record that another one is a duplicate of, by its number in the review."""

    kept = forms.ModelChoiceField(
        label="Number of the other record",
        queryset=Record.objects.none(),
        widget=forms.NumberInput,
        error_messages={
            "required": "Give the number of the other record.",
            "invalid_choice": "This review has no record with that number.",
        },
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        """Offer the records of one review only."""
        super().__init__(*args, **kwargs)
        field = self.fields["kept"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
        field.queryset = Record.objects.filter(review=review)

    def chosen(self) -> Record:
        """The record that was named.

        Raises:
            ValidationError: None was named, or the review has no record with that number.
        """
        if not self.is_valid():
            raise ValidationError(list(self.errors["kept"]))
        kept: Record = self.cleaned_data["kept"]
        return kept


class CertaintyForm(StyledForm):
    """How sure the rules must be of a pair that is accepted along with others."""

    least = forms.FloatField(
        label="Score of at least",
        min_value=0.5,
        max_value=1.0,
        initial=USUAL,
        widget=forms.NumberInput(attrs={"step": "0.01", "class": "input input-s"}),
    )

    def least_or_usual(self) -> float:
        """What was asked for; the usual value when nothing fitting was."""
        return float(self.cleaned_data["least"]) if self.is_valid() else USUAL
