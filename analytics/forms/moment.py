"""A day to look back to."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone


class MomentForm(forms.Form):
    """The end of a day in the past, or now when it is left empty."""

    as_of = forms.DateField(required=False, label="As of")

    def clean_as_of(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["as_of"]
        if day and day > timezone.localdate():
            raise ValidationError("This day has not come yet: choose today or an earlier one.")
        return day

    @property
    def moment(self) -> datetime | None:
        """The first moment after the chosen day, or nothing for now."""
        day = self.cleaned_data.get("as_of") if self.is_valid() else None
        if day is None or day == timezone.localdate():
            return None
        return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)
