"""The one interface of every outside database: count a query, then hand out its pages."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from screening.importers.parsed import ParsedRecord
from screening.online.client import Client
from screening.online.errors import BrokenAnswerError, TooManyHitsError

Cursor = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of a database's search syntax, and what it means."""

    example: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many records a query finds, how the database read it, and what it would not take."""

    hits: int
    understood: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came: its bytes, how many records, hits in all, where the next one begins.

    `next` is JSON data that the database's `page` takes; None after the last page.
    """

    body: bytes = field(repr=False)
    records: int
    hits: int
    next: Cursor | None


class Database(Protocol):
    """An outside database. `name` is stored and never changes; `label` names its source.

    Attributes:
        name: Key, e.g. `pubmed`.
        label: For people, e.g. `PubMed`.
        interface: What is written down as the interface of the search.
        host: The host that is asked.
        format: Name of the reader in `screening.importers` that reads its pages.
        suffix: Ending of the file that its pages make.
        limit: Most records that one search hands out.
        hints: Its search syntax, by example.
        splitting: How to split a search that finds more than the limit.
    """

    name: str
    label: str
    interface: str
    host: str
    format: str
    suffix: str
    limit: int
    hints: tuple[Hint, ...]
    splitting: str

    def count(self, client: Client, query: str) -> Count:
        """Ask how many records a query finds.

        Raises:
            OnlineError: There is no answer, or the query is refused.
        """
        ...

    def page(self, client: Client, query: str, cursor: Cursor | None) -> Page:
        """Fetch one page.

        Args:
            client: Whom to ask through.
            query: The query, exactly as the person wrote it.
            cursor: `next` of the page before; None for the first page.

        Raises:
            OnlineError: There is no answer, the query is refused, or the cursor has expired.
        """
        ...

    def join(self, pages: Iterable[bytes]) -> Iterator[bytes]:
        """Make one file of the pages; every record keeps its bytes."""
        ...

    def identity(self, record: ParsedRecord) -> str:
        """The database's own identifier of a record, by which it is known again; "" if none."""
        ...


def pages(database: Database, client: Client, query: str) -> Iterator[Page]:
    """Fetch all pages of a query, one after the other.

    Args:
        database: Which database.
        client: Whom to ask through.
        query: The query.

    Yields:
        The pages in order; none when nothing is found.

    Raises:
        OnlineError: As `Database.page`, or there are too many hits.
    """
    cursor: Cursor | None = None
    while True:
        page = database.page(client, query, cursor)
        check_hits(database, page.hits)
        if page.records:
            yield page
        if page.next is None:
            return
        cursor = page.next


def check_hits(database: Database, hits: int) -> None:
    """Refuse a search whose records the database would not hand out completely.

    Raises:
        TooManyHitsError: Saying how to split the search.
    """
    if hits > database.limit:
        raise TooManyHitsError(
            f"The search finds {hits:,} records; {database.label} hands out at most "
            f"{database.limit:,} per search here. {database.splitting}"
        )


def join_xml(pages: Iterable[bytes], root: str) -> Iterator[bytes]:
    """Put the pages of an XML format under one root element; records keep their bytes.

    Args:
        pages: Whole documents with the same root element.
        root: Name of the root element.

    Yields:
        The head of the first page, the insides of all, the end of the root element.
    """
    opening = re.compile(rf"<{root}(?:\s[^>]*)?>".encode())
    closing = f"</{root}>".encode()
    is_first = True
    for page in pages:
        start = opening.search(page)
        end = page.rfind(closing)
        if start is None or end < 0:
            raise BrokenAnswerError(f"A page of the answer is no whole <{root}>; fetch it again.")
        if is_first:
            yield page[: start.end()]
            is_first = False
        yield page[start.end() : end]
    if not is_first:
        yield closing + b"\n"


def join_lines(pages: Iterable[bytes]) -> Iterator[bytes]:
    """Put JSON documents one below the other."""
    for page in pages:
        yield page.strip() + b"\n"
