"""Saved searches of outside databases: counted at once, fetched by a worker, forgotten."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import (
    AuditEvent,
    Job,
    Membership,
    Review,
    SavedSearch,
    SearchFetch,
    Source,
)
from screening.models.online import query_digest
from screening.online.client import PAGE, Patience
from screening.online.database import Count, check_hits
from screening.online.errors import OnlineError, TooManyHitsError
from screening.online.registry import database_named
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.online import FETCH_JOB, fetch_key
from screening.services.imports import get_or_add_source
from screening.services.outside import open_client

MAX_QUERY = 20_000


@transaction.atomic
def save_search(*, membership: Membership, database: str, query: str) -> SavedSearch:
    """Keep a query; nothing is asked yet.

    Args:
        membership: Who searches; a lead.
        database: Name in `screening.online.registry`.
        query: In the database's own syntax; kept and sent exactly so.

    Returns:
        The saved search; the same one when the review has it already.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: There is no such database, or the query is empty or beyond measure.
    """
    require(membership, Capability.IMPORT)
    try:
        database_named(database)
    except ValueError as error:
        raise ValidationError(f"There is no database {database!r} to search.") from error
    query = query.replace("\r\n", "\n").strip()
    if not query:
        raise ValidationError("Write what to search for.")
    if len(query) > MAX_QUERY:
        raise ValidationError(f"The search has {len(query):,} letters; at most {MAX_QUERY:,}.")
    if "\0" in query:
        raise ValidationError("The search holds a NUL character, which cannot be kept.")
    saved, is_new = SavedSearch.objects.get_or_create(
        review=membership.review,
        database=database,
        digest=query_digest(query),
        defaults={"query": query, "created_by": membership},
    )
    if is_new:
        AuditEvent.objects.append_by(
            membership, "search.saved", saved, after={"database": database, "query": query}
        )
    return saved


def count_search(
    *, membership: Membership, saved: SavedSearch, patience: Patience = PAGE
) -> SavedSearch:
    """Ask the database how many records the search finds; a failure is kept with the search.

    Args:
        membership: Who asks; a lead.
        saved: A saved search of the review.
        patience: How long to try.

    Returns:
        The search with the count, or with `failure` and the count of before.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The search is of another review.
    """
    require(membership, Capability.IMPORT)
    _same_review(membership, saved)
    try:
        with open_client(patience) as client:
            found = database_named(saved.database).count(client, saved.query)
    except OnlineError as error:
        note_failure(saved, error)
    else:
        _note_count(saved, found)
    return saved


def note_failure(saved: SavedSearch, error: OnlineError) -> None:
    """Keep why there was no answer, until there is one."""
    saved.failure, saved.failed_at = str(error), timezone.now()
    saved.save(update_fields=["failure", "failed_at"])


def _note_count(saved: SavedSearch, found: Count) -> None:
    saved.hits, saved.counted_at = found.hits, timezone.now()
    saved.understood, saved.warnings = found.understood, list(found.warnings)
    saved.failure, saved.failed_at = "", None
    saved.save()


@transaction.atomic
def open_fetch(*, membership: Membership, saved: SavedSearch) -> SearchFetch:
    """Make the row of a fetching; the edge lets a worker or a command do it.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The search is of another review, was never counted, finds more than the
            database hands out, or its source is there as another kind.
    """
    require(membership, Capability.IMPORT)
    _same_review(membership, saved)
    database = database_named(saved.database)
    if saved.hits is None:
        raise ValidationError("Count the search first, so that you know what you fetch.")
    try:
        check_hits(database, saved.hits)
    except TooManyHitsError as error:
        raise ValidationError(str(error), code="too_many") from error
    get_or_add_source(membership=membership, name=database.label, kind=Source.Kind.DATABASE)
    fetch = SearchFetch.objects.create(saved=saved, created_by=membership)
    AuditEvent.objects.append_by(
        membership, "search.fetch_started", saved, after={"database": saved.database}
    )
    return fetch


@transaction.atomic
def start_fetch(*, membership: Membership, saved: SavedSearch) -> Job:
    """Let a worker fetch the records of a search and import them.

    Returns:
        The job; the one that runs already when there is one.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: As `open_fetch`.
    """
    require(membership, Capability.IMPORT)
    Review.objects.select_for_update().get(pk=membership.review_id)
    running = Job.objects.open().filter(
        idempotency_key__in=map(fetch_key, SearchFetch.objects.filter(saved=saved))
    )
    if (job := running.first()) is not None:
        return job
    fetch = open_fetch(membership=membership, saved=saved)
    return Job.objects.enqueue(
        kind=FETCH_JOB,
        review=membership.review,
        created_by=membership.user,
        params={"fetch_id": fetch.pk},
        idempotency_key=fetch_key(fetch),
    )


@transaction.atomic
def forget_search(*, membership: Membership, saved: SavedSearch) -> None:
    """Remove a saved search that never brought anything.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: Records were fetched by it, or are being fetched.
    """
    require(membership, Capability.IMPORT)
    _same_review(membership, saved)
    if saved.fetches.exists():
        raise ValidationError("Records were fetched by this search, so it stays documented.")
    before = {"database": saved.database, "query": saved.query}
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="search.forgotten",
        target=saved,
        before=before,
    )
    saved.delete()


def _same_review(membership: Membership, saved: SavedSearch) -> None:
    if saved.review_id != membership.review_id:
        raise ValidationError("The search is of another review.")
