"""Cells, evidence, rows and rulings as the pages send them."""

from typing import Any

from django import forms
from django.http import QueryDict

from extraction.models import ConsensusValue
from extraction.models.values import Location
from extraction.services.reconciling import Ruling
from extraction.services.values import Evidence
from screening.models import FullText

MAX_VALUE = 12_000


class PlaceForm(forms.Form):
    """Which cell, and which value of it the window showed."""

    field = forms.CharField(max_length=60)
    row = forms.IntegerField(required=False)
    expected = forms.IntegerField(required=False)


class CellForm(PlaceForm):
    """One cell as entered."""

    unit = forms.CharField(max_length=20, required=False)

    def entered(self) -> str | list[str]:
        """The entry: one text, or several where the control sends a list."""
        sent = self.data.getlist("value") if isinstance(self.data, QueryDict) else []
        values = [str(value)[:MAX_VALUE] for value in sent]
        if "is_list" not in self.data:
            return values[0] if values else ""
        others = str(self.data.get("other", ""))[:MAX_VALUE]
        return [*values, *(word.strip() for word in others.split(";") if word.strip())]


class RectanglesField(forms.JSONField):
    """A list of [x0, y0, x1, y1]."""

    def clean(self, value: Any) -> tuple[tuple[float, ...], ...]:
        """Give tuples of numbers.

        Raises:
            ValidationError: It is another shape.
        """
        found = super().clean(value) or []
        try:
            return tuple(tuple(float(side) for side in one) for one in found)
        except (TypeError, ValueError) as error:
            raise forms.ValidationError("The rectangles are no list of four numbers.") from error


class EvidenceForm(PlaceForm):
    """A passage that proves a cell."""

    page = forms.IntegerField(required=False, min_value=1)
    quote = forms.CharField(required=False)
    location = forms.ChoiceField(required=False, choices=[("", "Where"), *Location.choices])
    rectangles = RectanglesField(required=False)
    full_text = forms.IntegerField(required=False)

    def evidence(self, full_text: FullText | None) -> Evidence:
        """The passage for the service."""
        return Evidence(
            page=self.cleaned_data["page"],
            quote=self.cleaned_data["quote"],
            location=self.cleaned_data["location"],
            rectangles=self.cleaned_data["rectangles"],
            full_text=full_text,
        )


class RulingForm(PlaceForm):
    """What a reconciler decides on one cell."""

    side = forms.ChoiceField(choices=ConsensusValue.Side.choices)
    value = forms.CharField(required=False)
    unit = forms.CharField(max_length=20, required=False)
    rationale = forms.CharField(required=False)
    quote = forms.CharField(required=False)
    page = forms.IntegerField(required=False, min_value=1)
    location = forms.ChoiceField(required=False, choices=[("", "Where"), *Location.choices])
    full_text = forms.IntegerField(required=False)

    def ruling(self, full_text: FullText | None = None) -> Ruling:
        """The ruling for the service; the report counts only with a page of it."""
        known = self.cleaned_data
        has_evidence = bool(known["quote"] or known["page"])
        return Ruling(
            side=known["side"],
            raw=known["value"],
            unit=known["unit"],
            rationale=known["rationale"],
            evidence=self.evidence(full_text) if has_evidence else None,
        )

    def evidence(self, full_text: FullText | None = None) -> Evidence:
        """The place that was given; the report counts only with a page of it."""
        known = self.cleaned_data
        return Evidence(
            page=known["page"],
            quote=known["quote"],
            location=known["location"],
            full_text=full_text if known["page"] else None,
        )


class StudyForm(forms.Form):
    """What a study says of itself."""

    title = forms.CharField(max_length=2000)
    first_author = forms.CharField(max_length=200, required=False)
    year = forms.IntegerField(required=False, min_value=1800, max_value=2200)
    label = forms.CharField(max_length=200, required=False)


class DefinitionForm(forms.Form):
    """A form to begin with: one of the templates, the one in force, or a JSON file."""

    template = forms.CharField(max_length=60, required=False)
    file = forms.FileField(required=False)
