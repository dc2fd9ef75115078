"""The form of a search of an outside database."""

from django import forms

from screening.forms.base import StyledForm
from screening.online.registry import DATABASES
from screening.services.online import MAX_QUERY


class SearchForm(StyledForm):
    """Which database, and the query in its own syntax."""

    database = forms.ChoiceField(
        label="Database", choices=[(one.name, one.label) for one in DATABASES]
    )
    query = forms.CharField(
        label="Search",
        strip=False,
        max_length=MAX_QUERY,
        widget=forms.Textarea(attrs={"rows": 6, "class": "input mono", "spellcheck": "false"}),
        help_text="In the database's own syntax; it is kept and sent exactly as you write it.",
    )
