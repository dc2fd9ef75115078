"""Duplicates: questions, links and rulings, each with its way back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.jobs import JobOut
from screening.models import DuplicateLink, DuplicateSuggestion, Job, NotDuplicate, Record
from screening.rules.roles import Capability
from screening.selectors import duplicates as reads
from screening.selectors.records import record_or_404
from screening.services import accepting, detection, duplicates, fields

JUDGE = Capability.DEDUPLICATE
MANY = 1000


class SuggestionOut(serializers.ModelSerializer[DuplicateSuggestion]):
    """Two records that may be of one report."""

    reasons = serializers.ListField()

    class Meta:
        model = DuplicateSuggestion
        fields = ("id", "first", "second", "score", "reasons", "created_at")


class LinkOut(serializers.ModelSerializer[DuplicateLink]):
    """A record that is a duplicate of another."""

    reasons = serializers.ListField()

    class Meta:
        model = DuplicateLink
        fields = ("id", "record", "kept", "method", "score", "reasons", "created_at", "undone_at")


class RejectionOut(serializers.ModelSerializer[NotDuplicate]):
    """Two records that are of different reports."""

    class Meta:
        model = NotDuplicate
        fields = ("id", "first", "second", "created_at", "undone_at")


class AnswerIn(serializers.Serializer[Any]):
    """Whether the two are one report; `kept` is one of them, else the best is kept."""

    is_duplicate = serializers.BooleanField()
    kept = Number(required=False)


class PairIn(serializers.Serializer[Any]):
    """The record that another one is a duplicate of."""

    kept = Number()


class GroupIn(serializers.Serializer[Any]):
    """Several records that are all one report, or all different ones."""

    records = serializers.ListField(child=Number(), min_length=2, max_length=MANY)
    is_duplicate = serializers.BooleanField()
    kept = Number(required=False)


class CountOut(serializers.Serializer[Any]):
    """How many links or rulings were written."""

    written = serializers.IntegerField()


class Suggestions(ReviewApi):
    """Pairs that wait for a person."""

    @endpoint(SuggestionOut, many=True, order=("pk",))
    def get(self) -> QuerySet[DuplicateSuggestion]:
        """List the open questions, oldest doubt first."""
        return reads.open_suggestions(review=self.review)

    @endpoint(JobOut, status=202, needs=JUDGE)
    def post(self) -> Job:
        """Let a worker look for duplicates."""
        return detection.start_detection(membership=self.membership)


class OneSuggestion(ReviewApi):
    """One pair that waits."""

    @endpoint(takes=AnswerIn, needs=JUDGE)
    def post(self, suggestion_id: int) -> None:
        """Say whether the two records are of one report."""
        rows = DuplicateSuggestion.objects.select_related("first", "second")
        pair = get_object_or_404(rows, pk=suggestion_id, review=self.review)
        one, two = pair.first, pair.second
        if not self.given["is_duplicate"]:
            duplicates.reject_pair(membership=self.membership, one=one, two=two)
            return
        kept = self.given.get("kept", reads.best_of((one, two)).pk)
        if kept not in {one.pk, two.pk}:
            raise ValidationError({"kept": ["This is none of the two records."]})
        one, two = (one, two) if kept == one.pk else (two, one)
        duplicates.link_records(membership=self.membership, kept=one, duplicate=two)


class Links(ReviewApi):
    """Duplicates that were found."""

    @endpoint(LinkOut, many=True)
    def get(self) -> QuerySet[DuplicateLink]:
        """List the links that stand."""
        return reads.standing_links(review=self.review)


class OneLink(ReviewApi):
    """One link."""

    def link(self, link_id: int) -> DuplicateLink:
        """A link of the review."""
        rows = DuplicateLink.objects.select_related("record", "review")
        return get_object_or_404(rows, pk=link_id, review=self.review)

    @endpoint(needs=JUDGE)
    def delete(self, link_id: int) -> None:
        """Take the link back: the record stands for itself again, with its decisions."""
        accepting.undo_links(membership=self.membership, link=self.link(link_id))

    @endpoint(needs=JUDGE)
    def post(self, link_id: int) -> None:
        """Make the duplicate the kept record of its group."""
        record = self.link(link_id).record
        duplicates.keep_instead(membership=self.membership, record=record)


class Rejections(ReviewApi):
    """Pairs that were ruled to differ."""

    @endpoint(RejectionOut, many=True)
    def get(self) -> QuerySet[NotDuplicate]:
        """List the rulings that stand."""
        return reads.standing_rulings(review=self.review)


class OneRejection(ReviewApi):
    """One ruling."""

    @endpoint(needs=JUDGE)
    def delete(self, ruling_id: int) -> None:
        """Take the ruling back; the pair is asked about again."""
        rows = NotDuplicate.objects.select_related("first", "second", "review")
        ruling = get_object_or_404(rows, pk=ruling_id, review=self.review)
        accepting.undo_rejections(membership=self.membership, ruling=ruling)


class DuplicateOf(ReviewApi):
    """A record that is a duplicate of another one."""

    @endpoint(LinkOut, takes=PairIn, status=201, needs=JUDGE)
    def put(self, record_id: int) -> DuplicateLink:
        """Mark the record as a duplicate of another one of the review."""
        record = record_or_404(self.membership, record_id)
        kept = Record.objects.filter(pk=self.given["kept"], review=self.review).first()
        if kept is None:
            raise ValidationError({"kept": ["There is no such record."]})
        return duplicates.link_records(membership=self.membership, kept=kept, duplicate=record)


class Groups(ReviewApi):
    """Several records at once."""

    @endpoint(CountOut, takes=GroupIn, needs=JUDGE)
    def post(self) -> dict[str, int]:
        """Link the records to one of them, or rule that they all differ."""
        ids = self.given["records"]
        chosen = list(Record.objects.filter(review=self.review, pk__in=ids).order_by("pk"))
        missing = sorted(set(ids) - {record.pk for record in chosen})
        if missing:
            raise ValidationError({"records": [f"There is no record {missing[0]}."]})
        if not self.given["is_duplicate"]:
            return {"written": accepting.reject_group(membership=self.membership, records=chosen)}
        wanted = self.given.get("kept", reads.best_of(chosen).pk)
        kept = next((record for record in chosen if record.pk == wanted), None)
        if kept is None:
            raise ValidationError({"kept": ["This is none of the records."]})
        written = accepting.link_group(membership=self.membership, kept=kept, records=chosen)
        return {"written": written}


class ShownField(ReviewApi):
    """Which record of a report gives a field."""

    @endpoint(needs=JUDGE)
    def put(self, record_id: int, field: str) -> None:
        """Show this record's value of the field for the whole group."""
        record = record_or_404(self.membership, record_id)
        fields.choose_field(membership=self.membership, record=record, field=field)

    @endpoint(needs=JUDGE)
    def delete(self, record_id: int, field: str) -> None:
        """Let the rules choose the field again."""
        record = record_or_404(self.membership, record_id)
        fields.release_field(membership=self.membership, record=record, field=field)
