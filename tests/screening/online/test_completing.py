"""Completing without a database: the order of places, and the reasons for what stays missing."""

from typing import Any

import httpx

from screening.online.completing import Gap, complete
from tests.online import Databases
from tests.screening.online.answers import (
    ABSTRACT,
    Service,
    client_for,
    crossref_list,
    crossref_work,
    fields_of,
    openalex_list,
    openalex_work,
    pubmed_article,
    pubmed_set,
)


def hosts(service: Service) -> list[str]:
    return [request.url.host.split(".")[-2] for request in service.requests]


def answers(**by_host: Any) -> Service:
    """One answer per host: `nih`, `crossref`, `openalex`."""

    def answer(request: httpx.Request) -> httpx.Response:
        given = by_host[request.url.host.split(".")[-2]]
        if isinstance(given, Exception):
            raise given
        return httpx.Response(200, text=given)

    return Service(answer)


def test_pubmed_is_asked_first_and_who_has_a_value_is_asked_no_more() -> None:
    service = Service(Databases([1, 2, 3]))
    gaps = [
        Gap(1, ("abstract",), title="Study 1 of E. coli", pmid="1", doi="10.1000/c.1"),
        Gap(2, ("abstract",), title="Work 2", doi="10.1000/C.2"),
        Gap(3, ("abstract",), title="Work 3", doi="10.1000/o.3"),
        Gap(4, ("abstract",), title="Nowhere", doi="10.1000/none"),
        Gap(5, ("abstract",), title="Nameless"),
    ]
    outcomes = complete(client_for(service), gaps, {})
    assert hosts(service) == ["nih", "crossref", "openalex"]
    assert fields_of(service.requests[1])["filter"] == (
        "doi:10.1000/c.2,doi:10.1000/o.3,doi:10.1000/none"
    )
    assert fields_of(service.requests[2])["filter"] == "doi:10.1000/o.3|10.1000/none"
    found = {key: one.values["abstract"] for key, one in outcomes.items() if one.values}
    assert {key: (one.origin, one.identifier) for key, one in found.items()} == {
        1: ("pubmed", "1"),
        2: ("crossref", "10.1000/C.2"),
        3: ("openalex", "10.1000/o.3"),
    }
    assert {one.value for one in found.values()} == {ABSTRACT}
    assert outcomes[4].reason(gaps[3]) == (
        "No abstract: Crossref does not know the DOI; OpenAlex does not know the DOI."
    )
    assert outcomes[5].reason(gaps[4]) == ("No abstract: it has neither a PubMed id nor a DOI.")


def test_each_field_may_come_from_another_place() -> None:
    bare = crossref_work(1, abstract="")
    service = answers(
        nih=pubmed_set([pubmed_article(1, abstract="")]),
        crossref=crossref_list(1, [bare]),
        openalex=openalex_list(1, [openalex_work(1, doi="https://doi.org/10.1000/c.1")]),
    )
    gap = Gap(1, ("abstract", "year", "venue", "authors"), pmid="1", doi="10.1000/c.1")
    outcome = complete(client_for(service), [gap], {})[1]
    assert {name: one.origin for name, one in outcome.values.items()} == {
        "year": "pubmed",
        "venue": "pubmed",
        "authors": "pubmed",
        "abstract": "openalex",
    }
    assert outcome.values["authors"].value == ["Moreau, Alice"]
    assert outcome.reason(gap) == ""
    assert outcome.reasons == ["PubMed has none", "Crossref has none"]


def test_another_report_under_the_identifier_is_not_taken() -> None:
    service = answers(
        nih=pubmed_set([pubmed_article(1, title="Heart failure in dogs")]),
        crossref=crossref_list(0),
        openalex=openalex_list(0),
    )
    gap = Gap(1, ("abstract",), title="Deep learning", year=1999, pmid="1")
    outcome = complete(client_for(service), [gap], {})[1]
    assert not outcome.values
    assert "PubMed: the identifier leads to another title there: “Heart failure in dogs”" in (
        outcome.reason(gap)
    )


def test_a_place_that_gives_no_answer_is_left_out_from_then_on() -> None:
    service = answers(
        nih=httpx.ConnectError("x"),
        crossref=crossref_list(1, [crossref_work(1)]),
        openalex=openalex_list(0),
    )
    gap = Gap(1, ("abstract", "venue"), pmid="1", doi="10.1000/c.1")
    down: dict[str, str] = {}
    first = complete(client_for(service), [gap], down)[1]
    assert first.values["abstract"].origin == "crossref"
    assert "No answer from eutils" in down["pubmed"]
    before = len(service.requests)
    other = Gap(2, ("abstract",), pmid="2")
    second = complete(client_for(service), [other], down)[2]
    assert second.reason(other) == "No abstract: PubMed gave no answer."
    assert len(service.requests) == before
