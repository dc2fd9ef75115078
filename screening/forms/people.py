"""Forms about people: invitations, roles, accounts."""

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from screening.forms.base import StyledForm
from screening.forms.sign_in import password_rules
from screening.models import Membership, User
from screening.permissions import open_memberships
from screening.rules.roles import Role

ROLE_CHOICES = [
    (Role.LEAD.value, "Lead: sets the review up"),
    (Role.SCREENER.value, "Screener: decides on records and reports"),
    (Role.EXTRACTOR.value, "Extractor: reads values out of reports"),
    (Role.ADJUDICATOR.value, "Adjudicator: settles disagreements"),
    (Role.OBSERVER.value, "Observer: reads"),
]


class RolesForm(StyledForm):
    """Which roles somebody holds."""

    roles = forms.MultipleChoiceField(
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )

    def chosen_roles(self) -> list[Role]:
        """The roles as such."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class InvitationForm(RolesForm):
    """An invitation by link."""

    email = forms.EmailField(
        required=False, help_text="If given, only the person with this email can use the link."
    )
    field_order = ("email", "roles")


class NewAccountForm(StyledForm):
    """An account for the holder of an invitation."""

    name = forms.CharField(max_length=150, help_text="As the team knows you.")
    email = forms.EmailField()
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy(password_rules, str)(),
    )

    def clean(self) -> dict[str, object]:
        """Hold the password against the rules."""
        cleaned: dict[str, object] = super().clean() or {}
        password = self.cleaned_data.get("password")
        if password:
            person = User(
                name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", "")
            )
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ReviewForm(StyledForm):
    """A new review."""

    title = forms.CharField(max_length=300)
    question = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the review asks; it stands beside the criteria.",
    )
    template = forms.ChoiceField(
        required=False,
        label="Set up like",
        help_text=(
            "Takes over settings, criteria, reasons, questions, tags, highlighted words, the "
            "extraction form and the reporting policy of a review that you lead; no records."
        ),
    )
    with_people = forms.BooleanField(
        required=False, label="Bring its members along, with their roles and groups"
    )
    field_order = ("title", "template", "question", "with_people")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Offer the reviews that the person leads."""
        super().__init__(*args, **kwargs)
        led = open_memberships(user).filter(is_lead=True)
        led = led.select_related("review", "user").order_by("review__title")
        self._led = {member.review.slug: member for member in led}
        choices = [(slug, member.review.title) for slug, member in self._led.items()]
        start = ("", "Nothing: start from the defaults")
        cast("forms.ChoiceField", self.fields["template"]).choices = [start, *choices]
        if not choices:
            del self.fields["template"], self.fields["with_people"]

    def clean_template(self) -> Membership | None:
        """The person's membership of the review to take after."""
        return self._led.get(self.cleaned_data["template"])
