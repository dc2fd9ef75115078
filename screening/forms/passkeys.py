"""Forms of passkeys: what a browser answered, and the name of one."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from screening.forms.base import StyledForm

MOST = 50_000


class AnswerForm(StyledForm):
    """What the browser answered, as JSON."""

    credential = forms.CharField(max_length=MOST, widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, Any]:
        """Read it."""
        try:
            given = json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError) as error:
            raise ValidationError("The browser’s answer cannot be read.") from error
        if not isinstance(given, dict):
            raise ValidationError("The browser’s answer cannot be read.")
        return given


class NameForm(StyledForm):
    """By which the person knows a passkey."""

    name = forms.CharField(max_length=80, label="Name", initial="Passkey")


class NewPasskeyForm(NameForm, AnswerForm):
    """A new one."""

    field_order = ("name", "credential")
