"""Forms of the order by relevance: how it works, earlier decisions, the decision to stop."""

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.files import File

from screening.forms.base import StyledForm
from screening.models import Membership, StageSettings
from screening.permissions import open_memberships
from screening.ranking.reading import LabelledTable, read_labelled


class RankingForm(StyledForm):
    """In which order records are handed out, and what the order by relevance learns from."""

    order = forms.ChoiceField(label="Order", choices=StageSettings.Order.choices)
    ranking_mode = forms.ChoiceField(
        label="Learns from",
        choices=StageSettings.RankingMode.choices,
        help_text="While a stage is blinded, an order that learns from the team tells each "
        "reviewer what the others said: one verdict between two looks can be read off it. "
        "Choose the team's verdicts there only if you accept that; the choice is on record.",
    )
    exploration_percent = forms.IntegerField(
        label="Random records mixed in, in percent",
        min_value=0,
        max_value=100,
        help_text="0 keeps to the order. A few percent look at what the ranking would show last.",
    )
    known_reports = forms.CharField(
        required=False,
        max_length=20_000,
        label="Reports known to be relevant",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line: a DOI, a PubMed id, #record, or a title. With the review's question "
        "they order the records until there is an include and an exclude.",
    )


class StopForm(StyledForm):
    """Why the lead stops."""

    note = forms.CharField(
        label="Why you stop, with the target you aimed at",
        max_length=500,
        help_text="For example: protocol section 4, 95 % recall reached.",
    )


class PriorForm(StyledForm):
    """The earlier review whose final decisions the ranking learns from."""

    old_review = forms.ModelChoiceField(
        Membership.objects.none(),
        required=False,
        label="A review of yours in this app",
        empty_label="None of them",
    )
    table = forms.FileField(
        required=False,
        label="Or a table of labelled records",
        help_text="CSV in UTF-8 with title, abstract and a label such as included (1 or 0).",
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """Offer the reviews of which the person is an active member."""
        super().__init__(*args, **kwargs)
        mine = open_memberships(membership.user).select_related("review")
        field: Any = self.fields["old_review"]
        field.queryset = mine.exclude(pk=membership.pk).order_by("review__title")
        field.label_from_instance = lambda one: one.review.title

    def clean(self) -> dict[str, Any]:
        """One of the two, and a table that can be read."""
        given: dict[str, Any] = super().clean() or {}
        upload = given.get("table")
        if bool(upload) == bool(given.get("old_review")):
            raise forms.ValidationError("Choose a review or a table, one of the two.")
        if upload:
            given["labelled"] = read_upload(upload)
        return given


def read_upload(upload: "File[bytes]") -> LabelledTable:
    """Read an uploaded table of labelled records.

    Raises:
        ValidationError: It is no such table; the message says where.
    """
    with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            return read_labelled(Path(copy.name))
        except ValueError as error:
            raise forms.ValidationError(f"{upload.name}: {error}") from error
