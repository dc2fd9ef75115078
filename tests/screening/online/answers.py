"""Answers in the true shape of each service, and a service that plays them back."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import httpx

from screening.online.access import Access
from screening.online.client import PAGE, WORKER, Client, Patience
from screening.online.pace import MemoryPacer
from screening.online.wire import HttpxWire

KEY = "ncbi-key-0123456789"
OPENALEX_KEY = "openalex-key-abcdef"
EMAIL = "review@example.org"
ACCESS = Access(email=EMAIL, keys={"pubmed": KEY, "openalex": OPENALEX_KEY})
ABSTRACT = "Models trained without labels were compared with supervised ones on radiographs."

PUBMED_HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    '1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
ATOM_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
)
HTML = "<!DOCTYPE html><html><body>Sign in to the network</body></html>"


def esearch(count: int, **more: Any) -> str:
    kept = {"querykey": "1", "webenv": "MCID_5f9318713073fb183e652822"}
    found = {
        "count": str(count),
        "retmax": "0",
        "retstart": "0",
        "idlist": [],
        "translationset": [],
        "querytranslation": '"self-supervised"[Title/Abstract]',
    }
    header = {"type": "esearch", "version": "0.3"}
    return json.dumps({"header": header, "esearchresult": found | kept | more})


def pubmed_article(pmid: int, *, abstract: str = ABSTRACT, title: str = "") -> str:
    title = title or f"Study {pmid} of &lt;i&gt;E. coli&lt;/i&gt;"
    words = f"<Abstract><AbstractText>{abstract}</AbstractText></Abstract>" if abstract else ""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}'
        '</PMID><Article PubModel="Print"><Journal><JournalIssue><Volume>3</Volume><PubDate>'
        "<Year>2021</Year></PubDate></JournalIssue><Title>Journal of Images</Title></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle>{words}<AuthorList><Author><LastName>Moreau"
        "</LastName><ForeName>Alice</ForeName></Author></AuthorList></Article></MedlineCitation>"
        f'<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId '
        f'IdType="doi">10.1000/p.{pmid}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>\n'
    )


def pubmed_set(articles: Iterable[str]) -> str:
    return f"{PUBMED_HEAD}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>"


def efetch_error(words: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD '
        'efetch 20131226//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20131226/efetch.dtd">\n'
        f"<eFetchResult>\n\t<ERROR>{words}</ERROR>\n</eFetchResult>"
    )


def arxiv_entry(number: int) -> str:
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/2101.{number:05d}v2</id>\n    <title>Paper "
        f"{number}</title>\n    <updated>2022-02-24T15:05:19Z</updated>\n    <link "
        f'href="https://arxiv.org/abs/2101.{number:05d}v2" rel="alternate" type="text/html"/>\n'
        f'    <summary>{ABSTRACT}</summary>\n    <category term="cs.CV"/>\n    <published>'
        "2021-01-24T15:05:19Z</published>\n    <author>\n      <name>Alice Moreau</name>\n"
        "    </author>\n  </entry>\n"
    )


def arxiv_feed(total: int, numbers: Iterable[int] = ()) -> str:
    return (
        f"{ATOM_HEAD}  <id>https://arxiv.org/api/x</id>\n  <title>arXiv Query</title>\n"
        f"  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
        "  <opensearch:startIndex>0</opensearch:startIndex>\n"
        f"{''.join(map(arxiv_entry, numbers))}</feed>"
    )


ARXIV_ERROR = (
    f"{ATOM_HEAD}  <entry>\n    <id>https://arxiv.org/api/errors#incorrect_query</id>\n"
    "    <title>Error</title>\n    <summary>brackets do not match in (ti:a &amp; b</summary>\n"
    "  </entry>\n</feed>"
)


def crossref_work(number: int, **more: Any) -> dict[str, Any]:
    return {
        "DOI": f"10.1000/C.{number}",
        "title": [f"Work {number}"],
        "author": [{"given": "Alice", "family": "Moreau", "sequence": "first"}],
        "container-title": ["Journal of Images"],
        "issued": {"date-parts": [[2021, 3]]},
        "type": "journal-article",
        "URL": f"https://doi.org/10.1000/c.{number}",
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{ABSTRACT}</jats:p>",
    } | more


def crossref_list(total: int, works: Iterable[dict[str, Any]] = (), cursor: str = "") -> str:
    message = {"facets": {}, "total-results": total, "items": list(works), "items-per-page": 200}
    message |= {"next-cursor": cursor} if cursor else {}
    head = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0"}
    return json.dumps(head | {"message": message})


def openalex_work(number: int, **more: Any) -> dict[str, Any]:
    words = ABSTRACT.split()
    index: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        index.setdefault(word, []).append(at)
    name = f"https://openalex.org/W{number}"
    return {
        "id": name,
        "doi": f"https://doi.org/10.1000/o.{number}",
        "title": f"Work {number}",
        "display_name": f"Work {number}",
        "publication_year": 2021,
        "ids": {"openalex": name},
        "language": "en",
        "primary_location": {"landing_page_url": None, "pdf_url": None, "source": None},
        "type": "article",
        "authorships": [{"author": {"display_name": "Alice Moreau"}}],
        "biblio": {"volume": "3", "issue": None, "first_page": "1", "last_page": "9"},
        "abstract_inverted_index": index,
    } | more


def openalex_list(
    total: int, works: Iterable[dict[str, Any]] = (), cursor: str | None = None
) -> str:
    meta = {"count": total, "db_response_time_ms": 22, "page": None, "per_page": 100}
    return json.dumps(
        {"meta": meta | {"next_cursor": cursor}, "results": list(works), "group_by": []}
    )


def fields_of(request: httpx.Request) -> dict[str, str]:
    """Parameters of the address and of the posted form, together."""
    asked = parse_qs(request.url.query.decode()) | parse_qs(request.content.decode())
    return {name: values[0] for name, values in asked.items()}


Handler = Callable[[httpx.Request], httpx.Response]


class Service:
    """Plays answers back: a list in order (the last one again and again), or a function."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer) and not isinstance(answer, type):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, text=answer)

    def fields(self, at: int = -1) -> dict[str, str]:
        return fields_of(self.requests[at])


def client_for(
    service: Handler,
    *,
    access: Access = ACCESS,
    patience: Patience = WORKER,
    slept: list[float] | None = None,
) -> Client:
    waits = slept if slept is not None else []
    clock = iter(range(10**9))
    return Client(
        HttpxWire(httpx.Client(transport=httpx.MockTransport(service))),
        pacer=MemoryPacer(lambda: float(next(clock)) * 100),
        access=access,
        patience=patience,
        sleep=waits.append,
    )


__all__ = ["PAGE", "WORKER"]
