"""The endpoint of an export: records with decisions, as a file."""

from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from screening.api.base import ReviewApi
from screening.exporters.registry import WRITERS
from screening.forms.exports import WHICH, ExportForm
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.services.exports import export_records

FORMAT = OpenApiParameter(
    "file_format", str, OpenApiParameter.PATH, enum=[writer.name for writer in WRITERS]
)
QUERY = [
    OpenApiParameter("words", str, description="Words of title, abstract or authors"),
    OpenApiParameter("stage", str, enum=[stage.value for stage in Stage]),
    OpenApiParameter("status", str, enum=[status.value for status in Status]),
    OpenApiParameter("source", int, description="Number of a source"),
    OpenApiParameter("tag", int, description="Number of a tag of mine"),
    OpenApiParameter("which", str, enum=[name for name, _ in WHICH]),
]


class RecordsFile(ReviewApi):
    """The records as a file."""

    capability = Capability.EXPORT

    @extend_schema(parameters=[FORMAT, *QUERY], responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, file_format: str) -> StreamingHttpResponse:
        """Stream the records with the decisions that I may see."""
        form = ExportForm(request.query_params, membership=self.membership)
        if not form.is_valid():
            wrong = [f"{name}: {' '.join(map(str, why))}" for name, why in form.errors.items()]
            raise ValidationError(wrong)
        file = export_records(
            membership=self.membership, file_format=file_format, choice=form.choice()
        )
        return StreamingHttpResponse(file.pieces, headers=file.headers)
