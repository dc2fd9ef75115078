"""PubMed by NCBI's E-utilities: ESearch keeps the result on its history server, EFetch reads it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from screening.importers.parsed import ParsedRecord
from screening.online.access import Access
from screening.online.client import Answer, Client, Question
from screening.online.database import Count, Cursor, Hint, Page, join_xml
from screening.online.errors import (
    BrokenAnswerError,
    ExpiredCursorError,
    RefusedQuestionError,
)

HOST = "eutils.ncbi.nlm.nih.gov"
PAGE_SIZE = 200
_ROOT = "PubmedArticleSet"
_RECORD = re.compile(rb"<Pubmed(?:Book)?Article[\s>]")
_ERROR = re.compile(r"<ERROR>(.*?)</ERROR>", re.S)
_WORDS = {
    "phrasesnotfound": "not found: {}",
    "fieldsnotfound": "no such field: {}",
    "phrasesignored": "ignored: {}",
    "quotedphrasesnotfound": "phrase not found, searched as single words: {}",
    "outputmessages": "{}",
}


class PubMed:
    """PubMed. 3 questions a second, 10 with a key; at most 9,999 records of one search."""

    name = "pubmed"
    label = "PubMed"
    interface = "PubMed E-utilities (ESearch, EFetch)"
    host = HOST
    format = "pubmed_xml"
    suffix = "xml"
    limit = 9_999
    hints: tuple[Hint, ...] = (
        Hint('"self-supervised learning"[tiab]', "a phrase in title or abstract"),
        Hint("contrastive learn*[tiab]", "any ending"),
        Hint('"Diagnostic Imaging"[Mesh]', "a MeSH heading with all below it"),
        Hint("2018:2026[dp]", "publication years"),
        Hint("(a OR b) AND c NOT d", "operators in capitals"),
    )
    splitting = (
        "Split it by date, for example by adding AND 1800:2019[dp] to one search and "
        "AND 2020:3000[dp] to another."
    )

    def count(self, client: Client, query: str) -> Count:
        """Ask ESearch for the number alone."""
        found = _search(client, query, keep=False)
        return Count(_hits(found), str(found.get("querytranslation", "")), _warnings(found))

    def page(self, client: Client, query: str, cursor: Cursor | None) -> Page:
        """Fetch 200 records; the first call searches and keeps the result at NCBI."""
        if cursor is None:
            found = _search(client, query, keep=True)
            hits = _hits(found)
            if not hits or hits > self.limit:
                return Page(b"", 0, hits, None)
            cursor = {
                "webenv": str(found.get("webenv", "")),
                "query_key": str(found.get("querykey", "")),
                "start": 0,
                "hits": hits,
            }
        start, hits = int(cursor["start"]), int(cursor["hits"])
        where = {
            "WebEnv": cursor["webenv"],
            "query_key": cursor["query_key"],
            "retstart": str(start),
            "retmax": str(PAGE_SIZE),
        }
        body = fetch(client, where)
        after = start + PAGE_SIZE
        return Page(
            body,
            len(_RECORD.findall(body)),
            hits,
            cursor | {"start": after} if after < hits else None,
        )

    def join(self, pages: Iterable[bytes]) -> Iterator[bytes]:
        """One PubmedArticleSet."""
        return join_xml(pages, _ROOT)

    def identity(self, record: ParsedRecord) -> str:
        """The PubMed id."""
        return record.pmid


def fetch(client: Client, where: Mapping[str, str]) -> bytes:
    """Ask EFetch for records as XML.

    Args:
        client: Whom to ask through.
        where: Which records: a place on the history server, or `id`.

    Returns:
        A whole PubmedArticleSet.

    Raises:
        OnlineError: There is no such answer.
    """
    form = {"db": "pubmed", "retmode": "xml", "rettype": "abstract"} | dict(where)
    return client.ask(_question("efetch", form, client.access), _articles)


def _question(tool: str, form: Mapping[str, str], access: Access) -> Question:
    """Posted, so that neither key nor a search of pages of text stands in an address."""
    who = {"tool": "reviewapp", "email": access.email, "api_key": access.key("pubmed")}
    return Question(
        HOST,
        f"/entrez/eutils/{tool}.fcgi",
        form=dict(form) | {name: value for name, value in who.items() if value},
        interval=0.11 if access.key("pubmed") else 0.34,
    )


def _search(client: Client, query: str, *, keep: bool) -> Mapping[str, Any]:
    form = {"db": "pubmed", "term": query, "retmode": "json", "retmax": "0"}
    form |= {"usehistory": "y"} if keep else {}
    return client.ask(_question("esearch", form, client.access), _result)


def _result(answer: Answer) -> Mapping[str, Any]:
    try:
        document = json.loads(answer.body)
    except ValueError:
        raise BrokenAnswerError(f"{HOST} gave no JSON but something else; try again.") from None
    whole = document if isinstance(document, dict) else {}
    found = whole.get("esearchresult")
    if said := whole.get("error") or (found or {}).get("ERROR"):
        raise _refusal(str(said))
    if not isinstance(found, dict) or not str(found.get("count", "")).isdigit():
        raise BrokenAnswerError(f"The answer of {HOST} has no count; try again.")
    return found


def _refusal(said: str) -> Exception:
    if "timeout" in said.lower() or "backend failed" in said.lower():
        return BrokenAnswerError(f"PubMed could not answer just now: {said[:300]}. Try again.")
    return RefusedQuestionError(f"PubMed refused the search: {said[:300]}")


def _hits(found: Mapping[str, Any]) -> int:
    return int(found["count"])


def _warnings(found: Mapping[str, Any]) -> tuple[str, ...]:
    said = []
    for place in ("errorlist", "warninglist"):
        for name, values in (found.get(place) or {}).items():
            said += [_WORDS.get(name, "{}").format(value) for value in values]
    return tuple(said)


def _articles(answer: Answer) -> bytes:
    body = answer.body
    if f"<{_ROOT}".encode() not in body[:2000]:
        match = _ERROR.search(body[:20_000].decode("utf-8", "replace"))
        said = " ".join(match.group(1).split()) if match else ""
        if "history" in said.lower() or "webenv" in said.lower():
            raise ExpiredCursorError(
                "PubMed has forgotten the search in the meantime; it is read again from the start."
            )
        if said:
            raise _refusal(said)
        raise BrokenAnswerError(f"{HOST} gave no XML of PubMed but something else; try again.")
    if not body.rstrip().endswith(f"</{_ROOT}>".encode()):
        raise BrokenAnswerError(f"The answer of {HOST} is cut off; try again.")
    return body
