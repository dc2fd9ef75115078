"""The form of a simulation."""

from typing import Any

from django import forms

from screening.ranking.rankers import MODEL_NAMES

MOST_SEEDS = 10


class SimulationForm(forms.Form):
    """What is replayed: whose labels, which models, how many choices of the known records."""

    models = forms.MultipleChoiceField(
        choices=list(MODEL_NAMES.items()),
        initial=["svm", "random"],
        widget=forms.CheckboxSelectMultiple,
        label="Models",
    )
    seeds = forms.IntegerField(
        min_value=1,
        max_value=MOST_SEEDS,
        initial=3,
        label="Seeds",
        help_text="Each seed begins with another known include and exclude.",
        widget=forms.NumberInput(attrs={"class": "input"}),
    )
    table = forms.FileField(
        required=False,
        label="A table of labelled records",
        help_text="CSV in UTF-8 with title, abstract and a label such as included (1 or 0). "
        "Without one, what this review has decided is replayed.",
        widget=forms.ClearableFileInput(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Labels end without a colon."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
