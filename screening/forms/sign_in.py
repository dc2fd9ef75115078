"""Forms of the account: the password, codes of a second factor."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from screening.forms.base import StyledForm
from screening.models import User


def password_rules() -> str:
    """The rules in sentences, to be read before typing."""
    return " ".join(password_validators_help_texts())


class PasswordForm(StyledForm):
    """A new password, proved by the old one."""

    old_password = forms.CharField(
        label="Current password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label="New password",
        strip=False,
        help_text=lazy(password_rules, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Remember whose it is."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        """Hold it against the stored one."""
        given: str = self.cleaned_data["old_password"]
        if not self.user.check_password(given):
            raise ValidationError("This is not your current password.")
        return given

    def clean_new_password(self) -> str:
        """Hold it against the rules."""
        given: str = self.cleaned_data["new_password"]
        validate_password(given, self.user)
        return given

    def clean(self) -> dict[str, Any]:
        """Ask for the same twice."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("new_password") and values.get("again") != values["new_password"]:
            self.add_error("again", "The two differ.")
        return values


class CodeForm(StyledForm):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        help_text="Six digits of your app, or one of your recovery codes.",
    )


class NewCodeForm(StyledForm):
    """The first code of an app that is being set up."""

    code = forms.CharField(
        max_length=20,
        label="The six digits that the app shows",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ProofForm(StyledForm):
    """The password once more, before something that opens the account is changed."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Ask for none of people who have none, since their institution signs them in."""
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Hold it against the stored one."""
        given: str = self.cleaned_data["password"]
        if not self.user.check_password(given):
            raise ValidationError("This is not your password.")
        return given
