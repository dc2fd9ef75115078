"""arXiv, Crossref and OpenAlex: count, pages, the joined file, limits and failures."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from screening.online.arxiv import Arxiv
from screening.online.crossref import Crossref
from screening.online.database import Database, join_xml, pages
from screening.online.errors import (
    BrokenAnswerError,
    ExpiredCursorError,
    OnlineError,
    RefusedQuestionError,
    TooManyHitsError,
)
from screening.online.openalex import OpenAlex
from screening.online.reading import records_of
from screening.online.registry import DATABASES, database_named
from tests.screening.online.answers import (
    ARXIV_ERROR,
    HTML,
    OPENALEX_KEY,
    Service,
    arxiv_feed,
    client_for,
    crossref_list,
    crossref_work,
    fields_of,
    openalex_list,
    openalex_work,
)


def arxiv(count: int) -> Service:
    def answer(request: httpx.Request) -> httpx.Response:
        asked = fields_of(request)
        start = int(asked["start"])
        numbers = range(start, min(start + int(asked["max_results"]), count))
        return httpx.Response(200, text=arxiv_feed(count, numbers))

    return Service(answer)


def with_cursor(count: int, size: str, make: Callable[[int, list[int], str], str]) -> Service:
    """A service whose cursor is the number of the next item."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = fields_of(request)
        mark = asked.get("cursor", "*")
        start = 0 if mark == "*" else int(mark)
        end = min(start + int(asked[size]), count)
        return httpx.Response(200, text=make(count, list(range(start, end)), str(end)))

    return Service(answer)


def crossref(count: int) -> Service:
    return with_cursor(
        count,
        "rows",
        lambda total, part, mark: crossref_list(total, map(crossref_work, part), mark),
    )


def openalex(count: int) -> Service:
    return with_cursor(
        count,
        "per_page",
        lambda total, part, mark: openalex_list(
            total, map(openalex_work, part), mark if part else None
        ),
    )


CASES = [(Arxiv(), arxiv), (Crossref(), crossref), (OpenAlex(), openalex)]
EACH = pytest.mark.parametrize(("database", "make"), CASES, ids=[case[0].name for case in CASES])


@EACH
def test_count_then_all_pages_each_record_once(
    database: Database, make: Callable[[int], Service]
) -> None:
    client = client_for(make(430))
    assert database.count(client, "contrastive").hits == 430
    found = list(pages(database, client, "contrastive"))
    assert sum(page.records for page in found) == 430
    joined = b"".join(database.join(page.body for page in found))
    records = records_of(joined, database.format)
    assert len({database.identity(record) for record in records}) == len(records) == 430
    assert {record.abstract.count("without labels") for record in records} == {1}
    assert all(record.title and record.year == 2021 for record in records)


@EACH
def test_nothing_found_is_no_page(database: Database, make: Callable[[int], Service]) -> None:
    assert database.count(client_for(make(0)), "x").hits == 0
    assert list(pages(database, client_for(make(0)), "x")) == []


@EACH
def test_too_many_hits_are_refused_at_the_first_page(
    database: Database, make: Callable[[int], Service]
) -> None:
    service = make(database.limit + 1)
    with pytest.raises(TooManyHitsError, match=f"{database.limit:,} per search"):
        list(pages(database, client_for(service), "x"))
    assert len(service.requests) == 1


@EACH
@pytest.mark.parametrize("answer", [HTML, "", "[]", "{}", "<feed"])
def test_something_else_than_an_answer_is_broken(
    database: Database, make: Callable[[int], Service], answer: str
) -> None:
    del make
    for ask in (database.count, lambda client, query: database.page(client, query, None)):
        with pytest.raises(BrokenAnswerError, match=database.host.replace(".", r"\.")):
            ask(client_for(Service(answer)), "x")


@EACH
def test_an_answer_cut_off_is_asked_for_again(
    database: Database, make: Callable[[int], Service]
) -> None:
    whole = make(3)
    page = database.page(client_for(whole), "x", None)
    service = Service(page.body[:-20].decode(), page.body.decode())
    assert database.page(client_for(service), "x", None).records == 3


def test_an_empty_page_in_the_middle_is_asked_for_again() -> None:
    service = Service(arxiv_feed(300), arxiv_feed(300, range(200, 300)))
    page = Arxiv().page(client_for(service), "x", {"start": 200})
    assert (page.records, page.next) == (100, None)
    assert (service.fields()["start"], service.fields()["sortOrder"]) == ("200", "ascending")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(400, text=ARXIV_ERROR), "brackets do not match in .ti:a & b"),
        (httpx.Response(200, text=ARXIV_ERROR), "brackets do not match"),
        (httpx.Response(400, text="Bad Request"), "HTTP 400"),
    ],
)
def test_arxiv_refuses_in_words(answer: httpx.Response, words: str) -> None:
    with pytest.raises(RefusedQuestionError, match=words):
        Arxiv().count(client_for(Service(answer)), "(ti:a & b")


INVALID = {
    "status": "failed",
    "message-type": "validation-failure",
    "message": [{"type": "filter-not-available", "value": "x", "message": "Filter x is none."}],
}


def test_crossref_refuses_in_words_and_forgets_cursors() -> None:
    refused = Service(httpx.Response(400, json=INVALID))
    with pytest.raises(RefusedQuestionError, match="Filter x is none"):
        Crossref().count(client_for(refused), "filter=x:1")
    with pytest.raises(RefusedQuestionError, match="Filter x is none"):
        Crossref().page(client_for(refused), "a", None)
    with pytest.raises(RefusedQuestionError, match=r"HTTP 404.*not found"):
        Crossref().count(client_for(Service(httpx.Response(404, text="Resource not found."))), "a")
    with pytest.raises(ExpiredCursorError):
        Crossref().page(client_for(refused), "a", {"cursor": "old"})


def test_openalex_refuses_in_words_and_keeps_its_key_to_itself() -> None:
    error = {"error": "Invalid query", "message": f"nonsense is no field. {OPENALEX_KEY}"}
    refused = Service(httpx.Response(400, json=error))
    with pytest.raises(RefusedQuestionError, match="nonsense is no field") as caught:
        OpenAlex().count(client_for(refused), "filter=nonsense:1")
    assert OPENALEX_KEY not in str(caught.value)
    assert refused.fields()["api_key"] == OPENALEX_KEY
    with pytest.raises(RefusedQuestionError):
        OpenAlex().page(client_for(refused), "a", None)
    with pytest.raises(ExpiredCursorError):
        OpenAlex().page(client_for(refused), "a", {"cursor": "old"})


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("  deep\nlearning ", {"query": "deep learning"}),
        (
            "query.title=a b&filter=from-pub-date:2020",
            {"query.title": "a b", "filter": "from-pub-date:2020"},
        ),
        ("filter=type:book&filter=has-abstract:1", {"filter": "type:book,has-abstract:1"}),
        ("a & b", {"query": "a & b"}),
        ("query=C++&query=x", {"query": "C++ x"}),
    ],
)
def test_a_search_may_name_its_parameters(query: str, sent: dict[str, str]) -> None:
    service = Service(crossref_list(5))
    count = Crossref().count(client_for(service), query)
    assert service.fields() == sent | {"rows": "0"}
    assert count.understood == "&".join(f"{name}={value}" for name, value in sent.items())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("query.titel=a", "uses 'query.titel'; it may use query, "),
        ("query=a&mailto=x@y", "uses 'mailto'"),
        ("filter=&query=a", "Say what filter should be"),
    ],
)
def test_a_wrong_parameter_is_named_before_anything_is_asked(query: str, words: str) -> None:
    service = Service(crossref_list(5))
    with pytest.raises(OnlineError, match=words):
        Crossref().count(client_for(service), query)
    assert service.requests == []


def test_a_work_reads_the_same_on_another_day() -> None:
    for database, service in ((Crossref(), crossref(1)), (OpenAlex(), openalex(1))):
        database.page(client_for(service), "x", None)
        asked = service.fields()["select"].split(",")
        daily = {"indexed", "score", "is-referenced-by-count", "cited_by_count", "updated_date"}
        assert daily.isdisjoint(asked), database.name


def test_pages_of_another_root_are_not_joined() -> None:
    with pytest.raises(BrokenAnswerError, match="no whole <feed>"):
        list(join_xml([b"<html></html>"], "feed"))


def test_every_database_is_found_by_its_name_and_shows_its_syntax() -> None:
    for database in DATABASES:
        assert database_named(database.name) is database
        assert len(database.hints) >= 3
    with pytest.raises(ValueError, match="scopus"):
        database_named("scopus")


def test_real_answers_are_paged_and_joined(shared_data: Path) -> None:
    feeds = sorted((shared_data / "imports" / "arxiv_atom").glob("q_testing_s*_m10_*.xml"))
    bodies = [path.read_bytes() for path in feeds]
    page = Arxiv().page(client_for(Service(bodies[0].decode())), "all:testing", {"start": 214_700})
    assert (page.records, page.hits, page.next) == (10, 214_881, None)
    joined = b"".join(Arxiv().join(bodies))
    records = records_of(joined, "arxiv_atom")
    apart = [one for body in bodies for one in records_of(body, "arxiv_atom")]
    assert [one.raw_text for one in records] == [one.raw_text for one in apart]
    sets = sorted((shared_data / "imports" / "pubmed_xml").glob("zotero__PubMed_XML_0[13].xml"))
    whole = [path.read_bytes() for path in sets]
    joined = b"".join(database_named("pubmed").join(whole))
    apart = [one for body in whole for one in records_of(body, "pubmed_xml")]
    assert [one.raw_text for one in records_of(joined, "pubmed_xml")] == [
        one.raw_text for one in apart
    ]


def test_a_real_list_of_crossref_is_a_page(shared_data: Path) -> None:
    path = shared_data / "imports" / "crossref_json" / "crossref_journal_works.json"
    document = json.loads(path.read_text(encoding="utf-8"))[0]
    page = Crossref().page(client_for(Service(json.dumps(document))), "x", None)
    assert page.hits == 203
    assert len(records_of(page.body, "crossref_json")) == page.records > 0
