"""The form of a number from before the import."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import DeclaredRemoval, Review, Source
from screening.services.declared import RemovalFacts

LARGEST = 2**31 - 1


class DeclareForm(StyledForm):
    """How many records of which source were removed before the import, how and when."""

    source = forms.ModelChoiceField(Source.objects.none(), label="Source", empty_label=None)
    kind = forms.ChoiceField(label="Removed as", choices=DeclaredRemoval.Kind.choices)
    count = forms.IntegerField(label="Number of records", min_value=1, max_value=LARGEST)
    removed_on = forms.DateField(
        label="Day of the removal",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label="How, and with which tool",
        max_length=500,
        help_text="For example: EndNote 21, Find Duplicates, by AM.",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        """Offer the review's sources that identified records."""
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        sources = Source.objects.filter(review=review).order_by("name")
        field.queryset = sources.exclude(kind=Source.Kind.PREVIOUS_VERSION)

    def facts(self) -> RemovalFacts:
        """What was entered."""
        names = ("kind", "count", "note", "removed_on")
        return RemovalFacts(**{name: self.cleaned_data[name] for name in names})
