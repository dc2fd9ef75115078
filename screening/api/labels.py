"""Exclusion reasons, tags, notes, highlighted words and messages."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number, Words
from screening.api.serializers import NoteOut, RecordTagOut
from screening.models import (
    DiscussionMessage,
    ExclusionReason,
    HighlightTerm,
    Membership,
    Note,
    RecordTag,
    Tag,
)
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.blinding import sight_of, visible_notes, visible_tags
from screening.selectors.discussion import discussion_of
from screening.selectors.reasons import all_reasons, reason_or_404
from screening.selectors.records import record_or_404
from screening.services import labels, reasons, tags
from screening.services.discussion import say, take_back
from screening.services.settings import set_highlight_terms

LABEL: dict[str, Any] = {"max_length": 80}


class ReasonIn(serializers.Serializer[Any]):
    """A new reason, at the end of the order."""

    label = serializers.CharField(max_length=200)  # type: ignore[assignment]


class ReasonPatchIn(serializers.Serializer[Any]):
    """Another name, another place, in use or not."""

    label = serializers.CharField(required=False, max_length=200)  # type: ignore[assignment]
    move = serializers.ChoiceField(required=False, choices=["up", "down"])
    is_retired = serializers.BooleanField(required=False)


class ReasonOut(serializers.ModelSerializer[ExclusionReason]):
    """A reason to exclude."""

    class Meta:
        model = ExclusionReason
        fields = ("id", "label", "position", "retired_at")


class TagIn(serializers.Serializer[Any]):
    """A label."""

    label = serializers.CharField(**LABEL)  # type: ignore[assignment]


class TagPatchIn(serializers.Serializer[Any]):
    """Another label, or the tag to merge it into."""

    label = serializers.CharField(required=False, **LABEL)  # type: ignore[assignment]
    merge_into = Number(required=False)


class TagOut(serializers.ModelSerializer[Tag]):
    """A tag of the review."""

    class Meta:
        model = Tag
        fields = ("id", "label")


class NoteIn(serializers.Serializer[Any]):
    """A note on a record."""

    body = serializers.CharField(max_length=5000)
    is_private = serializers.BooleanField(required=False, default=False)


class MessageIn(serializers.Serializer[Any]):
    """Something to say."""

    body = serializers.CharField(max_length=5000)


class MessageOut(serializers.ModelSerializer[DiscussionMessage]):
    """A message; one that was taken back has no text."""

    author = serializers.CharField(source="author.user.name")
    body = serializers.SerializerMethodField()

    class Meta:
        model = DiscussionMessage
        fields = ("id", "author", "body", "created_at", "withdrawn_at")

    def get_body(self, message: DiscussionMessage) -> str:
        """The text, unless it was taken back."""
        return "" if message.withdrawn_at else message.body


class WordsIn(serializers.Serializer[Any]):
    """All highlighted words, by list; `*` stands for any letters, `?` for one."""

    include = Words(default=list)
    exclude = Words(default=list)
    neutral = Words(default=list)


class WordsOut(serializers.Serializer[Any]):
    """Highlighted words, by list."""

    include = serializers.ListField(child=serializers.CharField())
    exclude = serializers.ListField(child=serializers.CharField())
    neutral = serializers.ListField(child=serializers.CharField())


class Reasons(ReviewApi):
    """The reasons to exclude."""

    @endpoint(ReasonOut, many=True)
    def get(self) -> list[ExclusionReason]:
        """List the reasons in their order, retired ones too."""
        return list(all_reasons(self.membership))

    @endpoint(ReasonOut, takes=ReasonIn, status=201, needs=Capability.MANAGE)
    def post(self) -> ExclusionReason:
        """Add a reason at the end."""
        return reasons.add_reason(lead=self.membership, label=self.given["label"])


class OneReason(ReviewApi):
    """One reason."""

    @endpoint(ReasonOut, takes=ReasonPatchIn, needs=Capability.MANAGE)
    @transaction.atomic
    def patch(self, reason_id: int) -> ExclusionReason:
        """Rename, move, retire or take up a reason."""
        reason, lead, given = reason_or_404(self.membership, reason_id), self.membership, self.given
        if "label" in given:
            reasons.rename_reason(lead=lead, reason=reason, label=given["label"])
        if "move" in given:
            reasons.move_reason(lead=lead, reason=reason, is_up=given["move"] == "up")
        if "is_retired" in given:
            reasons.set_reason_retired(lead=lead, reason=reason, is_retired=given["is_retired"])
        reason.refresh_from_db()
        return reason


class Tags(ReviewApi):
    """The labels that people can put on records."""

    @endpoint(TagOut, many=True)
    def get(self) -> list[Tag]:
        """List the tags by name."""
        return list(self.review.tags.all())

    @endpoint(TagOut, takes=TagIn, status=201, needs=Capability.MANAGE)
    def post(self) -> Tag:
        """Make a tag."""
        return tags.create_tag(lead=self.membership, label=self.given["label"])


class OneTag(ReviewApi):
    """One tag."""

    @endpoint(TagOut, takes=TagPatchIn, needs=Capability.MANAGE)
    @transaction.atomic
    def patch(self, tag_id: int) -> Tag:
        """Rename a tag, or merge it into another; each record keeps who tagged it."""
        tag = get_object_or_404(Tag, pk=tag_id, review=self.review)
        if "label" in self.given:
            tags.rename_tag(lead=self.membership, tag=tag, label=self.given["label"])
        if "merge_into" not in self.given:
            return tag
        into = get_object_or_404(Tag, pk=self.given["merge_into"], review=self.review)
        tags.merge_tags(lead=self.membership, tag=tag, into=into)
        return into


class TagsOfRecord(ReviewApi):
    """The tags on a record."""

    @endpoint(RecordTagOut, many=True)
    def get(self, record_id: int) -> list[RecordTag]:
        """List the tags on a record that I may see."""
        record = record_or_404(self.membership, record_id)
        return list(visible_tags(membership=self.membership, record=record))

    @endpoint(RecordTagOut, takes=TagIn, status=201)
    def post(self, record_id: int) -> RecordTag:
        """Put a tag on a record in my name."""
        record = record_or_404(self.membership, record_id)
        return labels.add_tag(membership=self.membership, record=record, label=self.given["label"])


class TagOfRecord(ReviewApi):
    """A tag of mine on a record."""

    @endpoint()
    def delete(self, record_id: int, tag_id: int) -> None:
        """Take my tag off a record."""
        record = record_or_404(self.membership, record_id)
        tag = get_object_or_404(Tag, pk=tag_id, review=self.review)
        labels.remove_tag(membership=self.membership, record=record, tag_id=tag.pk)


class NotesOfRecord(ReviewApi):
    """The notes on a record."""

    @endpoint(NoteOut, many=True)
    def get(self, record_id: int) -> list[Note]:
        """List the notes on a record that I may see."""
        record = record_or_404(self.membership, record_id)
        return list(visible_notes(membership=self.membership, record=record))

    @endpoint(NoteOut, takes=NoteIn, status=201)
    def post(self, record_id: int) -> Note:
        """Write a note, for the team or for myself."""
        record = record_or_404(self.membership, record_id)
        return labels.add_note(membership=self.membership, record=record, **self.given)


class OneNote(ReviewApi):
    """A note of mine."""

    @endpoint()
    def delete(self, note_id: int) -> None:
        """Delete my note."""
        rows = Note.objects.select_related("record")
        note = get_object_or_404(rows, pk=note_id, record__review=self.review)
        labels.remove_note(membership=self.membership, note=note)


class Discussion(ReviewApi):
    """The talk about a record at a stage, once its verdicts are open to me."""

    @endpoint(MessageOut, many=True)
    def get(self, stage: Stage, record_id: int) -> list[DiscussionMessage]:
        """List the messages; none while the verdicts are hidden from me."""
        record = record_or_404(self.membership, record_id)
        sight = sight_of(self.membership, record, stage)
        return list(
            discussion_of(
                membership=self.membership, record=record, stage=stage, is_open=sight.is_open
            )
        )

    @endpoint(MessageOut, takes=MessageIn, status=201)
    def post(self, stage: Stage, record_id: int) -> DiscussionMessage:
        """Say something to those who may see the verdicts."""
        record = record_or_404(self.membership, record_id)
        return say(membership=self.membership, record=record, stage=stage, body=self.given["body"])


class Message(ReviewApi):
    """A message of mine."""

    @endpoint()
    def delete(self, message_id: int) -> None:
        """Take my message back; its row stays."""
        rows = DiscussionMessage.objects.filter(record__review=self.review)
        message = get_object_or_404(rows, pk=message_id)
        take_back(membership=self.membership, message_id=message.pk)


class HighlightedWords(ReviewApi):
    """The review's highlighted words."""

    @endpoint(WordsOut)
    def get(self) -> dict[str, list[str]]:
        """Show the words of the review."""
        return _words(self.membership, None)

    @endpoint(WordsOut, takes=WordsIn, needs=Capability.MANAGE)
    def put(self) -> dict[str, list[str]]:
        """Make the review's words these."""
        set_highlight_terms(member=self.membership, terms=self.given, is_own=False)
        return _words(self.membership, None)


class OwnWords(ReviewApi):
    """My own highlighted words; nobody else sees them."""

    @endpoint(WordsOut, needs=Capability.SCREEN)
    def get(self) -> dict[str, list[str]]:
        """Show my words."""
        return _words(self.membership, self.membership)

    @endpoint(WordsOut, takes=WordsIn, needs=Capability.SCREEN)
    def put(self) -> dict[str, list[str]]:
        """Make my words these."""
        set_highlight_terms(member=self.membership, terms=self.given, is_own=True)
        return _words(self.membership, self.membership)


def _words(membership: Membership, owner: Membership | None) -> dict[str, list[str]]:
    terms: QuerySet[HighlightTerm] = HighlightTerm.objects.filter(
        review=membership.review, member=owner
    )
    found: dict[str, list[str]] = {name: [] for name in HighlightTerm.List.values}
    for term in terms.order_by("pk"):
        found[term.list].append(term.pattern)
    return found
