"""What the agreement is narrowed to: period, round and exclusion reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from analytics.selectors.agreement import EACH
from analytics.selectors.alone import Narrowing, rounds_of
from screening.models import ExclusionReason, Review
from screening.rules.consensus import Stage


def _date(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "input input-s"}, format="%Y-%m-%d")
    return forms.DateField(required=False, label=label, widget=widget)


def round_name(number: int) -> str:
    """A round in words; verdicts that a pilot round entered carry 0."""
    return f"Round {number}" if number else "Pilot rounds that count"


class AgreementForm(forms.Form):
    """Filters of the agreement page; everything may be left empty."""

    since = _date("From")
    until = _date("To")
    round = forms.TypedChoiceField(required=False, label="Round", coerce=int, empty_value=None)
    reason = forms.ChoiceField(required=False, label="Compare")

    def __init__(self, *args: Any, review: Review, stage: Stage, **kwargs: Any) -> None:
        """Offer the rounds and reasons of the review."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        rounds = [(str(number), round_name(number)) for number in rounds_of(review, stage)]
        reasons = ExclusionReason.objects.filter(review=review)
        choices = {
            "round": [("", "All rounds"), *rounds],
            "reason": [
                ("", "Verdicts"),
                (EACH, "Reasons, where both excluded"),
                *((str(one.pk), f"Excluded for: {one.label}") for one in reasons),
            ],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = offered
            field.widget.attrs["class"] = "input input-s"

    def clean(self) -> dict[str, Any]:
        """A period begins before it ends."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise ValidationError("The period ends before it begins: change one of its days.")
        return cleaned

    @property
    def narrowing(self) -> Narrowing:
        """The chosen period and round; ask `is_valid` first."""
        cleaned = self.cleaned_data
        return Narrowing(cleaned["since"], cleaned["until"], cleaned["round"])

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen."""
        return any(self.cleaned_data.get(name) for name in self.fields)
