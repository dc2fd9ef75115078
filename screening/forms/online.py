"""Forms of searches of outside databases and of look-ups there."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import ImportBatch, Review
from screening.online.completing import FIELDS
from screening.online.registry import DATABASES
from screening.services.online import MAX_QUERY


class SearchForm(StyledForm):
    """Which database, and the query in its own syntax."""

    database = forms.ChoiceField(
        label="Database", choices=[(one.name, one.label) for one in DATABASES]
    )
    query = forms.CharField(
        label="Search",
        strip=False,
        max_length=MAX_QUERY,
        widget=forms.Textarea(attrs={"rows": 6, "class": "input mono", "spellcheck": "false"}),
        help_text="In the database's own syntax; it is kept and sent exactly as you write it.",
    )


class CompletionForm(StyledForm):
    """What is looked up, and for which records."""

    fields_wanted = forms.MultipleChoiceField(
        label="What is looked up",
        choices=[(name, words.capitalize()) for name, words in FIELDS.items()],
        initial=["abstract"],
        widget=forms.CheckboxSelectMultiple,
    )
    batch = forms.ModelChoiceField(
        ImportBatch.objects.none(),
        label="Records of which import",
        required=False,
        empty_label="the whole review",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        """Offer the review's own imports."""
        super().__init__(*args, **kwargs)
        field = self.fields["batch"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = review.import_batches.order_by("-pk")
