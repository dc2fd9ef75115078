"""The reporting policy, the layout of Table 1, and choices by hand as the pages send them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from analytics.tables.layout import ChosenColumn, Layout
from extraction.schema.comparison import (
    ComparatorClass,
    FractionChoice,
    ModelChoice,
    ReportingPolicy,
    TaskChoice,
)
from extraction.schema.metrics import METRICS, metric_of

MODELS = [
    (ModelChoice.BEST_AVERAGE.value, "The model with the best average"),
    (ModelChoice.HIGHEST.value, "The model with the highest value"),
]
TASKS = [
    (TaskChoice.TITLE_THEN_HIGHEST.value, "The task that the title names, else the highest value"),
    (TaskChoice.HIGHEST.value, "The task with the highest value"),
]
FRACTIONS = [
    (FractionChoice.LOWEST_AND_HIGHEST.value, "The highest and the lowest"),
    (FractionChoice.HIGHEST.value, "Only the highest"),
]
_NOT_A_KEY = re.compile(r"[^a-z0-9]+")


class Lines(forms.CharField):
    """Several texts, one a line; empty lines are dropped."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Show a list one a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Give the texts."""
        text = str(super().clean(value) or "").replace("\r", "")
        return tuple(line.strip() for line in text.split("\n") if line.strip())


class _Styled(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "input")


class PolicyForm(_Styled):
    """The rules that choose one experiment per study."""

    metric_priority = Lines(
        label="Metrics, first choice first",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One a line. A metric that is not listed is taken when a study has no other.",
    )
    evaluation_preference = Lines(
        label="Who evaluated, first choice first",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, in the words of the extraction form.",
    )
    model_choice = forms.ChoiceField(label="Of several models", choices=MODELS)
    task_choice = forms.ChoiceField(label="Of several tasks", choices=TASKS)
    fraction_choice = forms.ChoiceField(label="Of several amounts of labels", choices=FRACTIONS)
    allow_other_architecture = forms.BooleanField(
        label="A comparator of another class than the first may be used", required=False
    )
    source = forms.CharField(label="Where these rules are written", required=False, max_length=500)

    def clean_metric_priority(self) -> tuple[str, ...]:
        """Names of the catalogue, also by their other names."""
        found = []
        for name in self.cleaned_data["metric_priority"]:
            metric = metric_of(name)
            if metric is None:
                known = ", ".join(one.key for one in METRICS)
                raise ValidationError(f"“{name}” is no metric known here. Known are: {known}.")
            found.append(metric.key)
        if len(set(found)) != len(found):
            raise ValidationError("A metric is listed twice.")
        return tuple(found)


class ComparatorForm(_Styled):
    """One class of comparators."""

    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    label = forms.CharField(label="Class", required=False, max_length=200)
    words = forms.CharField(
        label="Recognised by one of these words", required=False, max_length=1000
    )
    usable = forms.BooleanField(label="Is a supervised baseline", required=False)
    rank = forms.IntegerField(label="Preferred", required=False, min_value=1, max_value=99)

    def clean(self) -> dict[str, Any]:
        """A class has a name and words, or is left empty."""
        cleaned: dict[str, Any] = super().clean() or {}
        words = [one.strip() for one in str(cleaned.get("words") or "").split(",") if one.strip()]
        if bool(cleaned.get("label")) != bool(words):
            raise ValidationError("A class needs a name and at least one word, or neither.")
        cleaned["words"] = tuple(words)
        return cleaned

    @property
    def comparator(self) -> ComparatorClass | None:
        """The class; None where the line is empty."""
        known = self.cleaned_data
        if not known.get("label"):
            return None
        key = known["key"] or _NOT_A_KEY.sub("_", known["label"].casefold()).strip("_")
        return ComparatorClass(key, known["label"], known["words"], known["usable"])


ComparatorForms = forms.formset_factory(ComparatorForm, extra=2)


def policy_initial(policy: ReportingPolicy) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the form and the lines of comparators show for a policy."""
    ranks = {key: rank for rank, key in enumerate(policy.comparator_preference, start=1)}
    names = ("metric_priority", "evaluation_preference", "source", "allow_other_architecture")
    fields = {name: getattr(policy, name) for name in names}
    for name in ("model_choice", "task_choice", "fraction_choice"):
        fields[name] = getattr(policy, name).value
    comparators = [
        {
            "key": one.key,
            "label": one.label,
            "words": ", ".join(one.words),
            "usable": one.usable,
            "rank": ranks.get(one.key),
        }
        for one in policy.comparators
    ]
    return fields, comparators


def policy_from(form: PolicyForm, comparators: Any) -> ReportingPolicy:
    """The policy out of valid forms."""
    known = form.cleaned_data
    ranked = []
    classes = []
    for place, line in enumerate(comparators.forms):
        found = line.comparator
        if found is not None:
            classes.append(found)
            if line.cleaned_data["rank"]:
                ranked.append((line.cleaned_data["rank"], place, found.key))
    return ReportingPolicy(
        source=known["source"],
        metric_priority=known["metric_priority"],
        model_choice=ModelChoice(known["model_choice"]),
        task_choice=TaskChoice(known["task_choice"]),
        comparators=tuple(classes),
        comparator_preference=tuple(key for _, _, key in sorted(ranked)),
        fraction_choice=FractionChoice(known["fraction_choice"]),
        evaluation_preference=known["evaluation_preference"],
        allow_other_architecture=known["allow_other_architecture"],
    )


class ColumnForm(_Styled):
    """One column that may be chosen."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    is_shown = forms.BooleanField(label="Show", required=False)
    place = forms.IntegerField(label="Place", required=False, min_value=1, max_value=999)
    label = forms.CharField(label="Name", required=False, max_length=120)


ColumnForms = forms.formset_factory(ColumnForm, extra=0)


class LayoutForm(_Styled):
    """Groups and footnotes of Table 1."""

    group_by = forms.ChoiceField(label="Group the rows by", required=False)
    note_fields = forms.MultipleChoiceField(
        label="Answers that stand as footnotes at the value",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        groups: list[tuple[str, str]],
        fields: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """Offer the review's categories and the fields of its experiments."""
        super().__init__(*args, **kwargs)
        for name, choices in (("group_by", groups), ("note_fields", fields)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = choices


def layout_from(form: LayoutForm, columns: Any, labels: dict[str, str]) -> Layout:
    """The layout out of valid forms.

    Args:
        form: Groups and footnotes.
        columns: Formset of `ColumnForm`.
        labels: Every column's own name by key; a name that equals it is no new name.

    Raises:
        ValidationError: No column is chosen.
    """
    chosen = [line for line in columns.forms if line.cleaned_data["is_shown"]]
    if not chosen:
        raise ValidationError("Choose at least one column.")
    ordered = [line.cleaned_data for line in sorted(chosen, key=_place)]
    return Layout(
        columns=tuple(
            ChosenColumn(one["key"], "" if one["label"] == labels.get(one["key"]) else one["label"])
            for one in ordered
        ),
        group_by=form.cleaned_data["group_by"],
        note_fields=tuple(form.cleaned_data["note_fields"]),
    )


def _place(line: Any) -> tuple[bool, int, int]:
    """Where a column stands; one that was moved to a taken place gets it, the others make way."""
    place, before = line.cleaned_data["place"], line.initial.get("place")
    if place is None:
        return True, 0, 0
    if place == before:
        return False, place, 0
    return False, place, 1 if before and before < place else -1


class ChoiceForm(_Styled):
    """Which experiments stand for a study, and why."""

    full = forms.CharField(required=False, max_length=32)
    subset = forms.CharField(required=False, max_length=32)
    rationale = forms.CharField(
        label="Why these",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason: it stands under Table 1."},
    )


class FootnoteForm(_Styled):
    """A footnote and the column it stands at."""

    text = forms.CharField(
        label="Footnote", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    column = forms.ChoiceField(label="Stands at", required=False)

    def __init__(self, *args: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the columns."""
        super().__init__(*args, **kwargs)
        field = self.fields["column"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = columns
