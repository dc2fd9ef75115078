"""PubMed: count, pages from the history server, its limit, and what it answers when it fails."""

import httpx
import pytest

from screening.online.access import Access
from screening.online.database import pages
from screening.online.errors import (
    BrokenAnswerError,
    ExpiredCursorError,
    RefusedQuestionError,
    TooManyHitsError,
)
from screening.online.pubmed import PubMed
from screening.online.reading import records_of
from tests.screening.online.answers import (
    EMAIL,
    HTML,
    KEY,
    Service,
    client_for,
    efetch_error,
    esearch,
    fields_of,
    pubmed_article,
    pubmed_set,
)

QUERY = '"self-supervised"[tiab] AND x+y%20z & "Ménière"'
DATABASE = PubMed()


def pubmed(count: int) -> Service:
    """A PubMed with `count` hits, numbered from 1."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = fields_of(request)
        if request.url.path.endswith("esearch.fcgi"):
            return httpx.Response(200, text=esearch(count))
        start = int(asked["retstart"])
        numbers = range(start + 1, min(start + int(asked["retmax"]), count) + 1)
        return httpx.Response(200, text=pubmed_set(map(pubmed_article, numbers)))

    return Service(answer)


def test_the_count_comes_with_what_pubmed_made_of_the_search() -> None:
    service = Service(
        esearch(
            1234,
            errorlist={"phrasesnotfound": ["nursx"], "fieldsnotfound": ["tiabx"]},
            warninglist={"quotedphrasesnotfound": ['"cable fly"[tiab]'], "outputmessages": ["Oh."]},
        )
    )
    count = DATABASE.count(client_for(service), QUERY)
    assert (count.hits, count.understood) == (1234, '"self-supervised"[Title/Abstract]')
    assert count.warnings == (
        "not found: nursx",
        "no such field: tiabx",
        'phrase not found, searched as single words: "cable fly"[tiab]',
        "Oh.",
    )


def test_the_search_is_posted_as_written_with_contact_and_key() -> None:
    service = Service(esearch(1))
    DATABASE.count(client_for(service), QUERY)
    (request,) = service.requests
    assert (request.method, request.url.query) == ("POST", b"")
    asked = service.fields()
    assert (asked["db"], asked["term"], asked["retmax"]) == ("pubmed", QUERY, "0")
    assert (asked["tool"], asked["email"], asked["api_key"]) == ("reviewapp", EMAIL, KEY)
    assert "usehistory" not in asked
    DATABASE.count(client_for(service, access=Access()), QUERY)
    assert {"email", "api_key"}.isdisjoint(service.fields())


def test_all_pages_come_once_and_make_one_file() -> None:
    service = pubmed(450)
    found = list(pages(DATABASE, client_for(service), QUERY))
    assert [page.records for page in found] == [200, 200, 50]
    assert {page.hits for page in found} == {450}
    assert service.fields(0)["usehistory"] == "y"
    assert service.fields(1)["WebEnv"].startswith("MCID_")
    assert [service.fields(at)["retstart"] for at in (1, 2, 3)] == ["0", "200", "400"]
    joined = b"".join(DATABASE.join(page.body for page in found))
    records = records_of(joined, DATABASE.format)
    assert [DATABASE.identity(record) for record in records] == [str(n) for n in range(1, 451)]
    assert all(record.raw_text.encode() in joined for record in records[::100])


def test_it_goes_on_at_a_cursor() -> None:
    service = pubmed(450)
    client = client_for(service)
    first = DATABASE.page(client, QUERY, None)
    second = DATABASE.page(client, QUERY, first.next)
    assert records_of(second.body, DATABASE.format)[0].pmid == "201"
    assert len(service.requests) == 3, "the search is not asked again"


def test_nothing_found_is_no_page() -> None:
    service = Service(esearch(0, warninglist={"outputmessages": ["No items found."]}))
    assert list(pages(DATABASE, client_for(service), QUERY)) == []
    assert b"".join(DATABASE.join([])) == b""


def test_more_than_pubmed_hands_out_is_refused_with_advice() -> None:
    service = Service(esearch(36_935))
    with pytest.raises(TooManyHitsError, match=r"36,935 records.*9,999.*Split it by date.*\[dp\]"):
        list(pages(DATABASE, client_for(service), QUERY))
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            '{"esearchresult":{"ERROR":"Empty term and query_key - nothing todo"}}',
            RefusedQuestionError,
            "Empty term",
        ),
        (
            f'{{"error":"API key invalid","api-key":"{KEY}"}}',
            RefusedQuestionError,
            "API key invalid",
        ),
        (
            '{"esearchresult":{"ERROR":"Search Backend failed: timeout"}}',
            BrokenAnswerError,
            "just now",
        ),
        ('{"esearchresult":{}}', BrokenAnswerError, "no count"),
        ("[]", BrokenAnswerError, "no count"),
        (HTML, BrokenAnswerError, "no JSON"),
        (esearch(3)[:60], BrokenAnswerError, "no JSON"),
    ],
)
def test_a_search_that_fails_says_why(answer: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        DATABASE.count(client_for(Service(answer)), QUERY)
    assert KEY not in str(caught.value)


EXPIRED = "Cannot retrieve history data. query_key: 1, WebEnv: MCID_5f93, retstart: 200"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (efetch_error(EXPIRED), ExpiredCursorError, "forgotten"),
        (
            efetch_error("External viewer error: Empty Response. Status: Timeout"),
            BrokenAnswerError,
            "just now",
        ),
        (efetch_error("Unknown database"), RefusedQuestionError, "Unknown database"),
        (HTML, BrokenAnswerError, "no XML"),
        (pubmed_set([pubmed_article(1)])[:-30], BrokenAnswerError, "cut off"),
    ],
)
def test_a_page_that_fails_says_why(answer: str, error: type[Exception], words: str) -> None:
    service = Service(esearch(1), httpx.Response(400 if "<ERROR>" in answer else 200, text=answer))
    with pytest.raises(error, match=words):
        DATABASE.page(client_for(service), QUERY, None)
