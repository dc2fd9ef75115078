"""Forms of a pilot round and of the criteria."""

import re
from typing import Any

from django import forms

from screening.forms.base import LinesField, StyledForm
from screening.services.pilots import MOST, PilotPlan

MAX_DIGITS = 15


class PilotForm(StyledForm):
    """What a pilot is to be."""

    size = forms.IntegerField(
        label="How many records",
        initial=20,
        required=False,
        min_value=1,
        max_value=MOST,
        help_text="Drawn at random from those nobody has decided on. 20 to 50 are usual.",
        widget=forms.NumberInput(attrs={"class": "input input-s"}),
    )
    chosen = forms.CharField(
        label="Or these records",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
        help_text="Numbers of records, with spaces or commas between. They are taken instead.",
    )
    is_counted = forms.BooleanField(
        required=False, label="The verdicts count: they go on into the main round"
    )
    is_held = forms.BooleanField(
        required=False, initial=True, label="The main round waits until I open it"
    )

    def clean_chosen(self) -> list[int]:
        """The numbers that were typed."""
        words = re.findall(r"[^\s,;]+", self.cleaned_data["chosen"])
        numbers = [word.removeprefix("#") for word in words]
        odd = [
            word
            for word, number in zip(words, numbers, strict=True)
            if not number.isdecimal() or len(number) > MAX_DIGITS
        ]
        if odd:
            raise forms.ValidationError(f"{odd[0]!r} is no number of a record.")
        return [int(number) for number in numbers]

    def clean(self) -> dict[str, Any]:
        """Either a number to draw or the records themselves."""
        values: dict[str, Any] = super().clean() or {}
        is_typed = bool(values.get("chosen")) or "chosen" in self.errors or "size" in self.errors
        if not values.get("size") and not is_typed:
            self.add_error("size", "Say how many records are drawn, or which ones are taken.")
        return values

    @property
    def plan(self) -> PilotPlan:
        """What the service takes; ask `is_valid` first."""
        values = self.cleaned_data
        return PilotPlan(
            size=values["size"] or 0,
            chosen=values["chosen"],
            is_counted=values["is_counted"],
            is_held=values["is_held"],
        )


class CriteriaForm(StyledForm):
    """The criteria, and why they change."""

    criteria = LinesField(
        required=False,
        label="Include when all hold",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One criterion a line. They stay beside every record while people screen.",
    )
    note = forms.CharField(
        required=False,
        label="Why they change",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
