"""The upload of an extraction spreadsheet, and what its columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms

from extraction.schema.definition import FormDefinition
from extraction.sheets.grid import Grid
from extraction.sheets.mapping import (
    MATCH_WORDS,
    ROLE_WORDS,
    Match,
    SheetMapping,
    targets_of,
)
from screening.models import Membership

SAMPLES = 3


class SheetUploadForm(forms.Form):
    """One CSV or Excel file."""

    file = forms.FileField(
        label="Spreadsheet (.csv or .xlsx)",
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class SheetMappingForm(forms.Form):
    """One choice per column, and what holds for the whole sheet."""

    match = forms.ChoiceField(
        label="The study column holds",
        choices=[(one.value, words) for one, words in MATCH_WORDS.items()],
    )
    is_making_studies = forms.BooleanField(
        label="Make a new study where none is known (needs a column with titles)", required=False
    )
    extractor = forms.ModelChoiceField(
        label="Whose extraction the values are",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="Nobody chosen",
        help_text="They are marked as imported. A column of persons goes before this choice.",
    )
    page = forms.ChoiceField(label="Sheet of the workbook", required=False)

    def __init__(
        self,
        *args: Any,
        grid: Grid,
        form: FormDefinition,
        mapping: SheetMapping,
        people: Sequence[Membership],
        **kwargs: Any,
    ) -> None:
        """Make one field a column, filled with what is chosen or guessed."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._width = len(grid.header)
        self._set_up(grid, mapping, people)
        roles = [(one.value, words) for one, words in ROLE_WORDS.items()]
        targets = [
            (heading, [(str(target), words) for target, words in lines])
            for heading, lines in targets_of(form)
        ]
        units = {unit.key: unit.shown for group in form.groups for one in group.fields
                 for unit in one.units}  # fmt: skip
        for number in range(self._width):
            chosen = mapping.columns[number] if number < len(mapping.columns) else ""
            self.fields[f"column_{number}"] = forms.ChoiceField(
                choices=[*roles, *targets], required=False, initial=chosen
            )
            self.fields[f"unit_{number}"] = forms.ChoiceField(
                choices=[("", "No unit"), *units.items()],
                required=False,
                initial=mapping.units.get(chosen, ""),
            )
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input input-s"
        self.lines = [
            {
                "name": name or f"column {number + 1}",
                "samples": [row[number] for row in grid.rows if row[number]][:SAMPLES],
                "target": self[f"column_{number}"],
                "unit": self[f"unit_{number}"],
            }
            for number, name in enumerate(grid.header)
        ]

    def _set_up(self, grid: Grid, mapping: SheetMapping, people: Sequence[Membership]) -> None:
        extractor, page = self.fields["extractor"], self.fields["page"]
        assert isinstance(extractor, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(page, forms.ChoiceField)  # noqa: S101 - declared above
        keys = [one.pk for one in people]
        extractor.queryset = Membership.objects.filter(pk__in=keys).select_related("user")
        page.choices = [(name, name) for name in grid.sheets]
        if not grid.sheets:
            del self.fields["page"]
        else:
            page.initial = grid.sheet
        self.fields["match"].initial = mapping.match.value
        self.fields["is_making_studies"].initial = mapping.is_making_studies

    def mapping(self) -> SheetMapping:
        """What was chosen; ask `is_valid` first."""
        known = self.cleaned_data
        columns = tuple(known[f"column_{number}"] for number in range(self._width))
        units = {
            column: known[f"unit_{number}"]
            for number, column in enumerate(columns)
            if column and known[f"unit_{number}"]
        }
        return SheetMapping(columns, Match(known["match"]), units, known["is_making_studies"])
