"""Sources, searches of outside databases, and numbers from before the import."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.jobs import JobOut
from screening.models import DeclaredRemoval, Job, SavedSearch, Source
from screening.online.registry import DATABASES
from screening.rules.roles import Capability
from screening.selectors.declared import declared_removals
from screening.selectors.online import SavedLine, lines_of, saved_lines
from screening.selectors.source_steps import SourceSteps, source_steps
from screening.services import online
from screening.services.declared import RemovalFacts, declare_removal, withdraw_removal
from screening.services.import_facts import change_source
from screening.services.online import MAX_QUERY

LARGEST = 2**31 - 1


class SourceOut(serializers.ModelSerializer[Source]):
    """A source."""

    class Meta:
        model = Source
        fields = ("id", "name", "kind", "note", "created_at")


class SourceStepsOut(serializers.Serializer[SourceSteps]):
    """A source with how many of its records each step holds."""

    id = serializers.IntegerField(source="source.pk")
    name = serializers.CharField(source="source.name")
    kind = serializers.ChoiceField(source="source.kind", choices=Source.Kind.choices)
    note = serializers.CharField(source="source.note")
    records = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    removed = serializers.IntegerField()
    screened = serializers.IntegerField()
    sought = serializers.IntegerField()
    included = serializers.IntegerField()
    alone = serializers.IntegerField(help_text="Works that no other source lists.")
    alone_included = serializers.IntegerField()


class SourcePatchIn(serializers.Serializer[Any]):
    """Name, kind and note of a source; what is not sent stays."""

    name = serializers.CharField(required=False, max_length=200)
    kind = serializers.ChoiceField(required=False, choices=Source.Kind.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class SearchIn(serializers.Serializer[Any]):
    """A search of an outside database."""

    database = serializers.ChoiceField(choices=[one.name for one in DATABASES])
    query = serializers.CharField(max_length=MAX_QUERY, trim_whitespace=False)


class SavedSearchOut(serializers.Serializer[SavedLine]):
    """A saved search with its last count."""

    id = serializers.IntegerField(source="saved.pk")
    database = serializers.CharField(source="saved.database")
    query = serializers.CharField(source="saved.query")
    hits = serializers.IntegerField(source="saved.hits", allow_null=True)
    understood = serializers.CharField(source="saved.understood")
    warnings = serializers.ListField(source="saved.warnings", child=serializers.CharField())
    failure = serializers.CharField(source="saved.failure")
    counted_at = serializers.DateTimeField(source="saved.counted_at", allow_null=True)


class DeclaredIn(serializers.Serializer[Any]):
    """How many records of which source were removed before the import."""

    source = Number()  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=DeclaredRemoval.Kind.choices)
    count = serializers.IntegerField(min_value=1, max_value=LARGEST)
    removed_on = serializers.DateField()
    note = serializers.CharField(max_length=500)


class DeclaredOut(serializers.ModelSerializer[DeclaredRemoval]):
    """A declared number."""

    class Meta:
        model = DeclaredRemoval
        fields = ("id", "source", "kind", "count", "removed_on", "note", "created_at")


class Sources(ReviewApi):
    """Where the records are from."""

    @endpoint(SourceStepsOut, many=True)
    def get(self) -> list[SourceSteps]:
        """List the sources by name, each with its counts per step."""
        return source_steps(self.review)


class OneSource(ReviewApi):
    """One source."""

    @endpoint(SourceOut)
    def get(self, source_id: int) -> Source:
        """Show a source."""
        return get_object_or_404(Source, pk=source_id, review=self.review)

    @endpoint(SourceOut, takes=SourcePatchIn, needs=Capability.IMPORT)
    def patch(self, source_id: int) -> Source:
        """Rename a source, note something on it, or correct its kind."""
        source = get_object_or_404(Source, pk=source_id, review=self.review)
        facts = {"name": source.name, "kind": source.kind, "note": source.note} | self.given
        return change_source(membership=self.membership, source=source, **facts)


class SearchApi(ReviewApi):
    """What endpoints of searches share."""

    def saved(self, search_id: int) -> SavedSearch:
        """A saved search of the review."""
        return get_object_or_404(SavedSearch, pk=search_id, review=self.review)

    def line(self, search_id: int) -> SavedLine:
        """A saved search with what came of it."""
        found = lines_of(SavedSearch.objects.filter(pk=search_id, review=self.review))
        if not found:
            raise Http404("There is no such search.")
        return found[0]


class Searches(SearchApi):
    """Searches of outside databases."""

    @endpoint(SavedSearchOut, many=True)
    def get(self) -> list[SavedLine]:
        """List the saved searches."""
        return saved_lines(self.review)

    @endpoint(SavedSearchOut, takes=SearchIn, status=201, needs=Capability.IMPORT, is_long=True)
    def post(self) -> SavedLine:
        """Save a search and ask the database how many records it finds."""
        saved = online.save_search(membership=self.membership, **self.given)
        online.count_search(membership=self.membership, saved=saved)
        return self.line(saved.pk)


class OneSearch(SearchApi):
    """One saved search."""

    @endpoint(SavedSearchOut)
    def get(self, search_id: int) -> SavedLine:
        """Show a saved search."""
        return self.line(search_id)

    @endpoint(needs=Capability.IMPORT)
    def delete(self, search_id: int) -> None:
        """Remove a search that nothing came of."""
        online.forget_search(membership=self.membership, saved=self.saved(search_id))


class CountSearch(SearchApi):
    """The number of a search."""

    @endpoint(SavedSearchOut, needs=Capability.IMPORT, is_long=True)
    def post(self, search_id: int) -> SavedLine:
        """Ask the database for the number again."""
        online.count_search(membership=self.membership, saved=self.saved(search_id))
        return self.line(search_id)


class FetchSearch(SearchApi):
    """The records of a search."""

    @endpoint(JobOut, status=202, needs=Capability.IMPORT)
    def post(self, search_id: int) -> Job:
        """Let a worker fetch the records and import them."""
        online.start_fetch(membership=self.membership, saved=self.saved(search_id))
        running = self.line(search_id).fetches[0].job
        if running is None:
            raise Http404("The fetch has no work yet.")
        return running


class Declared(ReviewApi):
    """Numbers from before the import, counted in the PRISMA flow."""

    @endpoint(DeclaredOut, many=True)
    def get(self) -> list[DeclaredRemoval]:
        """List the numbers that stand."""
        return list(declared_removals(self.review))

    @endpoint(DeclaredOut, takes=DeclaredIn, status=201, needs=Capability.MANAGE)
    def post(self) -> DeclaredRemoval:
        """Declare how many records of a source were removed before the import."""
        given = dict(self.given)
        rows: QuerySet[Source] = self.review.sources.exclude(kind=Source.Kind.PREVIOUS_VERSION)
        source = get_object_or_404(rows, pk=given.pop("source"))
        return declare_removal(
            membership=self.membership, source=source, facts=RemovalFacts(**given)
        )


class OneDeclared(ReviewApi):
    """One declared number."""

    @endpoint(needs=Capability.MANAGE)
    def delete(self, declared_id: int) -> None:
        """Withdraw a declared number; flows of earlier days keep it."""
        rows = DeclaredRemoval.objects.filter(source__review=self.review)
        declared = get_object_or_404(rows, pk=declared_id)
        withdraw_removal(membership=self.membership, declared=declared)
