"""A day to look back to."""

from datetime import date, datetime
from typing import Any

from django import forms

from analytics.selectors.days import end_of, moment_asked


class MomentForm(forms.Form):
    """The end of a day in the past, or now when it is left empty."""

    as_of = forms.DateField(required=False, label="As of")

    def clean_as_of(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["as_of"]
        moment_asked(day)
        return day

    @property
    def moment(self) -> datetime | None:
        """The first moment after the chosen day, or nothing for now."""
        return end_of(self.cleaned_data.get("as_of") if self.is_valid() else None)

    @property
    def day(self) -> date | None:
        """The chosen day where it is a past one."""
        return None if self.moment is None else self.cleaned_data["as_of"]

    @property
    def query(self) -> str:
        """The chosen day as the query of an address, `?as_of=...`, empty for now."""
        return "" if self.day is None else f"?as_of={self.day.isoformat()}"

    @property
    def joined_query(self) -> str:
        """The same behind other parameters of an address, `&as_of=...`."""
        return self.query.replace("?", "&")
