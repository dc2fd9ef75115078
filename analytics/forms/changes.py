"""Two days to compare."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from analytics.selectors.days import moment_asked


class ChangesForm(forms.Form):
    """The end of an earlier day, and the end of a later one or now when it is left empty."""

    before = forms.DateField(label="From the end of")
    after = forms.DateField(required=False, label="to the end of")

    def clean_before(self) -> Any:
        """Refuse a day that has not come."""
        moment_asked(self.cleaned_data["before"])
        return self.cleaned_data["before"]

    def clean_after(self) -> Any:
        """Today where no day is given; refuse one that has not come."""
        day = self.cleaned_data["after"] or timezone.localdate()
        moment_asked(day)
        return day

    def clean(self) -> dict[str, Any]:
        """The first day comes before the second.

        Raises:
            ValidationError: It does not.
        """
        cleaned = super().clean() or {}
        before, after = cleaned.get("before"), cleaned.get("after")
        if before and after and before >= after:
            raise ValidationError("The first day must come before the second.")
        return cleaned

    @property
    def days(self) -> tuple[date, date] | None:
        """Both days, or nothing where they are wrong or not chosen yet."""
        if not self.is_valid():
            return None
        return self.cleaned_data["before"], self.cleaned_data["after"]
