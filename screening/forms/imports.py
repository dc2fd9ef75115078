"""Forms of an import: the upload with its search, and how the file is to be read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from screening.forms.base import StyledForm
from screening.importers.draft import FIELDS
from screening.importers.encodings import CHOICES as ENCODINGS
from screening.importers.registry import READERS
from screening.models import ImportBatch, Review, Source
from screening.selectors.import_files import Column, Preview, Reading, reading_of
from screening.services.imports import SearchFacts, check_upload

FIELD_LABELS = {
    "": "kept as extra",
    "url": "link",
    "url_preprint": "link to the preprint",
    "url_official": "link to the official version",
    "url_code": "link to the code",
    "doi": "DOI",
    "pmid": "PubMed id",
    "arxiv_id": "arXiv id",
    "start_page": "first page",
    "end_page": "last page",
}
FIELD_CHOICES = [(name, FIELD_LABELS.get(name, name)) for name in ("", *FIELDS)]
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(StyledForm):
    """What is known of the search behind a file."""

    query = forms.CharField(
        label="Search string", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    interface = forms.CharField(label="Interface, for example Ovid", max_length=200, required=False)
    searched_on = forms.DateField(label="Date of the search", required=False, widget=_DATE)
    hits = forms.IntegerField(
        label="Hits the source reported", required=False, min_value=0, max_value=2**31 - 1
    )

    def search_facts(self) -> SearchFacts:
        """What is known of the search."""
        cleaned = self.cleaned_data
        return SearchFacts(
            query=cleaned["query"],
            interface=cleaned["interface"],
            searched_on=cleaned["searched_on"],
            hits=cleaned["hits"],
        )


class SourceForm(StyledForm):
    """Name, kind and note of a source."""

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(
        label="Kind",
        choices=Source.Kind.choices,
        help_text="Records of databases and registers are screened; those of the other kinds go "
        "straight to the reports sought, as in PRISMA 2020.",
    )
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectionForm(StyledForm):
    """A rejected row's text, to be read again."""

    text = forms.CharField(
        label="The record's text",
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "input mono", "spellcheck": "false"}),
        help_text="In the file's own format, or in any other that can be imported.",
    )

    def clean_text(self) -> str:
        """Line ends as files have them; browsers send CRLF."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")


class LeaveOutForm(StyledForm):
    """Why a rejected row is left out."""

    note = forms.CharField(label="Why it is left out", max_length=2000)


class ImportForm(SearchForm):
    """A file, where it is from, and the search behind it."""

    file = forms.FileField(
        label="File",
        help_text="RIS, CSV, TSV or a Markdown table; recognised by its content.",
    )
    source = forms.ModelChoiceField(
        Source.objects.none(), label="Source", required=False, empty_label="A new source"
    )
    name = forms.CharField(label="Name of the new source", max_length=200, required=False)
    kind = forms.ChoiceField(
        label="Kind of the new source",
        choices=Source.Kind.choices,
        required=False,
        help_text="Records of databases and registers are screened; those of the other kinds go "
        "straight to the reports sought, as in PRISMA 2020. Those of the previous "
        "version are the reports it included, and are not judged again.",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        """Offer the review's own sources."""
        super().__init__(*args, **kwargs)
        self.review = review
        field = self.fields["source"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Source.objects.filter(review=review).order_by("name")
        labels = ", ".join(reader.label for reader in READERS)
        self.fields["file"].help_text = f"Recognised by its content: {labels}."

    def clean_file(self) -> Any:
        """Refuse empty and too large files."""
        file = self.cleaned_data["file"]
        check_upload(file.size)
        return file

    def clean(self) -> dict[str, Any]:
        """A new source needs a name."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("source") and not cleaned.get("name", "").strip():
            self.add_error("name", ValidationError("Name the new source, or choose one above."))
        return cleaned

    def source_facts(self) -> tuple[str, str]:
        """Name and kind of the chosen or new source."""
        source = self.cleaned_data["source"]
        if source is not None:
            return source.name, source.kind
        return self.cleaned_data["name"], self.cleaned_data["kind"] or Source.Kind.DATABASE


class ReadingForm(StyledForm):
    """Format, encoding, and for a table the field of each column."""

    format = forms.ChoiceField(
        label="Format", choices=[(reader.name, reader.label) for reader in READERS]
    )
    encoding = forms.ChoiceField(label="Encoding")

    def __init__(self, *args: Any, reading: Reading, columns: list[Column], **kwargs: Any) -> None:
        """Offer the guess and every other encoding, and one field for each column."""
        kwargs["initial"] = {"format": reading.format, "encoding": reading.encoding}
        super().__init__(*args, **kwargs)
        self.columns = columns
        names = dict.fromkeys((reading.encoding, *ENCODINGS))
        encoding = self.fields["encoding"]
        assert isinstance(encoding, forms.ChoiceField)  # noqa: S101 - declared above
        encoding.choices = [(name, name) for name in names]
        for at, column in enumerate(columns):
            widget = forms.Select(attrs={"class": "input input-s import-field"})
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=column.header,
                choices=FIELD_CHOICES,
                required=False,
                initial=column.field,
                widget=widget,
            )

    def rows(self) -> list[tuple[Column, forms.BoundField]]:
        """Each column with its field, for the page."""
        return [(column, self[f"column-{at}"]) for at, column in enumerate(self.columns)]

    def clean(self) -> dict[str, Any]:
        """Only lists may be fed by several columns."""
        cleaned: dict[str, Any] = super().clean() or {}
        return cleaned

    def reading(self) -> Reading:
        """How the file is to be read, as sent."""
        cleaned = self.cleaned_data
        chosen = {
            column.header: cleaned.get(f"column-{at}", "") for at, column in enumerate(self.columns)
        }
        mapping = {header: name for header, name in chosen.items() if name}
        return Reading(cleaned["format"], cleaned["encoding"], mapping)


def shown_reading(sent: QueryDict, batch: ImportBatch) -> Reading:
    """How the file was read on the page that was sent, with its columns still as guessed."""
    stored = reading_of(batch)
    name, encoding = sent.get("was_format", ""), sent.get("was_encoding", "")
    is_known = name in {reader.name for reader in READERS} and encoding in {
        stored.encoding,
        *ENCODINGS,
    }
    return Reading(name, encoding, {}) if is_known else stored


def refilled(preview: Preview) -> ReadingForm:
    """The form as it stands after the file was read in another way."""
    values = {"format": preview.reading.format, "encoding": preview.reading.encoding}
    values |= {f"column-{at}": column.field for at, column in enumerate(preview.columns)}
    form = ReadingForm(values, reading=preview.reading, columns=preview.columns)
    form.is_valid()
    return form
