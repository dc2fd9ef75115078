"""Forms of a review's settings."""

from typing import Any

from django import forms

from screening.forms.base import LinesField, StyledForm
from screening.models import HighlightTerm, MemberGroup, Membership, Review, StageSettings
from screening.rules.patterns import bounded, is_expression


class TextsForm(StyledForm):
    """Texts of the review."""

    title = forms.CharField(max_length=300)
    question = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    inclusion_criteria = LinesField(
        required=False,
        label="Include when all hold",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One criterion a line. They stay beside every record while people screen.",
    )
    criteria_note = forms.CharField(
        required=False,
        label="Why the criteria change",
        max_length=2000,
        help_text="Kept with the new version of the criteria.",
    )
    protocol = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    registration = forms.CharField(required=False, max_length=200)
    source_note = forms.CharField(
        required=False,
        label="Note on the sources",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Shown beside the sources and the PRISMA flow.",
    )
    is_detection_automatic = forms.BooleanField(
        required=False, label="Look for duplicates by itself after each import"
    )
    second_factor_of = forms.ChoiceField(
        choices=Review.SecondFactorOf.choices,
        required=False,
        label="Second factor",
        help_text="Who has none sets one up on the account page before the review opens.",
    )

    def clean_second_factor_of(self) -> str:
        """What is not sent stays as it is."""
        return str(self.cleaned_data["second_factor_of"] or self.initial["second_factor_of"])


class StageForm(StyledForm):
    """How one stage is screened."""

    verdicts_needed = forms.TypedChoiceField(
        choices=[(1, "1 verdict"), (2, "2 verdicts"), (3, "3 verdicts")],
        coerce=int,
        label="Verdicts needed per record",
    )
    required_group = forms.ModelChoiceField(
        queryset=MemberGroup.objects.none(),
        required=False,
        label="One verdict has to be of a member of",
        empty_label="No group in particular",
        help_text="The last place of each record is kept for the group until one of it has "
        "decided.",
    )
    order = forms.ChoiceField(choices=StageSettings.Order.choices)
    is_blinded = forms.BooleanField(
        required=False, label="Blinded: nobody sees the others' verdicts before deciding"
    )
    is_maybe_allowed = forms.BooleanField(required=False, label="Maybe may be chosen")
    maybe_means = forms.ChoiceField(
        choices=StageSettings.Maybe.choices, label="What a maybe amounts to"
    )
    is_reason_required = forms.BooleanField(
        required=False, label="An exclusion needs one of the reasons"
    )
    has_question_path = forms.BooleanField(
        required=False, label="The criteria are asked as a path of questions"
    )
    is_together_allowed = forms.BooleanField(
        required=False, label="Ticked records of the list may be decided together"
    )
    is_own_ruling_barred = forms.BooleanField(
        required=False, label="An adjudicator may not rule on what they decided"
    )
    settlers = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(),
        required=False,
        label="Who settles conflicts",
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody ticked means every adjudicator.",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        """Offer the adjudicators and the groups of the review."""
        super().__init__(*args, **kwargs)
        groups = self.fields["required_group"]
        groups.queryset = review.member_groups.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        members = review.memberships.active().filter(is_adjudicator=True)
        people = self.fields["settlers"]
        people.queryset = members.select_related("user").order_by("user__name")  # type: ignore[attr-defined]  # a ModelMultipleChoiceField


class HighlightsForm(StyledForm):
    """The three lists of highlighted words."""

    include = LinesField(required=False, label=HighlightTerm.List.INCLUDE.label)
    exclude = LinesField(required=False, label=HighlightTerm.List.EXCLUDE.label)
    neutral = LinesField(
        required=False,
        label=HighlightTerm.List.NEUTRAL.label,
        help_text="One word or phrase a line; * stands for any letters, ? for one. A regular "
        "expression stands between slashes: /self.?supervis(ed|ion)/",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what is too long or no expression, and say on which line it stands."""
        values: dict[str, Any] = super().clean() or {}
        for name, lines in list(values.items()):
            for number, line in enumerate(lines, start=1):
                fault = _fault_of(line)
                if fault:
                    self.add_error(name, f"Line {number}, “{line[:40]}”: {fault}.")
                    break
        return values


def _fault_of(pattern: str) -> str:
    """What is wrong with a pattern, or empty."""
    longest = 120
    if len(pattern) > longest:
        return f"{len(pattern)} characters; {longest} are the most"
    try:
        bounded(pattern[1:-1] if is_expression(pattern) else "x")
    except ValueError as error:
        return str(error)
    return ""
