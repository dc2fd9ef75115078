"""Forms of screening: a verdict, a settlement, an attempt, a file, labels, the list's filters."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import (
    Adjudication,
    ExclusionReason,
    ImportBatch,
    Membership,
    RetrievalAttempt,
    Source,
    Tag,
)
from screening.rules.consensus import Stage, Status, Verdict
from screening.selectors.origins import STANDING_WORDS, Standing
from screening.services.conflicts import Settlement
from screening.services.decisions import MAX_KEY, Answer
from screening.services.path import BY_ANSWERS

VERDICTS = [(verdict.value, verdict.value.title()) for verdict in Verdict]
RULINGS = [choice for choice in VERDICTS if choice[0] != Verdict.MAYBE.value]
KINDS = [
    (Adjudication.Kind.RULING.value, "Ruling"),
    (Adjudication.Kind.CONSENSUS.value, "Agreed by talking"),
]


class DecisionForm(forms.Form):
    """A verdict as the screening page sends it; `exclude_with` is a reason that excludes.

    The verdict `answers` is left to the answers of the question path, fields `answer-<id>`.
    """

    verdict = forms.ChoiceField(choices=[*VERDICTS, (BY_ANSWERS, "By answers")], required=False)
    reason = forms.IntegerField(required=False)
    exclude_with = forms.IntegerField(required=False)
    comment = forms.CharField(required=False, max_length=5000)
    seconds_spent = forms.IntegerField(required=False)
    client_key = forms.CharField(required=False, max_length=MAX_KEY)
    criteria = forms.IntegerField(required=False)  # the version that was shown

    def clean(self) -> dict[str, Any]:
        """A reason that was pressed is an exclusion; a chosen one counts only with one."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("exclude_with"):
            values |= {"verdict": Verdict.EXCLUDE.value, "reason": values["exclude_with"]}
        if not values.get("verdict"):
            raise forms.ValidationError("Choose include, maybe or exclude.")
        if values["verdict"] != Verdict.EXCLUDE:
            values["reason"] = None
        return values

    def answer(self) -> Answer:
        """What the service takes.

        Raises:
            ValidationError: A field does not fit.
        """
        if not self.is_valid():
            raise forms.ValidationError(
                [str(error) for errors in self.errors.values() for error in errors]
            )
        values = self.cleaned_data
        return Answer(
            verdict=values["verdict"],
            reason_id=values["reason"],
            comment=values["comment"],
            seconds_spent=values["seconds_spent"],
            client_key=values["client_key"],
            criteria=values["criteria"],
        )

    def answers(self) -> dict[int, str]:
        """The answers to the questions of the path, by the question's id."""
        start = "answer-"
        return {
            int(name.removeprefix(start)): str(self.data[name])
            for name in self.data
            if name.startswith(start) and name.removeprefix(start).isdecimal()
        }


class SettleForm(forms.Form):
    """How a conflict is settled."""

    verdict = forms.ChoiceField(
        choices=RULINGS, error_messages={"required": "Choose include or exclude."}
    )
    kind = forms.ChoiceField(choices=KINDS, required=False)
    reason = forms.IntegerField(required=False)
    rationale = forms.CharField(required=False, max_length=5000)

    def settlement(self) -> Settlement:
        """What the service takes."""
        values = self.cleaned_data
        is_exclusion = values["verdict"] == Verdict.EXCLUDE
        return Settlement(
            verdict=values["verdict"],
            kind=values["kind"] or Adjudication.Kind.RULING,
            reason_id=values["reason"] if is_exclusion else None,
            rationale=values["rationale"],
        )


class AttemptForm(StyledForm):
    """One attempt to get a report."""

    how = forms.CharField(label="How you tried", max_length=200)
    outcome = forms.ChoiceField(label="What came of it", choices=RetrievalAttempt.Outcome.choices)
    tried_on = forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Today, when left empty.",
        error_messages={"invalid": "Write the day as 2026-03-31."},
    )
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class FullTextForm(StyledForm):
    """A PDF to upload."""

    file = forms.FileField(
        label="PDF file",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"empty": "This file is empty. Choose the report's PDF file."},
        help_text="Checked by its content. A PDF that is there already stays and is replaced.",
    )


class NoteForm(forms.Form):
    """A note on a record."""

    body = forms.CharField(error_messages={"required": "Write the note first."})
    is_private = forms.BooleanField(required=False)


class TagForm(forms.Form):
    """A tag to put on a record."""

    label = forms.CharField(max_length=80, error_messages={"required": "Write the tag's name."})


class RecordsForm(StyledForm):
    """The filters of the list of records."""

    words = forms.CharField(
        label="Words",
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"placeholder": "Words, number or DOI", "data-key": "/", "type": "search"}
        ),
    )
    stage = forms.ChoiceField(
        label="Stage",
        required=False,
        choices=[
            ("", "All records"),
            (Stage.TITLE_ABSTRACT.value, "Title & abstract"),
            (Stage.FULL_TEXT.value, "Full text"),
        ],
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any status"), *((s.value, s.value.title()) for s in Status)],
    )
    source = forms.ModelChoiceField(Source.objects.none(), label="Source", required=False)
    tag = forms.ModelChoiceField(Tag.objects.none(), label="My tag", required=False)
    reason = forms.ModelChoiceField(
        ExclusionReason.objects.none(),
        label="Excluded at full text for",
        empty_label="Any full-text reason",
        required=False,
    )
    batch = forms.ModelChoiceField(
        ImportBatch.objects.none(), required=False, widget=forms.HiddenInput
    )
    standing = forms.ChoiceField(
        required=False,
        choices=[("", ""), *((s.value, words) for s, words in STANDING_WORDS.items())],
        widget=forms.HiddenInput,
    )
    found_in = forms.ModelMultipleChoiceField(
        Source.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """Offer the review's sources, files and tags."""
        super().__init__(*args, **kwargs)
        review = membership.review_id
        for name, rows in (
            ("batch", ImportBatch.objects.filter(review=review).select_related("source")),
            ("found_in", Source.objects.filter(review=review)),
            ("reason", ExclusionReason.objects.filter(review=review)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = rows
        sources, tags = self.fields["source"], self.fields["tag"]
        if isinstance(sources, forms.ModelChoiceField) and isinstance(tags, forms.ModelChoiceField):
            sources.queryset = Source.objects.filter(review=review).order_by("name")
            sources.empty_label = "Any source"
            tags.queryset = Tag.objects.filter(review=review)
            tags.empty_label = "Any tag"

    def narrowed_to(self) -> list[str]:
        """What the fields that are not shown narrow the list to, in words."""
        values = self.cleaned_data
        words = []
        if batch := values.get("batch"):
            words.append(f"of the file {batch.original_name} from {batch.source.name}")
        if standing := values.get("standing"):
            words.append(STANDING_WORDS[Standing(standing)])
        if found_in := values.get("found_in"):
            words.append("found in " + " and in ".join(source.name for source in found_in))
        return words
