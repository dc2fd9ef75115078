"""Looking up by PubMed id and DOI, abstracts made plain, and foreign reports refused."""

import httpx
import pytest

from screening.importers.parsed import ParsedRecord
from screening.online.abstracts import plain_abstract
from screening.online.errors import BrokenAnswerError, NoAccessError
from screening.online.lookups import LOOKUPS
from screening.online.matching import contradiction
from screening.online.reading import records_of
from tests.screening.online.answers import (
    ABSTRACT,
    Service,
    client_for,
    crossref_list,
    crossref_work,
    efetch_error,
    fields_of,
    openalex_list,
    openalex_work,
    pubmed_article,
    pubmed_set,
)

PUBMED, CROSSREF, OPENALEX = LOOKUPS


def test_pubmed_ids_are_asked_for_together() -> None:
    service = Service(pubmed_set([pubmed_article(11), pubmed_article(13), pubmed_article(99)]))
    found = PUBMED.find(client_for(service), ["11", "12", "13", "11"])
    assert service.fields()["id"] == "11,12,13"
    assert set(found) == {"11", "13"}
    assert found["11"].abstract == ABSTRACT


def test_one_bad_identifier_does_not_cost_the_others() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        ids = fields_of(request)["id"].split(",")
        if "0" in ids:
            return httpx.Response(400, text=efetch_error("ID list is empty!"))
        return httpx.Response(200, text=pubmed_set(pubmed_article(int(one)) for one in ids))

    found = PUBMED.find(client_for(Service(answer)), ["1", "2", "0", "4", "5"])
    assert set(found) == {"1", "2", "4", "5"}


def test_a_refused_key_is_not_taken_for_a_bad_identifier() -> None:
    service = Service(httpx.Response(403))
    with pytest.raises(NoAccessError):
        PUBMED.find(client_for(service), ["1", "2"])
    assert len(service.requests) == 1


def test_dois_are_asked_for_together_whatever_their_case() -> None:
    service = Service(crossref_list(2, [crossref_work(1), crossref_work(2)]))
    found = CROSSREF.find(client_for(service), ["10.1000/C.1", "10.1000/c.1", "10.1000/c.3"])
    assert service.fields()["filter"] == "doi:10.1000/c.1,doi:10.1000/c.3"
    assert set(found) == {"10.1000/c.1"}
    service = Service(openalex_list(1, [openalex_work(7)]))
    found = OPENALEX.find(client_for(service), ["10.1000/o.7", "10.1000/o.8"])
    assert service.fields()["filter"] == "doi:10.1000/o.7|10.1000/o.8"
    assert found["10.1000/o.7"].abstract == ABSTRACT


def test_a_doi_with_a_comma_is_asked_for_alone() -> None:
    odd = "10.1000/a,b|c"
    for lookup, known in (
        (CROSSREF, {"status": "ok", "message-type": "work", "message": crossref_work(1, DOI=odd)}),
        (OPENALEX, openalex_work(1, doi=f"https://doi.org/{odd.replace('|', '%7C')}")),
    ):
        service = Service(httpx.Response(200, json=known))
        lookup.find(client_for(service), [odd])
        assert "10.1000%2Fa%2Cb%7Cc" in str(service.requests[0].url)
        missing = Service(httpx.Response(404, text="Resource not found."))
        assert lookup.find(client_for(missing), [odd]) == {}


def test_what_cannot_be_read_is_said() -> None:
    with pytest.raises(BrokenAnswerError, match="could not be read"):
        records_of(b"{broken", "crossref_json")


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        (f"<jats:title>Abstract</jats:title><jats:p>{ABSTRACT}</jats:p>", ABSTRACT),
        (f"Abstract: {ABSTRACT}", ABSTRACT),
        (f"<p>ABSTRACT</p>\n<p>{ABSTRACT}</p>", ABSTRACT),
        (
            f"<jats:sec><jats:title>Methods:</jats:title><jats:p>{ABSTRACT}</jats:p></jats:sec>"
            "<jats:sec><jats:title>Results</jats:title><jats:p>x &lt; 5 &amp;amp; "
            f"{ABSTRACT}</jats:p></jats:sec>",
            f"Methods: {ABSTRACT}\nResults: x < 5 &amp; {ABSTRACT}",
        ),
        (
            f"p < 0.05 and n > 3 in <i>E. coli</i>; {ABSTRACT}",
            f"p < 0.05 and n > 3 in E. coli; {ABSTRACT}",
        ),
        ("No abstract available.", ""),
        ("[Figure: see text]", ""),
        ("N/A", ""),
        ("", ""),
        ("No abstract is available" + "." * 40, ""),
    ],
)
def test_an_abstract_becomes_plain_paragraphs(given: str, plain: str) -> None:
    assert plain_abstract(given) == plain


def found(title: str, year: int | None = 2021, author: str = "Moreau, Alice") -> ParsedRecord:
    return ParsedRecord(title=title, year=year, authors=(author,) if author else ())


@pytest.mark.parametrize(
    ("title", "other", "is_same"),
    [
        ("Deep learning in radiology.", found("Deep Learning in Radiology"), True),
        ("Deep learning in radiology", found("Deep learning in radiology: a review"), True),
        ("", found("Anything"), True),
        ("Tiefes Lernen in der Radiologie", found("[Deep learning in radiology]."), True),
        ("Tiefes Lernen in der Radiologie", found("[Deep learning in radiology].", 2015), False),
        ("Tiefes Lernen", found("Heart failure in dogs", author="Smith, J"), False),
        ("Tiefes Lernen", found("Heart failure in dogs", author=""), False),
        ("Tiefes Lernen", found("Heart failure in dogs", year=None), False),
        ("深度学习", found("深度学习"), True),
    ],
)
def test_another_report_under_the_identifier_is_noticed(
    title: str, other: ParsedRecord, *, is_same: bool
) -> None:
    why = contradiction(title, ["Alice Moreau"], 2022, other)
    assert (why == "") is is_same, why
    assert is_same or other.title in why


def test_nameless_and_blank_authors_prove_nothing() -> None:
    other = found("Heart failure in dogs", author=" ")
    assert contradiction("Something else", [], 2021, other)
    assert contradiction("Something else", [" "], 2021, other)
