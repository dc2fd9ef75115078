"""Crossref by its REST API: works with a cursor, only the fields a record is made of."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from screening.importers.parsed import ParsedRecord
from screening.online.access import Access
from screening.online.client import Answer, Client, Question
from screening.online.database import Count, Cursor, Hint, Page, join_lines
from screening.online.errors import (
    BrokenAnswerError,
    ExpiredCursorError,
    RefusedQuestionError,
)
from screening.online.parameters import parameters_of

HOST = "api.crossref.org"
PAGE_SIZE = 200
#: Without what changes from day to day (scores, dates of indexing), a work reads the same again.
SELECT = (
    "DOI,title,subtitle,abstract,author,container-title,issued,published,published-print,"
    "published-online,volume,issue,page,article-number,type,URL,ISSN,publisher,subject"
)
_ALLOWED = (
    "query",
    "query.bibliographic",
    "query.title",
    "query.author",
    "query.container-title",
    "filter",
)


class Crossref:
    """Crossref. One question a second; its search ranks loosely, so narrow it by filters."""

    name = "crossref"
    label = "Crossref"
    interface = "Crossref REST API (works)"
    host = HOST
    format = "crossref_json"
    suffix = "json"
    limit = 10_000
    hints: tuple[Hint, ...] = (
        Hint("self-supervised radiology", "any of the words, best matches first"),
        Hint("query.title=self-supervised", "words of the title"),
        Hint("query.title=contrastive&filter=from-pub-date:2020,type:journal-article", "filters"),
    )
    splitting = (
        "Crossref finds every work with any of the words: narrow it by a filter, for example "
        "&filter=from-pub-date:2020-01-01,until-pub-date:2020-12-31."
    )

    def count(self, client: Client, query: str) -> Count:
        """Ask for no rows and read the total."""
        asked = parameters_of(query, _ALLOWED)
        _, message = works(client, asked | {"rows": "0"})
        understood = "&".join(f"{name}={value}" for name, value in asked.items())
        return Count(_total(message), understood)

    def page(self, client: Client, query: str, cursor: Cursor | None) -> Page:
        """Fetch 200 works."""
        asked = parameters_of(query, _ALLOWED)
        mark = cursor["cursor"] if cursor else "*"
        asked |= {"rows": str(PAGE_SIZE), "select": SELECT, "cursor": mark}
        try:
            body, message = client.ask(_question("/works", asked, client.access), _page)
        except RefusedQuestionError:
            if cursor is None:
                raise
            raise ExpiredCursorError(
                "Crossref has forgotten the search in the meantime; it is read again from the "
                "start."
            ) from None
        items, hits = len(message["items"]), _total(message)
        mark = str(message.get("next-cursor") or "")
        is_last = items < PAGE_SIZE or not mark or hits > self.limit
        return Page(body, items, hits, None if is_last else {"cursor": mark})

    def join(self, pages: Iterable[bytes]) -> Iterator[bytes]:
        """The answers one below the other."""
        return join_lines(pages)

    def identity(self, record: ParsedRecord) -> str:
        """The DOI; its case means nothing."""
        return record.doi.lower()


def works(client: Client, params: Mapping[str, str]) -> tuple[bytes, Mapping[str, Any]]:
    """Ask for works.

    Args:
        client: Whom to ask through.
        params: The parameters of the address.

    Returns:
        The answer as it came, and its message with its `items`.

    Raises:
        OnlineError: There is no such answer.
    """
    return client.ask(_question("/works", params, client.access), _page)


def work(client: Client, path: str) -> bytes | None:
    """Ask for one work by its path; None when Crossref does not know it."""
    return client.ask(_question(path, {}, client.access), _single)


def _question(path: str, params: Mapping[str, str], access: Access) -> Question:
    """The contact stands in the User-Agent header, which opens the polite pool."""
    return Question(HOST, path, params=params, interval=0.35 if access.email else 1.0)


def _page(answer: Answer) -> tuple[bytes, Mapping[str, Any]]:
    message = _message(answer)
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise BrokenAnswerError(f"The answer of {HOST} holds no list of works; try again.")
    return answer.body, message


def _single(answer: Answer) -> bytes | None:
    if answer.status == 404:  # noqa: PLR2004 - HTTP's own number
        return None
    _message(answer)
    return answer.body


def _message(answer: Answer) -> Any:
    try:
        document = json.loads(answer.body)
    except ValueError:
        if not answer.is_ok:
            said = answer.body[:200].decode("utf-8", "replace").strip()
            raise RefusedQuestionError(
                f"Crossref refused the search (HTTP {answer.status}): {said}"
            ) from None
        raise BrokenAnswerError(f"{HOST} gave no JSON but something else; try again.") from None
    message = document.get("message") if isinstance(document, dict) else None
    if not answer.is_ok or (isinstance(document, dict) and document.get("status") == "failed"):
        raise RefusedQuestionError(f"Crossref refused the search: {_said(message)}")
    return message


def _said(message: Any) -> str:
    parts = message if isinstance(message, list) else [message]
    texts = [str(one.get("message", "")) if isinstance(one, dict) else str(one) for one in parts]
    return " ".join(filter(None, texts))[:300]


def _total(message: Mapping[str, Any]) -> int:
    total = message.get("total-results")
    return total if isinstance(total, int) else 0
