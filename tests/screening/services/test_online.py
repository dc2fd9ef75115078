"""Searches of outside databases: counted, fetched once, resumed, run again, and failing well."""

import gzip
import logging
from typing import Any

import httpx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from screening import tasks
from screening.models import (
    AuditEvent,
    FetchedPage,
    HostPace,
    ImportBatch,
    ImportProblem,
    Job,
    JobContext,
    JobLost,
    Membership,
    Record,
    SavedSearch,
    Search,
    SearchFetch,
    Source,
)
from screening.online.client import PAGE
from screening.selectors.imports import counts_of
from screening.selectors.online import job_of_fetch, saved_lines
from screening.services import online as services
from screening.services.online_fetch import run_fetch
from screening.services.outside import DatabasePacer
from tests import factories
from tests.online import Databases, Online, work_off
from tests.screening.online.answers import HTML, KEY, esearch, pubmed_article, pubmed_set

pytestmark = pytest.mark.django_db
QUERY = '"self-supervised"[tiab]\nOR "contrastive"[tiab]'
ALL = ["pubmed", "arxiv", "crossref", "openalex"]


def saved_search(lead: Membership, database: str = "pubmed", query: str = QUERY) -> SavedSearch:
    saved = services.save_search(membership=lead, database=database, query=query)
    return services.count_search(membership=lead, saved=saved)


def fetch(lead: Membership, database: str = "pubmed") -> SearchFetch:
    services.start_fetch(membership=lead, saved=saved_search(lead, database))
    work_off()
    return SearchFetch.objects.latest("pk")


@pytest.mark.parametrize("database", ALL)
def test_a_search_becomes_source_search_batch_and_records(
    lead: Membership, online: Online, database: str
) -> None:
    online(Databases(range(1, 421)))
    done = fetch(lead, database)
    assert done.finished_at
    assert done.batch.source.kind == Source.Kind.DATABASE
    search = done.batch.search
    assert (search.query, search.hits) == (QUERY, 420)
    assert search.searched_on == done.created_at.date()
    assert "API" in search.interface or "E-utilities" in search.interface
    assert counts_of(done.batch).as_dict() == {
        "found": 420,
        "imported": 420,
        "known": 0,
        "warnings": 0,
        "rejected": 0,
    }
    assert not FetchedPage.objects.exists()
    assert done.batch.original_name.endswith((".xml.gz", ".json.gz"))
    with done.batch.file.open("rb") as stream:
        assert b"Alice" in gzip.decompress(stream.read())
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"search.saved", "search.fetch_started", "search.fetched", "import.finished"} <= actions


@pytest.mark.parametrize("database", ALL)
def test_run_again_only_new_records_are_imported(
    lead: Membership, online: Online, database: str
) -> None:
    played = Databases(range(1, 11))
    online(played)
    fetch(lead, database)
    played.numbers = [*range(1, 11), *range(20, 23)]
    played.article = lambda n: pubmed_article(n, abstract="A revised abstract that reads anew.")
    again = fetch(lead, database)
    counts = counts_of(again.batch)
    assert (counts.found, counts.imported, counts.known) == (13, 3, 10)
    assert Record.objects.count() == 13
    assert Search.objects.count() == 2
    assert SavedSearch.objects.count() == 1


def test_a_record_the_answer_holds_twice_comes_once(lead: Membership, online: Online) -> None:
    online(esearch(2), esearch(2), pubmed_set([pubmed_article(1), pubmed_article(1, title="B")]))
    done = fetch(lead)
    assert Record.objects.count() == 1
    known = ImportProblem.objects.get(batch=done.batch)
    assert (known.severity, known.message) == ("known", "The source lists this record already.")


class Killed(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("dies_at", range(1, 6))
def test_a_killed_worker_goes_on_and_every_record_comes_once(
    lead: Membership, online: Online, dies_at: int
) -> None:
    """Three pages: the worker dies at each request and each commit in turn."""
    played, asked = Databases(range(1, 501)), []

    def dying(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == dies_at + 1:
            raise Killed
        return played(request)

    online(dying)
    job = services.start_fetch(membership=lead, saved=saved_search(lead))
    while job.state != Job.State.DONE:
        Job.objects.filter(pk=job.pk).update(owner="w", state="running")
        job.refresh_from_db()
        try:
            tasks.search_database(JobContext(job))
        except Killed:
            continue
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, owner="")
        job.refresh_from_db()
    work_off()
    assert sorted(map(int, Record.objects.values_list("pmid", flat=True))) == list(range(1, 501))
    assert ImportBatch.objects.count() == 1
    assert (job.done, job.total) == (500, 500)
    run_fetch(fetch=SearchFetch.objects.get())
    assert ImportBatch.objects.count() == 1


def test_a_forgotten_history_is_read_again_from_the_start(lead: Membership, online: Online) -> None:
    played, asked = Databases(range(1, 501)), []

    def forgetful(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == 4:
            words = "<eFetchResult><ERROR>Cannot retrieve history data.</ERROR></eFetchResult>"
            return httpx.Response(400, text=words)
        return played(request)

    online(forgetful)
    done = fetch(lead)
    assert counts_of(done.batch).imported == 500
    assert job_of_fetch(done).cursor["restarts"] == 1


def test_a_history_that_is_always_forgotten_is_an_error(lead: Membership, online: Online) -> None:
    words = "<eFetchResult><ERROR>Cannot retrieve history data.</ERROR></eFetchResult>"
    online(esearch(3), esearch(3), httpx.Response(400, text=words))
    played = online(
        lambda request: (
            httpx.Response(200, text=esearch(3))
            if "esearch" in request.url.path
            else httpx.Response(400, text=words)
        )
    )
    saved = saved_search(lead)
    opened = services.open_fetch(membership=lead, saved=saved)
    with pytest.raises(ValidationError, match="forgotten the search"):
        run_fetch(fetch=opened)
    assert len(played.requests) == 1 + 2 * 3


def test_a_failure_in_the_middle_keeps_what_was_fetched(lead: Membership, online: Online) -> None:
    played, asked = Databases(range(1, 501)), []

    def failing(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) > 4:
            raise httpx.ConnectError("gone", request=request)
        return played(request)

    online(failing)
    job = services.start_fetch(membership=lead, saved=saved_search(lead))
    with pytest.raises(ValidationError, match=r"No answer from eutils.*400 records.*try again"):
        work_off()
    saved = SavedSearch.objects.get()
    assert "No answer from eutils.ncbi.nlm.nih.gov" in saved.failure
    assert FetchedPage.objects.count() == 2
    online(played)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    work_off()
    saved.refresh_from_db()
    assert (Record.objects.count(), saved.failure, saved.failed_at) == (500, "", None)


def test_a_cancelled_job_stops_at_its_next_page(lead: Membership, online: Online) -> None:
    online(Databases(range(1, 501)))
    job = services.start_fetch(membership=lead, saved=saved_search(lead))
    Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED, owner="")
    job.owner, job.state = "worker", Job.State.RUNNING
    with pytest.raises(JobLost), transaction.atomic():
        tasks.search_database(JobContext(job))
    assert not FetchedPage.objects.exists()
    assert not Record.objects.exists()


def test_nothing_found_is_documented_without_a_file(lead: Membership, online: Online) -> None:
    online(Databases([]))
    done = fetch(lead)
    assert (done.batch, done.search.hits, done.search.source.name) == (None, 0, "PubMed")
    assert not ImportBatch.objects.exists()


def test_a_search_that_grew_too_large_meanwhile_says_how_to_split_it(
    lead: Membership, online: Online
) -> None:
    online(esearch(5), esearch(20_000))
    services.start_fetch(membership=lead, saved=saved_search(lead))
    with pytest.raises(ValidationError, match="Split it by date"):
        work_off()


@pytest.mark.parametrize("answer", [HTML, httpx.ConnectError("x"), httpx.Response(500)])
def test_without_an_answer_the_search_is_kept_with_the_reason(
    lead: Membership, online: Online, answer: Any
) -> None:
    online(answer)
    saved = saved_search(lead)
    saved.refresh_from_db()
    assert saved.query == QUERY
    assert "eutils.ncbi.nlm.nih.gov" in saved.failure
    assert saved.failed_at
    assert saved.hits is None
    with pytest.raises(ValidationError, match="Count the search first"):
        services.start_fetch(membership=lead, saved=saved)
    online(esearch(7, errorlist={"phrasesnotfound": ["x"]}))
    services.count_search(membership=lead, saved=saved)
    saved.refresh_from_db()
    assert (saved.hits, saved.failure, saved.warnings) == (7, "", ["not found: x"])


def test_the_tests_have_no_network(lead: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.services.outside._sleep", lambda _: None)
    assert "No answer from" in saved_search(lead).failure


def test_an_installation_may_stay_inside(lead: Membership, settings: Any, online: Online) -> None:
    service = online(esearch(1))
    settings.ONLINE_SERVICES = False
    assert "switched off" in saved_search(lead).failure
    assert service.requests == []


def test_too_many_hits_are_refused_before_anything_is_fetched(
    lead: Membership, online: Online
) -> None:
    online(esearch(36_935))
    with pytest.raises(ValidationError, match="36,935 records"):
        services.start_fetch(membership=lead, saved=saved_search(lead))
    assert not SearchFetch.objects.exists()


def test_two_clicks_start_one_job(lead: Membership, online: Online) -> None:
    online(esearch(3))
    saved = saved_search(lead)
    jobs = {services.start_fetch(membership=lead, saved=saved).pk for _ in range(2)}
    assert len(jobs) == 1
    assert SearchFetch.objects.count() == 1


def test_a_source_of_that_name_but_another_kind_is_refused_early(
    lead: Membership, online: Online
) -> None:
    factories.make_source(lead.review, name="PubMed", kind="website")
    online(esearch(3))
    with pytest.raises(ValidationError, match="is there already, as: Website"):
        services.start_fetch(membership=lead, saved=saved_search(lead))


@pytest.mark.parametrize(
    ("query", "words"),
    [(" \n", "Write what"), ("x" * 20_001, "20,001 letters"), ("a\0b", "NUL")],
)
def test_a_query_that_cannot_be_is_refused(lead: Membership, query: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        services.save_search(membership=lead, database="pubmed", query=query)
    with pytest.raises(ValidationError, match="no database 'scopus'"):
        services.save_search(membership=lead, database="scopus", query="x")


def test_only_who_may_import_may_search(
    lead: Membership, screener: Membership, online: Online
) -> None:
    online(esearch(1))
    saved = saved_search(lead)
    for act in (
        lambda: services.save_search(membership=screener, database="pubmed", query="x"),
        lambda: services.count_search(membership=screener, saved=saved),
        lambda: services.start_fetch(membership=screener, saved=saved),
        lambda: services.open_fetch(membership=screener, saved=saved),
        lambda: services.forget_search(membership=screener, saved=saved),
    ):
        with pytest.raises(PermissionDenied):
            act()
    opened = services.open_fetch(membership=lead, saved=saved)
    Membership.objects.filter(pk=lead.pk).update(is_lead=False, is_observer=True)
    with pytest.raises(PermissionDenied):
        run_fetch(fetch=SearchFetch.objects.get(pk=opened.pk))


def test_searches_of_another_review_are_not_touched(lead: Membership, online: Online) -> None:
    online(esearch(1))
    saved = saved_search(lead)
    other = factories.make_member(factories.make_review(), "lead")
    for act in (services.count_search, services.open_fetch, services.forget_search):
        with pytest.raises(ValidationError, match="another review"):
            act(membership=other, saved=saved)


def test_a_search_is_forgotten_only_while_nothing_came_of_it(
    lead: Membership, online: Online
) -> None:
    online(Databases([1]))
    done = fetch(lead)
    with pytest.raises(ValidationError, match="stays documented"):
        services.forget_search(membership=lead, saved=done.saved)
    other = saved_search(lead, "arxiv")
    services.forget_search(membership=lead, saved=other)
    assert AuditEvent.objects.filter(action="search.forgotten").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.create(
            review=lead.review,
            database="pubmed",
            digest=done.saved.digest,
            query="x",
            created_by=lead,
        )


def test_keys_go_out_and_are_never_kept_or_logged(
    lead: Membership, settings: Any, online: Online, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ONLINE_API_KEYS = {"pubmed": KEY, "openalex": KEY}
    settings.ONLINE_EMAIL = "secret@example.org"
    played = Databases([1, 2])
    service = online(played)
    with caplog.at_level(logging.INFO, logger="screening"):
        for database in ALL:
            fetch(lead, database)
    assert KEY in service.fields(0)["api_key"]
    assert any(KEY in str(request.url) for request in service.requests)
    online(httpx.Response(400, json={"error": f"API key invalid {KEY} secret@example.org"}))
    saved = services.count_search(membership=lead, saved=SavedSearch.objects.earliest("pk"))
    assert "API key invalid" in saved.failure
    kept = [
        *map(str, AuditEvent.objects.values_list("before", "after")),
        *map(str, Job.objects.values_list("params", "cursor", "message", "error", "result")),
        *map(str, SavedSearch.objects.values()),
        *map(str, Search.objects.values()),
        *map(str, Record.objects.values_list("raw_text", "extra", "urls")),
        caplog.text,
    ]
    for secret in (KEY, "secret@example.org"):
        assert not [text for text in kept if secret in text]


def test_all_processes_share_the_pace() -> None:
    waits = [DatabasePacer().reserve("export.arxiv.org", 3.0) for _ in range(3)]
    assert waits[0] == 0
    assert 2.5 < waits[1] <= 3
    assert 5.5 < waits[2] <= 6
    assert DatabasePacer().reserve("api.crossref.org", 1.0) == 0
    far = HostPace.objects.get(host="export.arxiv.org")
    far.free_at = far.free_at.replace(year=far.free_at.year + 1)
    far.save()
    assert DatabasePacer().reserve("export.arxiv.org", 3.0) == 0, "a clock set back is no year off"


def test_lists_take_a_fixed_number_of_queries(
    lead: Membership, online: Online, django_assert_num_queries: Any
) -> None:
    online(Databases([1, 2]))
    for database in ALL:
        fetch(lead, database)
    with django_assert_num_queries(5):  # searches, fetchings, jobs, imported, noted
        lines = saved_lines(lead.review)
    assert [line.fetches[0].counts.imported for line in lines] == [2, 2, 2, 2]
    assert [line.fetches[0].missing for line in lines] == [0, 0, 0, 0]
    assert not any(line.running or line.is_too_large for line in lines)


def test_records_the_database_kept_back_are_counted(lead: Membership, online: Online) -> None:
    online(esearch(5), esearch(5), pubmed_set([pubmed_article(1), pubmed_article(2)]))
    fetch(lead)
    (line,) = saved_lines(lead.review)
    assert line.fetches[0].missing == 3
    assert PAGE.tries == 2
