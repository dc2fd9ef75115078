"""Completing records: filled only where empty, with provenance, resumable, reversible."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from screening.models import (
    AuditEvent,
    DuplicateLink,
    Job,
    LookupAttempt,
    Membership,
    Record,
    RecordCompletion,
)
from screening.selectors.completions import (
    completion_job,
    completions_of,
    gap_counts,
    incomplete_records,
)
from screening.selectors.records import trace_of
from screening.services import completions as services
from tests import factories
from tests.online import Databases, Online, work_off
from tests.screening.online.answers import ABSTRACT

pytestmark = pytest.mark.django_db

Make = Callable[..., Record]


@pytest.fixture
def make(lead: Membership) -> Make:
    """`make(7)` is a record without an abstract that PubMed knows as 7."""

    def record(number: int, **fields: Any) -> Record:
        values = {"title": f"Study {number} of E. coli", "abstract": "", "pmid": str(number)}
        return factories.make_record(lead.review, **(values | fields))

    return record


def again(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def test_a_screener_fills_one_abstract_with_its_provenance(
    screener: Membership, make: Make, online: Online
) -> None:
    online(Databases([7]))
    record = make(7)
    raw = record.raw_text
    assert services.complete_record(membership=screener, record=record) == ""
    assert (again(record).abstract, again(record).raw_text) == (ABSTRACT, raw)
    (filled,) = RecordCompletion.objects.all()
    assert (filled.field, filled.value, filled.origin_label) == ("abstract", ABSTRACT, "PubMed")
    assert (filled.identifier, filled.created_by, filled.shown_value) == ("7", screener, ABSTRACT)
    event = AuditEvent.objects.get(action="record.completed")
    assert event.target_id == str(record.pk)
    assert event.before == {"abstract": ""}
    assert event.after == {"abstract": {"value": ABSTRACT, "from": "pubmed", "by": "7"}}
    with pytest.raises(ValidationError, match="lacks nothing"):
        services.complete_record(membership=screener, record=again(record))


def test_what_is_there_is_never_overwritten(lead: Membership, make: Make, online: Online) -> None:
    record = make(7, abstract="Its own words.", year=None, venue="Own venue")
    online(Databases([7]))
    services.complete_record(
        membership=lead, record=record, fields=["abstract", "year", "venue", "authors"]
    )
    found = again(record)
    assert (found.abstract, found.venue, found.year) == ("Its own words.", "Own venue", 2021)
    assert RecordCompletion.objects.get().field == "year"


def test_an_abstract_that_came_meanwhile_wins(lead: Membership, make: Make, online: Online) -> None:
    record = make(7)
    played = Databases([7])

    def slow(request: httpx.Request) -> httpx.Response:
        Record.objects.filter(pk=record.pk).update(abstract="Typed in meanwhile.")
        return played(request)

    online(slow)
    services.complete_record(membership=lead, record=record)
    assert again(record).abstract == "Typed in meanwhile."
    assert not RecordCompletion.objects.exists()
    assert not AuditEvent.objects.filter(action="record.completed").exists()


def test_taken_back_the_field_is_as_the_source_gave_it(
    lead: Membership, screener: Membership, make: Make, online: Online
) -> None:
    online(Databases([7]))
    record = make(7, year=None, venue="", authors=[])
    every = ["abstract", "year", "venue", "authors"]
    services.complete_record(membership=lead, record=record, fields=every)
    assert again(record).authors == ["Moreau, Alice"]
    for filled in RecordCompletion.objects.all():
        services.undo_completion(membership=screener, completion=filled)
    found = again(record)
    assert (found.abstract, found.year, found.venue, found.authors) == ("", None, "", [])
    with pytest.raises(ValidationError, match="taken back already"):
        services.undo_completion(membership=lead, completion=filled)
    words = [step.what for step in trace_of(membership=lead, record=found)]
    assert words.count("Abstract filled from PubMed") == words.count("Abstract taken back") == 1
    with pytest.raises(ValidationError, match="nothing to look up"):
        services.start_completion(membership=lead, fields=["abstract"])
    services.complete_record(membership=lead, record=found)
    assert again(record).abstract == ABSTRACT, "a person may ask once more"


def test_the_identifier_of_a_duplicate_serves_too(
    lead: Membership, make: Make, online: Online
) -> None:
    online(Databases([7]))
    kept, other = make(7, pmid=""), make(7)
    link = {"review": lead.review, "record": other, "kept": kept, "method": "manual"}
    DuplicateLink.objects.create(**link)
    services.complete_record(membership=lead, record=kept)
    assert again(kept).abstract == ABSTRACT


def test_without_an_identifier_or_an_answer_it_says_so(
    lead: Membership, make: Make, online: Online
) -> None:
    with pytest.raises(ValidationError, match="neither a PubMed id nor a DOI"):
        services.complete_record(membership=lead, record=make(1, pmid=""))
    online(httpx.ConnectError("x"))
    record = make(2, doi="10.1000/c.2")
    with pytest.raises(ValidationError, match=r"eutils.*api\.crossref\.org.*api\.openalex\.org"):
        services.complete_record(membership=lead, record=record)
    assert again(record).abstract == ""
    assert not LookupAttempt.objects.exists()


def test_an_installation_may_stay_inside(
    lead: Membership, make: Make, settings: Any, online: Online
) -> None:
    online(Databases([7]))
    settings.ONLINE_SERVICES = False
    with pytest.raises(ValidationError, match="switched off"):
        services.complete_record(membership=lead, record=make(7))
    with pytest.raises(ValidationError, match="switched off"):
        services.run_completion(membership=lead, fields=["abstract"])


def test_a_whole_review_is_completed_and_the_rest_is_listed_with_why(
    lead: Membership, make: Make, online: Online
) -> None:
    online(Databases(range(1, 240)))
    for number in range(1, 251):
        make(number)
    without = make(300, pmid="")
    job = services.start_completion(membership=lead, fields=["abstract"])
    assert services.start_completion(membership=lead, fields=["abstract"]).pk == job.pk
    work_off()
    job = completion_job(lead.review)
    assert (job.done, job.total, job.message) == (250, 250, "239 completed")
    counts = gap_counts(lead.review)
    assert (counts.missing, counts.with_identifier, counts.without_identifier) == (12, 11, 1)
    unfilled = list(incomplete_records(lead.review))
    assert len(unfilled) == 11
    assert without not in unfilled, "it was never looked up"
    assert {one.last_reason for one in unfilled} == {
        "No abstract: PubMed does not know the PubMed id."
    }
    assert completions_of(lead.review).count() == 239


def test_only_the_records_of_one_import(lead: Membership, make: Make, online: Online) -> None:
    online(Databases(range(1, 4)))
    first, second = make(1), make(2, source=factories.make_source(lead.review))
    services.start_completion(membership=lead, fields=["abstract"], batch=second.batch)
    work_off()
    assert (again(first).abstract, again(second).abstract) == ("", ABSTRACT)
    other = factories.make_record(factories.make_review())
    with pytest.raises(ValidationError, match="another review"):
        services.start_completion(membership=lead, fields=["abstract"], batch=other.batch)


class Killed(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_killed_worker_goes_on_where_it_stood(
    lead: Membership, make: Make, online: Online, dies_at: int
) -> None:
    played, asked = Databases(range(1, 251)), []

    def dying(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == dies_at:
            raise Killed
        return played(request)

    online(dying)
    for number in range(1, 251):
        make(number)
    job = services.start_completion(membership=lead, fields=["abstract"])
    with pytest.raises(Killed):
        work_off()
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, owner="")
    work_off()
    assert RecordCompletion.objects.count() == LookupAttempt.objects.count() == 250
    assert len(asked) == 4, "no chunk is asked for again but the one that died"


def test_when_no_place_answers_the_job_fails_and_keeps_what_it_has(
    lead: Membership, make: Make, online: Online
) -> None:
    played, asked = Databases(range(1, 251)), []

    def failing(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) > 1:
            raise httpx.ConnectError("x", request=request)
        return played(request)

    online(failing)
    for number in range(1, 251):
        make(number)
    services.start_completion(membership=lead, fields=["abstract"])
    with pytest.raises(
        ValidationError, match=r"No answer from eutils.*What was completed before stays \(100\)"
    ):
        work_off()
    assert RecordCompletion.objects.count() == 100


def test_who_may(
    lead: Membership, screener: Membership, observer: Membership, make: Make, online: Online
) -> None:
    online(Databases([7]))
    record = make(7)
    with pytest.raises(PermissionDenied):
        services.complete_record(membership=observer, record=record)
    with pytest.raises(PermissionDenied):
        services.start_completion(membership=screener, fields=["abstract"])
    with pytest.raises(PermissionDenied):
        services.run_completion(membership=screener, fields=["abstract"])
    services.complete_record(membership=lead, record=record)
    filled = RecordCompletion.objects.get()
    with pytest.raises(PermissionDenied):
        services.undo_completion(membership=observer, completion=filled)
    foreign = factories.make_member(factories.make_review(), "lead")
    with pytest.raises(ValidationError, match="another review"):
        services.undo_completion(membership=foreign, completion=filled)
    with pytest.raises(ValidationError, match="another review"):
        services.complete_record(membership=foreign, record=record)


def test_odd_questions_are_refused(lead: Membership, make: Make) -> None:
    make(1)
    with pytest.raises(ValidationError, match="Choose what"):
        services.start_completion(membership=lead, fields=[])
    with pytest.raises(ValidationError, match="'title' cannot"):
        services.start_completion(membership=lead, fields=["title"])


def test_one_standing_completion_per_field(lead: Membership, make: Make) -> None:
    values = {
        "record": make(1),
        "field": "abstract",
        "value": "x",
        "origin": "elsewhere",
        "identifier": "1",
        "created_by": lead,
    }
    assert RecordCompletion.objects.create(**values).origin_label == "elsewhere"
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordCompletion.objects.create(**values)
