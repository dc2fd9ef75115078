"""Fetching a search: page by page with a stored cursor, then one file, then its import."""

import gzip
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from screening.models import (
    AuditEvent,
    FetchedPage,
    ImportBatch,
    Membership,
    Search,
    SearchFetch,
    Source,
)
from screening.online.client import WORKER, Client
from screening.online.database import Database, Page, check_hits
from screening.online.errors import ExpiredCursorError, OnlineError
from screening.online.registry import database_named
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.import_files import Reading
from screening.services import imports
from screening.services.import_run import Progress, no_progress
from screening.services.online import note_failure
from screening.services.outside import open_client

MAX_RESTARTS = 2
_ENCODING = "utf-8"
_START: dict[str, Any] = {"next": None, "pages": 0, "records": 0, "hits": 0, "is_read": False}
#: Hands the file over: `start_import` for a worker, `fix_reading` for a command that goes on.
Begin = Callable[..., object]


def run_fetch(
    *,
    fetch: SearchFetch,
    progress: Progress = no_progress,
    cursor: Any = None,
    begin: Begin = imports.start_import,
) -> ImportBatch | None:
    """Fetch all pages of a search and hand them to the import.

    Args:
        fetch: What to fetch; one that is finished is left as it is.
        progress: Told after every page, inside its transaction.
        cursor: Where an earlier run stopped; None starts at the beginning.
        begin: What is done with the file.

    Returns:
        The batch; None when nothing was found.

    Raises:
        PermissionDenied: Who asked for it may not import any more.
        ValidationError: There was no answer; what was fetched stays for the next try.
    """
    if fetch.finished_at:
        return fetch.batch
    require(fetch.created_by, Capability.IMPORT)
    database = database_named(fetch.saved.database)
    state = _START | {"restarts": 0} | (cursor or {})
    try:
        with open_client(WORKER) as client:
            while not state["is_read"]:
                state = _step(client, database, fetch, state, progress)
    except OnlineError as error:
        note_failure(fetch.saved, error)
        raise ValidationError(
            f"{error} The search is kept, and so are the {state['records']:,} records fetched so "
            "far; try again to go on."
        ) from None
    return _hand_over(fetch, database, state["hits"], begin)


def _step(
    client: Client,
    database: Database,
    fetch: SearchFetch,
    state: dict[str, Any],
    progress: Progress,
) -> dict[str, Any]:
    """Fetch one page; page, cursor and progress are one transaction."""
    try:
        page = database.page(client, fetch.saved.query, state["next"])
    except ExpiredCursorError:
        if state["restarts"] >= MAX_RESTARTS:
            raise
        return _restart(fetch, state, progress)
    check_hits(database, page.hits)
    after = state | {
        "next": page.next,
        "pages": state["pages"] + 1,
        "records": state["records"] + page.records,
        "hits": page.hits,
        "is_read": page.next is None,
    }
    with transaction.atomic():
        _keep(fetch, after["pages"], page)
        progress(
            done=after["records"],
            total=page.hits,
            message=f"Fetching from {database.label}",
            cursor=after,
        )
    return after


def _keep(fetch: SearchFetch, number: int, page: Page) -> None:
    if page.records:
        FetchedPage.objects.create(
            fetch=fetch, number=number, body=zlib.compress(page.body), records=page.records
        )


def _restart(fetch: SearchFetch, state: dict[str, Any], progress: Progress) -> dict[str, Any]:
    again = _START | {"restarts": state["restarts"] + 1}
    with transaction.atomic():
        fetch.pages.all().delete()
        progress(done=0, cursor=again)
    return again


def _hand_over(
    fetch: SearchFetch, database: Database, hits: int, begin: Begin
) -> ImportBatch | None:
    """Make file, search and batch of the pages and begin the import: all or nothing."""
    with ExitStack() as undo:
        with transaction.atomic():
            fetch = SearchFetch.objects.select_for_update(of=("self",)).get(pk=fetch.pk)
            if fetch.finished_at:
                return fetch.batch
            member = Membership.objects.select_related("review", "user").get(pk=fetch.created_by_id)
            facts = imports.SearchFacts(
                query=fetch.saved.query,
                interface=database.interface,
                searched_on=timezone.localdate(fetch.created_at),
                hits=hits,
            )
            if fetch.pages.exists():
                batch = _batch(fetch, database, member, facts)
                undo.callback(batch.file.delete, save=False)
                fetch.batch, fetch.search = batch, batch.search
            else:
                fetch.search = _search(member, database, facts)
            fetch.finished_at = timezone.now()
            fetch.save()
            if fetch.batch:
                reading = Reading(database.format, _ENCODING, {})
                begin(membership=member, batch=fetch.batch, reading=reading)
            _note(fetch, member, hits)
            fetch.pages.all().delete()
        undo.pop_all()
    return fetch.batch


def _batch(
    fetch: SearchFetch, database: Database, member: Membership, facts: imports.SearchFacts
) -> ImportBatch:
    with _one_file(fetch, database) as stream:
        name = f"{database.name}-{facts.searched_on}.{database.suffix}.gz"
        return imports.take_in(
            membership=member,
            source_name=database.label,
            kind=Source.Kind.DATABASE,
            upload=File(stream, name=name),
            facts=facts,
        )


@contextmanager
def _one_file(fetch: SearchFetch, database: Database) -> Iterator[BinaryIO]:
    """All pages as one packed file; the same pages always give the same bytes."""
    bodies = fetch.pages.order_by("number").values_list("body", flat=True)
    pages = (zlib.decompress(body) for body in bodies.iterator(chunk_size=1))
    with tempfile.TemporaryFile(prefix="search-") as stream:
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
            for part in database.join(pages):
                packed.write(part)
        stream.seek(0)
        yield stream


def _search(member: Membership, database: Database, facts: imports.SearchFacts) -> Search:
    """A search that found nothing is documented like any other."""
    source = imports.get_or_add_source(
        membership=member, name=database.label, kind=Source.Kind.DATABASE
    )
    search, _ = Search.objects.get_or_create(
        source=source,
        query=facts.query,
        interface=facts.interface,
        searched_on=facts.searched_on,
        hits=facts.hits,
    )
    return search


def _note(fetch: SearchFetch, member: Membership, hits: int) -> None:
    saved = fetch.saved
    saved.hits, saved.counted_at = hits, timezone.now()
    saved.failure, saved.failed_at = "", None
    saved.save(update_fields=["hits", "counted_at", "failure", "failed_at"])
    AuditEvent.objects.append(
        review=member.review,
        actor=member.user,
        action="search.fetched",
        target=saved,
        after={"hits": hits, "batch": fetch.batch_id},
    )
