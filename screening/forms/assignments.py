"""Forms of assigning records."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import Membership, Source, StageSettings, Tag
from screening.services.assignments import Batch


def _people(membership: Membership) -> Any:
    people = Membership.objects.active().filter(review=membership.review_id, is_screener=True)
    return people.select_related("user").order_by("user__name")


class BatchForm(StyledForm):
    """A named set of records, and who screens it."""

    name = forms.CharField(max_length=120, label="Name of the batch")
    source = forms.ModelChoiceField(
        queryset=Source.objects.none(), required=False, empty_label="Any source"
    )
    tag = forms.ModelChoiceField(
        queryset=Tag.objects.none(),
        required=False,
        empty_label="Any tag",
        help_text="Records that you have tagged with it.",
    )
    size = forms.IntegerField(
        required=False,
        min_value=1,
        label="How many",
        help_text="At random among those that fit; all of them when empty.",
        widget=forms.NumberInput(attrs={"class": "input input-s"}),
    )
    is_rest = forms.BooleanField(
        required=False, initial=True, label="Only records that are assigned to nobody"
    )
    members = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(),
        label="Who screens it",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person."},
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """Offer the review's screeners, sources and tags."""
        super().__init__(*args, **kwargs)
        review = membership.review_id
        offered: dict[str, Any] = {
            "source": Source.objects.filter(review=review).order_by("name"),
            "tag": Tag.objects.filter(review=review),
            "members": _people(membership),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # model choice fields

    @property
    def batch(self) -> Batch:
        """What the service takes; ask `is_valid` first."""
        values = self.cleaned_data
        names = ("name", "source", "tag", "size", "is_rest")
        return Batch(**{name: values[name] for name in names})


class SharesForm(StyledForm):
    """Percents by person."""

    name = forms.CharField(max_length=120, label="Name", initial="Share")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """One number for each screener."""
        super().__init__(*args, **kwargs)
        self.people = {f"share-{one.pk}": one for one in _people(membership)}
        for name, person in self.people.items():
            self.fields[name] = forms.IntegerField(
                label=f"{person}, percent",
                required=False,
                min_value=0,
                max_value=100,
                widget=forms.NumberInput(attrs={"class": "input input-s"}),
            )

    @property
    def share_fields(self) -> list[Any]:
        """The numbers, one a person."""
        return [self[name] for name in self.people]

    @property
    def shares(self) -> dict[Membership, int]:
        """Who gets how much; those with nothing are left out."""
        given = {person: self.cleaned_data[name] or 0 for name, person in self.people.items()}
        return {person: share for person, share in given.items() if share}


class AssigningForm(StyledForm):
    """How far the queue heeds assignments."""

    mode = forms.ChoiceField(
        choices=StageSettings.Assigning.choices, label="How records are handed out"
    )


class ReassignForm(forms.Form):
    """Who takes over what is left."""

    to = forms.ModelChoiceField(
        queryset=Membership.objects.none(),
        error_messages={"required": "Choose who takes it over."},
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """Offer the review's screeners."""
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = _people(membership)  # type: ignore[attr-defined]  # a ModelChoiceField
