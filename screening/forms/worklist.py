"""The filters of the list view, and the ticked records that are decided together."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.models import Membership, Source, Tag
from screening.selectors.worklist import State, Wanted
from screening.selectors.worklist_ways import Sort

STATES = [
    (State.TODO.value, "To decide"),
    (State.DECIDED.value, "Decided by me"),
    (State.INCLUDE.value, "My includes"),
    (State.MAYBE.value, "My maybes"),
    (State.EXCLUDE.value, "My excludes"),
    (State.ALL.value, "All of mine"),
]
SORTS = [
    (Sort.QUEUE.value, "In the queue's order"),
    (Sort.NEWEST.value, "Newest first"),
    (Sort.OLDEST.value, "Oldest first"),
    (Sort.TITLE.value, "By title"),
    (Sort.LATEST.value, "My latest verdict first"),
]


def _year(label: str, hint: str) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"placeholder": hint, "inputmode": "numeric", "size": 6})
    wrong = "Write the year with four digits, for example 2021."
    return forms.IntegerField(
        label=label,
        widget=widget,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        min_value=1000,
        max_value=2999,
        required=False,
    )


class WorkListForm(StyledForm):
    """What the list is narrowed to; without any, everything that waits for the person."""

    words = forms.CharField(
        label="Words",
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"placeholder": "Words, author or DOI", "data-key": "/", "type": "search"}
        ),
    )
    state = forms.ChoiceField(label="My state", required=False, choices=STATES)
    source = forms.ModelChoiceField(
        Source.objects.none(), label="Source", required=False, empty_label="Any source"
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(), label="My tag", required=False, empty_label="Any tag"
    )
    year_from = _year("From year", "From")
    year_to = _year("To year", "To")
    sort = forms.ChoiceField(label="Sort", required=False, choices=SORTS)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """Offer the review's sources and tags."""
        super().__init__(*args, **kwargs)
        review = membership.review_id
        rows = {
            "source": Source.objects.filter(review=review).order_by("name"),
            "tag": Tag.objects.filter(review=review),
        }
        for name, found in rows.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = found

    def wanted(self) -> Wanted:
        """The filters that fit; one that does not is told beside its field and not used."""
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        source, tag = values.get("source"), values.get("tag")
        return Wanted(
            state=State(values.get("state") or State.TODO),
            sort=Sort(values.get("sort") or Sort.QUEUE),
            words=values.get("words", ""),
            source=source.pk if source else None,
            tag=tag.pk if tag else None,
            year_from=values.get("year_from"),
            year_to=values.get("year_to"),
        )
