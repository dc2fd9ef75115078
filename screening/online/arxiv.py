"""arXiv by its Atom API, oldest submission first, so that new papers come at the end."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from screening.importers.parsed import ParsedRecord
from screening.online.client import Answer, Client, Question
from screening.online.database import Count, Cursor, Hint, Page, join_xml
from screening.online.errors import BrokenAnswerError, RefusedQuestionError

HOST = "export.arxiv.org"
PAGE_SIZE = 200
_TOTAL = re.compile(rb"<opensearch:totalResults[^>]*>\s*(\d+)\s*<")
_ENTRY = re.compile(rb"<entry[\s>]")
_ERROR = re.compile(rb"<id>\s*https?://arxiv\.org/api/errors")
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.S)


class Arxiv:
    """arXiv. One question in three seconds; at most 30,000 records of one search."""

    name = "arxiv"
    label = "arXiv"
    interface = "arXiv API"
    host = HOST
    format = "arxiv_atom"
    suffix = "xml"
    limit = 30_000
    hints: tuple[Hint, ...] = (
        Hint('ti:"self-supervised"', "a phrase in the title"),
        Hint("abs:radiograph", "a word of the abstract"),
        Hint("cat:cs.CV", "a category"),
        Hint("submittedDate:[202001010000 TO 202612312359]", "a range of days"),
        Hint("(ti:a OR abs:a) ANDNOT cat:cs.CL", "AND, OR, ANDNOT in capitals"),
    )
    splitting = "Split it by date with AND submittedDate:[202001010000 TO 202112312359]."

    def count(self, client: Client, query: str) -> Count:
        """Ask for one entry and read the total."""
        return Count(_total(self._ask(client, query, 0, 1)))

    def page(self, client: Client, query: str, cursor: Cursor | None) -> Page:
        """Fetch 200 entries."""
        start = int(cursor["start"]) if cursor else 0
        body = self._ask(client, query, start, PAGE_SIZE)
        hits, records = _total(body), len(_ENTRY.findall(body))
        after = start + PAGE_SIZE
        is_last = after >= hits or hits > self.limit
        return Page(body, records, hits, None if is_last else {"start": after})

    def join(self, pages: Iterable[bytes]) -> Iterator[bytes]:
        """One feed."""
        return join_xml(pages, "feed")

    def identity(self, record: ParsedRecord) -> str:
        """The arXiv id without its version."""
        return record.arxiv_id

    def _ask(self, client: Client, query: str, start: int, size: int) -> bytes:
        params = {
            "search_query": query,
            "start": str(start),
            "max_results": str(size),
            "sortBy": "submittedDate",
            "sortOrder": "ascending",
        }

        def read(answer: Answer) -> bytes:
            body = _feed(answer)
            if start < _total(body) and not _ENTRY.search(body):
                raise BrokenAnswerError("arXiv gave an empty page in the middle; try again.")
            return body

        question = Question(HOST, "/api/query", params=params, interval=3.0)
        return client.ask(question, read)


def _feed(answer: Answer) -> bytes:
    body = answer.body
    if _ERROR.search(body):
        match = _SUMMARY.search(body.decode("utf-8", "replace"))
        said = unescape(" ".join(match.group(1).split())) if match else "no reason given"
        raise RefusedQuestionError(f"arXiv refused the search: {said[:300]}")
    if not answer.is_ok:
        raise RefusedQuestionError(
            f"arXiv refused the search (HTTP {answer.status}). Check brackets and field names."
        )
    if b"<feed" not in body[:2000]:
        raise BrokenAnswerError(f"{HOST} gave no Atom feed but something else; try again.")
    if not body.rstrip().endswith(b"</feed>") or not _TOTAL.search(body):
        raise BrokenAnswerError(f"The answer of {HOST} is cut off; try again.")
    return body


def _total(body: bytes) -> int:
    match = _TOTAL.search(body)
    return int(match.group(1)) if match else 0
