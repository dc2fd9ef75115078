"""Forms of the lead: who works on what, and how the review extracts."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from extraction.models import Assignment, ExtractionSettings, Study
from extraction.selectors.assignments import people_for
from extraction.selectors.states import StudyState, with_state
from screening.models import Membership, Review

MAX_STUDIES = 100_000


class ShareForm(forms.Form):
    """Which studies go to which people."""

    task = forms.ChoiceField(choices=Assignment.Task.choices, label="To do")
    seats = forms.TypedChoiceField(
        choices=[(1, "1 person"), (2, "2 people")], coerce=int, label="For each study", initial=2
    )
    state = forms.MultipleChoiceField(
        choices=[(one.key, one.value) for one in StudyState if one is not StudyState.FINAL],
        label="Studies that are",
        widget=forms.CheckboxSelectMultiple,
        initial=[StudyState.NEW.key, StudyState.EXTRACTING.key],
    )
    words = forms.CharField(
        required=False, max_length=200, label="With these words in author or title"
    )
    at_most = forms.IntegerField(
        required=False, min_value=1, max_value=MAX_STUDIES, label="At most so many studies"
    )
    members = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(), label="People", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        """Offer those who may do one of the tasks."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name in ("task", "seats", "words", "at_most"):
            self.fields[name].widget.attrs["class"] = "input"
        self.review = review
        able = {one.pk for task in Assignment.Task.values for one in people_for(review, task)}
        field = self.fields["members"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            people = Membership.objects.filter(pk__in=able).select_related("user")
            field.queryset = people.order_by("user__name", "pk")

    def clean(self) -> dict[str, Any]:
        """Name those who may not do the task."""
        known = super().clean() or {}
        able = people_for(self.review, known["task"]) if "task" in known else []
        unable = [str(one) for one in known.get("members", []) if one not in able]
        if unable and "task" in known:
            what = Assignment.Task(known["task"]).label.lower()
            self.add_error("members", f"{', '.join(unable)} may not {what} in this review.")
        return known

    def studies(self) -> list[Study]:
        """The studies that were asked for, by author and year."""
        asked = self.cleaned_data
        found = with_state(Study.objects.standing().filter(review=self.review))
        found = with_words(found.filter(state__in=asked["state"]), asked["words"])
        return list(found.order_by("first_author", "year", "pk")[: asked["at_most"]])


class SettingsForm(forms.Form):
    """How the review extracts and reconciles."""

    mode = forms.ChoiceField(
        choices=ExtractionSettings.Mode.choices,
        label="How many read each study",
        widget=forms.RadioSelect,
        help_text="What is begun goes on as it began. Nobody verifies their own values.",
    )
    is_extraction_blinded = forms.BooleanField(
        required=False,
        label="Extractors do not see each other’s values before both have submitted",
    )
    is_reconciliation_blinded = forms.BooleanField(
        required=False,
        label="Reconciling is blinded",
        help_text="The two extractions are called A and B, drawn by lot for each study. Names are "
        "shown when the study is final. Who extracted a study does not settle it.",
    )
    is_assigned_only = forms.BooleanField(
        required=False, label="Only people who are named for a study extract it"
    )
    evidence_needed = forms.ChoiceField(
        choices=ExtractionSettings.Evidence.choices,
        label="Answers that need page and quote before a study can be final",
        widget=forms.RadioSelect,
        help_text="A rectangle drawn on the page counts where there are no words to quote.",
    )


def settings_values(review: Review, stored: ExtractionSettings) -> dict[str, object]:
    """The choices as they are, by the names of the form."""
    return {
        name: getattr(review if name == "is_extraction_blinded" else stored, name)
        for name in SettingsForm.base_fields
    }


def with_words(studies: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Studies with all these words in first author, title or label."""
    for word in words.split():
        studies = studies.filter(
            Q(first_author__icontains=word) | Q(title__icontains=word) | Q(label__icontains=word)
        )
    return studies
