"""The pages of searches: count, fetch, run again, and what is shown without a network."""

import httpx
import pytest
from django.urls import reverse

from screening.models import Job, Membership, Record, SavedSearch, User
from tests.online import Databases, Online, work_off
from tests.screening.online.answers import esearch

pytestmark = pytest.mark.django_db
QUERY = ' "a & b"[tiab]\r\nOR <c>'


def url(name: str, **kwargs: object) -> str:
    return reverse(f"screening:{name}", kwargs={"slug": "ssl", **kwargs})


def send(client: object, query: str = QUERY, database: str = "pubmed") -> str:
    response = client.post(url("new-search"), {"database": database, "query": query})  # type: ignore[attr-defined]
    saved = SavedSearch.objects.latest("pk")
    assert response.url == url("saved-search", search_id=saved.pk)
    return str(response.url)


def test_a_search_is_counted_then_fetched_then_run_again(
    client_of: type, lead: Membership, online: Online
) -> None:
    client = client_of(lead)
    played = Databases(range(1, 4))
    service = online(played)
    page = client.get(send(client)).content.decode()
    assert "Fetch 3 records" in page
    assert "read it as" in page
    assert service.fields()["term"] == '"a & b"[tiab]\nOR <c>'
    assert "OR &lt;c&gt;" in page
    saved = SavedSearch.objects.get()
    fetch = url("fetch-search", search_id=saved.pk)
    running = client.get(client.post(fetch).url).content.decode()
    assert "every 2s" in running
    assert "Waiting for a worker" in running
    assert "fetching" in client.get(url("sources")).content.decode()
    work_off()
    done = client.get(url("saved-search", search_id=saved.pk)).content.decode()
    assert "every 2s" not in done
    assert "Search for what is new" in done
    assert ".xml.gz" in done
    played.numbers = [1, 2, 3, 9]
    client.post(fetch)
    work_off()
    lines = client.get(url("saved-search", search_id=saved.pk)).context["line"].fetches
    assert [(one.counts.imported, one.counts.known) for one in lines] == [(1, 3), (3, 0)]
    sources = client.get(url("sources")).content.decode()
    assert "fetched" in sources
    assert Record.objects.count() == 4


def test_without_network_the_page_says_so_and_keeps_the_search(
    client_of: type, lead: Membership, online: Online
) -> None:
    client = client_of(lead)
    online(httpx.ConnectError("no network"))
    page = client.get(send(client)).content.decode()
    assert "PubMed gave no answer" in page
    assert "No answer from eutils.ncbi.nlm.nih.gov" in page
    assert "The search is kept" in page
    assert "Try again" in page
    assert client.get(url("sources")).status_code == 200
    saved = SavedSearch.objects.get()
    refused = client.post(url("fetch-search", search_id=saved.pk), follow=True).content.decode()
    assert "Count the search first" in refused
    changed = client.get(f"{url('new-search')}?from={saved.pk}").content.decode()
    assert "&quot;a &amp; b&quot;[tiab]" in changed
    online(esearch(0))
    counted = client.post(url("count-search", search_id=saved.pk), follow=True).content.decode()
    assert "gave no answer" not in counted
    assert "records found" in counted


def test_a_job_that_failed_leads_to_going_on(
    client_of: type, lead: Membership, online: Online
) -> None:
    client = client_of(lead)
    online(Databases(range(3)))
    address = send(client)
    client.post(url("fetch-search", search_id=SavedSearch.objects.get().pk))
    Job.objects.update(state=Job.State.FAILED, error="No answer from there.")
    page = client.get(address).content.decode()
    assert "The last fetching stopped" in page
    assert "Go on from there" in page


def test_more_than_a_search_hands_out_shows_how_to_split_it(
    client_of: type, lead: Membership, online: Online
) -> None:
    online(esearch(36_935))
    page = client_of(lead).get(send(client_of(lead))).content.decode()
    assert "36,935" in page
    assert "Split it by date" in page
    assert "Fetch 36,935" not in page


def test_the_form_teaches_each_syntax_and_refuses_an_empty_search(
    client_of: type, lead: Membership, settings: object
) -> None:
    client = client_of(lead)
    page = client.get(url("new-search")).content.decode()
    assert "[tiab]" in page
    assert "CONTACT_EMAIL" in page
    assert client.post(url("new-search"), {"database": "pubmed", "query": ""}).status_code == 400
    blank = client.post(url("new-search"), {"database": "pubmed", "query": "  "})
    assert blank.status_code == 400
    wrong = client.post(url("new-search"), {"database": "scopus", "query": "x"})
    assert wrong.status_code == 400
    settings.ONLINE_SERVICES = False  # type: ignore[attr-defined]
    assert b"switched off" in client.get(url("new-search")).content


def test_a_search_is_removed_while_nothing_came_of_it(
    client_of: type, lead: Membership, online: Online
) -> None:
    client = client_of(lead)
    online(Databases([1]))
    send(client)
    forget = url("forget-search", search_id=SavedSearch.objects.get().pk)
    assert b"The search was removed" in client.post(forget, follow=True).content
    send(client)
    saved = SavedSearch.objects.get()
    client.post(url("fetch-search", search_id=saved.pk))
    forget = url("forget-search", search_id=saved.pk)
    assert b"stays documented" in client.post(forget, follow=True).content


def test_others_read_and_strangers_find_nothing(
    client_of: type, lead: Membership, observer: Membership, stranger: User, online: Online
) -> None:
    online(esearch(3))
    address = send(client_of(lead))
    page = client_of(observer).get(address).content.decode()
    assert "3</span>" in page
    assert "Fetch 3" not in page
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(lead).get(url("saved-search", search_id=10**9)).status_code == 404
