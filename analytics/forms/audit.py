"""Which events of the trail to show."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from screening.models import AuditEvent, Membership, User
from screening.selectors.audit import AuditFilters

KINDS = (
    *(("review", "The review"), ("stage", "Settings of the stages"), ("member", "Members")),
    *(("invitation", "Invitations"), ("import", "Imports"), ("search", "Searches")),
    *(("record", "Records"), ("note", "Notes"), ("duplicate", "Duplicates")),
    *(("ruling", "Rulings"), ("report", "Reports"), ("full_text", "Full texts")),
    *(("study", "Studies"), ("extraction", "Extractions"), ("form", "Extraction form")),
    *(("reason", "Exclusion reasons"), ("criteria", "Criteria"), ("tag", "Tags")),
    *(("pilot", "Pilot rounds"), ("group", "Groups"), ("reporting", "Table 1")),
    *(("job", "Work"), ("records", "Exports"), ("webhook", "Webhooks"), ("audit", "The trail")),
)
_DATE = {"type": "date", "class": "input"}


class AuditForm(forms.Form):
    """Who, what, when, and about what."""

    who = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Anybody")
    what = forms.ChoiceField(required=False, choices=[("", "Anything"), *KINDS])
    since = forms.DateField(
        required=False, label="From", widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    until = forms.DateField(
        required=False, label="Until", widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    about = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """Offer the people who have done anything in the review."""
        super().__init__(*args, **kwargs)
        for name in ("who", "what"):
            self.fields[name].widget.attrs["class"] = "input"
        done = AuditEvent.objects.filter(review=membership.review_id, actor__isnull=False)
        people = User.objects.filter(pk__in=done.values("actor")).order_by("name")
        self.fields["who"].queryset = people  # type: ignore[attr-defined]

    def filters(self) -> AuditFilters:
        """What was chosen; the day of `until` is part of it."""
        chosen = self.cleaned_data
        return AuditFilters(
            actor=chosen["who"].pk if chosen.get("who") else None,
            action=chosen.get("what", ""),
            since=_start(chosen["since"]) if chosen.get("since") else None,
            before=_start(chosen["until"] + timedelta(days=1)) if chosen.get("until") else None,
        )


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
