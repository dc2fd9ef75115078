"""What every form shares: the look of its fields and errors that are tied to them."""

from typing import Any

from django import forms


class StyledForm(forms.Form):
    """A plain form whose fields carry the house's classes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give text-like widgets the class `input`."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            is_box = isinstance(
                field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect
            )
            if not is_box:
                field.widget.attrs.setdefault("class", "input")


class LinesField(forms.CharField):
    """Several sentences, one a line; empty lines are dropped."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Show a list one a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Give the list of lines."""
        text = super().clean(value)
        return [line.strip() for line in text.replace("\r", "").split("\n") if line.strip()]
