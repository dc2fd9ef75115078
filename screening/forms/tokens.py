"""The form that makes a token of the API."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import Review, User
from screening.permissions import open_reviews
from screening.rules.scopes import WORDS, Scope

LIVES = [(7, "A week"), (30, "30 days"), (90, "90 days"), (365, "A year")]


class TokenForm(StyledForm):
    """Name, scopes, life and review of a new token."""

    name = forms.CharField(
        max_length=80, help_text="What it is for, for example: nightly export of gains."
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, WORDS[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
        error_messages={"required": "Choose what the token is good for."},
    )
    days = forms.TypedChoiceField(label="Expires after", choices=LIVES, coerce=int, initial=90)
    review = forms.ModelChoiceField(
        Review.objects.none(), required=False, empty_label="All my reviews", label="Opens"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the person's reviews."""
        super().__init__(*args, **kwargs)
        field = self.fields["review"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = open_reviews(user).order_by("title")

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        values = dict(self.cleaned_data)
        return values | {"scopes": [Scope(value) for value in values["scopes"]]}
