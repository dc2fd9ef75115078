"""Likely places of a field's value in a report; none of them is a value."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from extraction.api.extracting import ExtractionApi
from extraction.reading.candidates import Candidate
from extraction.selectors.likely import Likely, likely_places
from extraction.selectors.reader import named_text
from screening.api.base import endpoint
from screening.api.fields import Number
from screening.rules.roles import Capability


class CandidatesQuery(serializers.Serializer[Any]):
    """For which field, and in which file."""

    field = serializers.CharField(max_length=60)
    row = Number(required=False, help_text="Its row; none for a field of the study.")
    full_text = Number(required=False, help_text="A file of the study; its current one without.")


class LikelyPlaceOut(serializers.Serializer[Candidate]):
    """One sentence, as evidence takes it."""

    full_text = serializers.IntegerField()
    page = serializers.IntegerField()
    quote = serializers.CharField()
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="What it names: a metric, a word, a percentage."
    )


class LikelyPlacesOut(serializers.Serializer[Any]):
    """The likely sentences, the likeliest first."""

    has_text = serializers.BooleanField(help_text="The file has text that can be searched.")
    candidates = LikelyPlaceOut(many=True)


class Candidates(ExtractionApi):
    """Where to look for a value."""

    @endpoint(LikelyPlacesOut, asks=CandidatesQuery, needs=Capability.EXTRACT)
    def get(self, study_id: int) -> dict[str, Any]:
        """List the sentences in which the value of a field of mine is likely to stand."""
        extraction = self.own(study_id)
        named = self.asked.get("full_text")
        text = named_text(extraction.study, str(named or ""))
        if text is None:
            raise ValidationError("No full text is stored for this study yet.", code="nothing")
        if named and text.pk != named:
            raise ValidationError({"full_text": ["This is no file of the study."]})
        row, field = self.asked.get("row"), self.asked["field"]
        search = likely_places(extraction, text, field, row)
        if search is None:
            raise ValidationError({"field": ["It is not on the form, or leaves no traces."]})
        found = [told(one) | {"full_text": text.pk} for one in search.found]
        return {"has_text": search.has_text, "candidates": found}


def told(one: Likely) -> dict[str, Any]:
    """A likely sentence as it is sent."""
    place = one.candidate
    return {"page": place.page, "quote": place.quote, "reasons": list(place.reasons)}
