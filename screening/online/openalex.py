"""OpenAlex by its API: works with a cursor; abstracts come as an index of words."""

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

HOST = "api.openalex.org"
PAGE_SIZE = 100
#: Without what changes from day to day (citations, dates of update), a work reads the same again.
SELECT = (
    "id,doi,title,display_name,publication_year,publication_date,ids,language,primary_location,"
    "type,authorships,biblio,is_retracted,keywords,abstract_inverted_index"
)
_ALLOWED = ("search", "filter")


class OpenAlex:
    """OpenAlex. Three questions a second; without a key it answers only a few a day."""

    name = "openalex"
    label = "OpenAlex"
    interface = "OpenAlex API (works)"
    host = HOST
    format = "openalex_json"
    suffix = "json"
    limit = 10_000
    hints: tuple[Hint, ...] = (
        Hint('"self-supervised" AND radiograph', "title, abstract and full text"),
        Hint("filter=title_and_abstract.search:self-supervised", "title and abstract alone"),
        Hint("search=contrastive&filter=publication_year:2020-2026,type:article", "both"),
    )
    splitting = "Split it by year, for example with &filter=publication_year:2020-2021."

    def count(self, client: Client, query: str) -> Count:
        """Ask for one work and read the total."""
        asked = parameters_of(query, _ALLOWED)
        _, document = works(client, asked | {"per_page": "1", "select": "id"})
        understood = "&".join(f"{name}={value}" for name, value in asked.items())
        return Count(_total(document), understood)

    def page(self, client: Client, query: str, cursor: Cursor | None) -> Page:
        """Fetch 100 works."""
        asked = parameters_of(query, _ALLOWED)
        mark = cursor["cursor"] if cursor else "*"
        asked |= {"per_page": str(PAGE_SIZE), "select": SELECT, "cursor": mark}
        try:
            body, document = client.ask(_question("/works", asked, client.access), _page)
        except RefusedQuestionError:
            if cursor is None:
                raise
            raise ExpiredCursorError(
                "OpenAlex has forgotten the search in the meantime; it is read again from the "
                "start."
            ) from None
        items, hits = len(document["results"]), _total(document)
        mark = str(document["meta"].get("next_cursor") or "")
        is_last = not items or not mark or hits > self.limit
        return Page(body, items, hits, None if is_last else {"cursor": mark})

    def join(self, pages: Iterable[bytes]) -> Iterator[bytes]:
        """The answers one below the other."""
        return join_lines(pages)

    def identity(self, record: ParsedRecord) -> str:
        """The address of the work at OpenAlex."""
        return next(iter(record.extra.get("id", ())), "")


def works(client: Client, params: Mapping[str, str]) -> tuple[bytes, Mapping[str, Any]]:
    """Ask for works.

    Args:
        client: Whom to ask through.
        params: The parameters of the address.

    Returns:
        The answer as it came, and the document with `meta` and `results`.

    Raises:
        OnlineError: There is no such answer.
    """
    return client.ask(_question("/works", params, client.access), _page)


def work(client: Client, path: str) -> bytes | None:
    """Ask for one work by its path; None when OpenAlex does not know it."""
    return client.ask(_question(path, {"select": SELECT}, client.access), _single)


def _question(path: str, params: Mapping[str, str], access: Access) -> Question:
    """OpenAlex takes its key in the address only; the address is never shown, kept or logged."""
    key = access.key("openalex")
    secret = {"api_key": key} if key else {}
    return Question(HOST, path, params=dict(params) | secret, interval=0.34)


def _page(answer: Answer) -> tuple[bytes, Mapping[str, Any]]:
    document = _document(answer)
    if not isinstance(document.get("results"), list) or not isinstance(document.get("meta"), dict):
        raise BrokenAnswerError(f"The answer of {HOST} holds no list of works; try again.")
    return answer.body, document


def _single(answer: Answer) -> bytes | None:
    if answer.status == 404:  # noqa: PLR2004 - HTTP's own number
        return None
    _document(answer)
    return answer.body


def _document(answer: Answer) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except ValueError:
        raise BrokenAnswerError(f"{HOST} gave no JSON but something else; try again.") from None
    if not isinstance(document, dict):
        raise BrokenAnswerError(f"The answer of {HOST} is no object; try again.")
    if not answer.is_ok or "error" in document:
        said = str(document.get("message") or document.get("error") or f"HTTP {answer.status}")
        raise RefusedQuestionError(f"OpenAlex refused the search: {said[:300]}")
    return document


def _total(document: Mapping[str, Any]) -> int:
    count = document["meta"].get("count")
    return count if isinstance(count, int) else 0
