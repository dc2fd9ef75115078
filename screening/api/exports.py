"""The endpoint of an export: records with decisions, as a file."""

from django.core.exceptions import ValidationError
from django.http import QueryDict, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.forms.exports import WHICH, ExportForm
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.services.exports import export_records


class ExportQuery(serializers.Serializer[object]):
    """Which records."""

    words = serializers.CharField(
        required=False, max_length=200, help_text="Words of title, abstract or authors."
    )
    stage = serializers.ChoiceField(required=False, choices=[stage.value for stage in Stage])
    status = serializers.ChoiceField(required=False, choices=[status.value for status in Status])
    source = Number(required=False, help_text="Number of a source.")  # type: ignore[assignment]
    tag = Number(required=False, help_text="Number of a tag of mine.")
    reason = Number(required=False, help_text="Number of an exclusion reason.")
    which = serializers.ChoiceField(required=False, choices=WHICH)


class RecordsFile(ReviewApi):
    """The records as a file."""

    @endpoint(OpenApiTypes.BINARY, asks=ExportQuery, needs=Capability.EXPORT)
    def get(self, file_format: str) -> StreamingHttpResponse:
        """Stream the records with the decisions that I may see."""
        asked = QueryDict(mutable=True)
        asked.update({name: str(value) for name, value in self.asked.items()})
        form = ExportForm(asked, membership=self.membership)
        if not form.is_valid():
            raise ValidationError({name: list(map(str, why)) for name, why in form.errors.items()})
        file = export_records(
            membership=self.membership, file_format=file_format, choice=form.choice()
        )
        return StreamingHttpResponse(file.pieces, headers=file.headers)
