"""The form that names a webhook."""

from django import forms

from screening.forms.base import StyledForm
from screening.models.webhooks import Event


class WebhookForm(StyledForm):
    """An address and what it is told of."""

    url = forms.URLField(
        label="Address",
        max_length=500,
        assume_scheme="https",
        help_text="It is sent a signed POST with JSON. No verdict is ever in it.",
    )
    events = forms.MultipleChoiceField(
        label="Told when",
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )
