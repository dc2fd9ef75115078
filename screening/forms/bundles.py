"""The form by which a bundle is asked for."""

from typing import Any

from django import forms

from screening.forms.base import StyledForm
from screening.rules.bundles import NAMES_IN_FILES, Files, names_reviewers

FILES = (
    (Files.NONE.value, "No files"),
    (Files.FULL_TEXTS.value, "PDFs with their texts"),
    (Files.ALL.value, "PDFs, imported files and spreadsheets"),
)


class BundleForm(StyledForm):
    """What goes into a bundle by choice."""

    files = forms.ChoiceField(  # type: ignore[assignment]  # a form's own files are of uploads
        choices=FILES,
        label="Files",
        help_text="PDFs belong to their publishers: leave them out of what you publish.",
    )
    pseudonyms = forms.BooleanField(required=False, label="Person 1, 2, … instead of names")

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot go together."""
        given: dict[str, Any] = super().clean() or {}
        files = Files(given.get("files", Files.NONE.value))
        if names_reviewers(files, has_pseudonyms=bool(given.get("pseudonyms"))):
            self.add_error("files", NAMES_IN_FILES)
        return given
