"""The form of an export: which records, in which format."""

from django import forms
from django.http import QueryDict

from screening.exporters.registry import WRITERS
from screening.forms.screening import RecordsForm
from screening.models import Membership
from screening.selectors.exports import Choice
from screening.selectors.records import Filters

WHICH = [
    ("kept", "One record per report, with the best field of each source"),
    ("all", "Every record as its source lists it, duplicates too"),
]


class ExportForm(RecordsForm):
    """The filters of the list of records, which of them to take, and the format."""

    which = forms.ChoiceField(label="Which records", choices=WHICH)
    format = forms.ChoiceField(
        label="Format", choices=[(writer.name, writer.label) for writer in WRITERS]
    )

    def __init__(self, asked: QueryDict, *, membership: Membership) -> None:
        """Offer the review's sources and tags; what is not asked for is the first choice."""
        data = asked.copy()
        data.setdefault("which", WHICH[0][0])
        data.setdefault("format", WRITERS[0].name)
        super().__init__(data, membership=membership)
        self.fields["words"].widget.attrs.pop("data-key", None)

    @property
    def file_format(self) -> str:
        """The format asked for."""
        return str(self.cleaned_data["format"])

    def choice(self) -> Choice:
        """Which records are asked for."""
        values = self.cleaned_data
        source, tag, reason = (values.get(name) for name in ("source", "tag", "reason"))
        filters = Filters(
            words=values.get("words", ""),
            stage=values.get("stage", ""),
            status=values.get("status", ""),
            source=source.pk if source else None,
            tag=tag.pk if tag else None,
            reason=reason.pk if reason else None,
        )
        return Choice(filters, is_kept_only=values.get("which") != "all")
