"""What is published, and for how long."""

from datetime import date

from django import forms

from analytics.selectors.days import moment_asked

LIVES = (("30", "30 days"), ("90", "90 days"), ("365", "one year"), ("", "until withdrawn"))


class PublicationForm(forms.Form):
    """Title, day and life of a published dashboard; the filters come from the figures' address."""

    title = forms.CharField(max_length=200, label="Heading of the public page")
    day = forms.DateField(
        required=False,
        label="Frozen at the end of",
        help_text="Empty: it follows the review and changes with every reconciled value.",
    )
    life = forms.ChoiceField(required=False, choices=LIVES, initial="90", label="The link works")
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Give the fields the look of the house."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django calls it
        for name in ("title", "day", "life"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["day"].widget.input_type = "date"

    def clean_day(self) -> date | None:
        """Refuse a day that has not come."""
        day: date | None = self.cleaned_data["day"]
        moment_asked(day)
        return day

    @property
    def days(self) -> int | None:
        """How long the link works; nothing for ever."""
        life = self.cleaned_data["life"]
        return int(life) if life else None
