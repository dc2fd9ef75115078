"""How far people agree: reviewers at a stage and in a pilot round, and two extractors."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from analytics.api.queries import as_query
from screening.api.base import ReviewApi, endpoint
from screening.rules.consensus import Stage
from screening.rules.roles import Capability

HIDDEN = "While the stage is blinded, who screens does not see this."
HIDDEN_PILOT = "A pilot's agreement is seen once it has ended, by those who took part in it."


class AgreementQuery(serializers.Serializer[Any]):
    """What the agreement is narrowed to."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    round = serializers.IntegerField(required=False, min_value=1, max_value=10**6)
    reason = serializers.CharField(
        required=False, max_length=20, help_text="Number of a reason, or `each`."
    )


class AgreementApi(ReviewApi):
    """What endpoints of a stage's agreement share."""

    def found(self, stage: Stage) -> Any:
        """The agreement that was asked for, as far as I may see it."""
        from analytics.forms.agreement import AgreementForm  # noqa: PLC0415
        from analytics.selectors.agreement import agreement_of, may_see_agreement  # noqa: PLC0415

        if not may_see_agreement(self.membership, stage):
            raise PermissionDenied(HIDDEN)
        form = AgreementForm(as_query(self.asked), review=self.review, stage=stage)
        if not form.is_valid():
            raise ValidationError({name: list(map(str, why)) for name, why in form.errors.items()})
        return agreement_of(
            review=self.review,
            stage=stage,
            narrowing=form.narrowing,
            reason=form.cleaned_data["reason"],
            membership=self.membership,
        )


class Agreement(AgreementApi):
    """How far the reviewers of a stage agree."""

    @endpoint(OpenApiTypes.OBJECT, asks=AgreementQuery)
    def get(self, stage: Stage) -> dict[str, Any]:
        """Give the coefficients; while the stage is blinded, not to those who screen."""
        from analytics.selectors.agreement_rows import agreement_as_json  # noqa: PLC0415

        return agreement_as_json(self.found(stage), self.membership)


class AgreementFile(AgreementApi):
    """The agreement of a stage as a file."""

    @endpoint(OpenApiTypes.BINARY, asks=AgreementQuery, needs=Capability.EXPORT)
    def get(self, stage: Stage, file_format: str) -> HttpResponse:
        """Write the coefficients as csv or json; while the stage is blinded, as `agreement/`."""
        from analytics.selectors.agreement_rows import FILES, agreement_file  # noqa: PLC0415

        if file_format not in FILES:
            raise Http404(f"The agreement comes as {' or '.join(FILES)}.")
        file = agreement_file(self.found(stage), file_format, self.membership)
        return HttpResponse(file.text, headers=file.headers)


class PilotAgreement(ReviewApi):
    """How far people agreed in a pilot round."""

    @endpoint(OpenApiTypes.OBJECT)
    def get(self, pilot_id: int) -> dict[str, Any]:
        """Give the coefficients of a round that has ended, each with its interval.

        At a blinded stage a screener is told of the records they decided on themselves.
        """
        from analytics.selectors.agreement_rows import agreement_as_json  # noqa: PLC0415
        from analytics.selectors.pilots import (  # noqa: PLC0415
            may_see_pilot_agreement,
            pilot_agreement,
        )
        from screening.selectors.pilots import pilot_or_404  # noqa: PLC0415

        pilot = pilot_or_404(self.membership, pilot_id)
        if not may_see_pilot_agreement(self.membership, pilot):
            raise PermissionDenied(HIDDEN_PILOT)
        found = pilot_agreement(membership=self.membership, pilot=pilot)
        return agreement_as_json(found, self.membership)


class ExtractionAgreement(ReviewApi):
    """How far two extractors agree."""

    @endpoint(OpenApiTypes.OBJECT)
    def get(self) -> dict[str, Any]:
        """Say field by field how often both extractors say the same."""
        from analytics.selectors.extraction_agreement import (  # noqa: PLC0415
            agreement_rows,
            extraction_agreement,
        )

        found = extraction_agreement(self.review)
        rows = list(agreement_rows(found))
        return {"studies": found.studies, "percent": found.percent, "fields": rows}
