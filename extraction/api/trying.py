"""Trying out the draft of a form: what its checks make of entries; nothing is kept."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from extraction.api.drafting import DraftApi
from extraction.api.serializers import EnteredField
from extraction.selectors.entry import EntryField
from extraction.selectors.forms import sketch_of
from extraction.selectors.tryout import ROWS_SHOWN, TriedEntry, TriedForm, tried_key, try_answers
from screening.api.base import endpoint
from screening.rules.roles import Capability

MAX_ENTRIES = 500


class TriedEntryIn(serializers.Serializer[Any]):
    """One entry to try."""

    field = serializers.CharField(max_length=60)
    value = EnteredField(help_text="A text, or a list of texts.")
    unit = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")
    part = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=60,
        default="",
        help_text="Of a field in a part with rows.",
    )
    row = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=ROWS_SHOWN
    )


class TryIn(serializers.Serializer[Any]):
    """Entries, tried in their order."""

    entries = serializers.ListField(child=TriedEntryIn(), max_length=MAX_ENTRIES)


class TriedCellOut(serializers.Serializer[Any]):
    """One question as an extractor would find it after these entries."""

    part = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    is_asked = serializers.BooleanField(help_text="By its “only if”.")
    value = serializers.JSONField(allow_null=True, help_text="As it would be stored.")
    unit = serializers.CharField()
    refusal = serializers.CharField(help_text="Why the entry would not be saved; else empty.")
    questions = serializers.ListField(
        child=serializers.CharField(), help_text="What would be asked about the saved value."
    )


class TriedOut(serializers.Serializer[Any]):
    """The whole form."""

    cells = TriedCellOut(many=True)


class TryDraft(DraftApi):
    """The draft as the form extractors will fill."""

    @endpoint(TriedOut, takes=TryIn, needs=Capability.MANAGE)
    def post(self) -> dict[str, Any]:
        """Check entries as the form will: ranges, units, words, “only if”; nothing is stored."""
        entries = [
            TriedEntry(one["field"], one["value"], one["unit"], one["part"], one["row"])
            for one in self.given["entries"]
        ]
        try:
            tried = try_answers(sketch_of(self.draft()), entries)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return {"cells": list(_cells(tried))}


def _cells(tried: TriedForm) -> Iterator[dict[str, Any]]:
    for shown in tried.entry.groups:
        for one in shown.fields:
            yield _cell(tried, one, "", None)
        for line in shown.rows:
            for one in line.fields:
                yield _cell(tried, one, shown.group.key, line.number)


def _cell(tried: TriedForm, one: EntryField, part: str, number: int | None) -> dict[str, Any]:
    name = tried_key(one.row.pk if one.row else None, one.field.key)
    return {
        "part": part,
        "row": number,
        "field": one.field.key,
        "label": one.field.label,
        "is_asked": one.is_asked,
        "value": one.value.value if one.value else None,
        "unit": one.unit,
        "refusal": tried.refused.get(name, ""),
        "questions": list(dict.fromkeys((*tried.questions.get(name, ()), *one.doubts))),
    }
