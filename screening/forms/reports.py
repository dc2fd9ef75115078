"""Forms of the full-text stage: many PDFs at once, and which report one of them is."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from screening.forms.base import StyledForm


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One or several files."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Give the list of files."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(_FilesField, self).clean(file, initial) for file in files or [None]]


class PdfBatchForm(StyledForm):
    """PDFs to upload, each by itself or in ZIP archives."""

    pdfs = _FilesField(
        label="PDF files or a ZIP",
        allow_empty_file=True,  # an empty file is told by its own line
        widget=_ManyFiles(attrs={"accept": "application/pdf,.pdf,application/zip,.zip"}),
        error_messages={"required": "Choose one or more PDFs, or a ZIP of PDFs."},
        help_text="Up to 500 files. Each is checked by its content.",
    )

    def uploads(self) -> "list[UploadedFile[bytes]]":
        """The files that came."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["pdfs"]
        return files


class AssignForm(forms.Form):
    """Which report a file is, and whether it may replace the PDF that is there."""

    report = forms.IntegerField(error_messages={"required": "Choose the report."})
    may_replace = forms.BooleanField(required=False)
