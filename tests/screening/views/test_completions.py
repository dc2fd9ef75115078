"""The pages around missing abstracts: one by one while screening, all at once, and back."""

import httpx
import pytest
from django.urls import reverse

from screening.models import Job, Membership, Record, RecordCompletion
from tests import factories
from tests.online import Databases, Online, work_off
from tests.screening.online.answers import ABSTRACT

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


def url(name: str, **kwargs: object) -> str:
    return reverse(f"screening:{name}", kwargs={"slug": "ssl", **kwargs})


@pytest.fixture
def record(lead: Membership) -> Record:
    return factories.make_record(lead.review, title="Study 7 of E. coli", abstract="", pmid="7")


def test_a_screener_fetches_an_abstract_and_takes_it_back(
    client_of: type, screener: Membership, record: Record, online: Online
) -> None:
    online(Databases([7]))
    client = client_of(screener)
    desk = client.get(url("screen", stage="title-abstract")).content.decode()
    assert "Fetch the abstract by PubMed id" in desk
    fetch = url("complete-record", record_id=record.pk)
    part = client.post(fetch, headers=PART).content.decode()
    assert part.lstrip().startswith('<section class="abstract"')
    assert ABSTRACT in part
    assert "This one is from PubMed, by 7" in part
    assert ABSTRACT in client.get(record.get_absolute_url()).content.decode()
    assert ABSTRACT in client.get(f"{url('records')}?words=radiographs").content.decode() or (
        record.title in client.get(f"{url('records')}?words=radiographs").content.decode()
    )
    undo = url("undo-completion", completion_id=RecordCompletion.objects.get().pk)
    assert "The source gave no abstract." in client.post(undo, headers=PART).content.decode()
    assert "taken back already" in client.post(undo, follow=True).content.decode()


def test_without_scripts_one_comes_back_to_where_one_was(
    client_of: type, screener: Membership, record: Record, online: Online
) -> None:
    online(Databases([7]))
    client = client_of(screener)
    back = url("screen", stage="title-abstract")
    sent = client.post(url("complete-record", record_id=record.pk), {"next": back})
    assert sent.url == back
    foreign = {"next": "https://evil.example/"}
    undo = url("undo-completion", completion_id=RecordCompletion.objects.get().pk)
    assert client.post(undo, foreign).url == record.get_absolute_url()


def test_without_network_screening_goes_on(
    client_of: type, screener: Membership, record: Record, online: Online
) -> None:
    online(httpx.ConnectError("x"))
    client = client_of(screener)
    part = client.post(url("complete-record", record_id=record.pk), headers=PART).content.decode()
    assert "No answer from eutils.ncbi.nlm.nih.gov" in part
    assert "Fetch the abstract by PubMed id" in part
    whole = client.post(url("complete-record", record_id=record.pk), follow=True)
    assert "No answer from" in whole.content.decode()
    assert client.get(url("screen", stage="title-abstract")).status_code == 200


def test_why_there_is_none_is_said(
    client_of: type, screener: Membership, record: Record, online: Online
) -> None:
    online(Databases([]))
    part = client_of(screener).post(url("complete-record", record_id=record.pk), headers=PART)
    assert "PubMed does not know the PubMed id" in part.content.decode()


def test_a_lead_completes_the_review_from_one_page(
    client_of: type, lead: Membership, screener: Membership, record: Record, online: Online
) -> None:
    online(Databases([7]))
    for number in (8, 9):
        factories.make_record(lead.review, abstract="", pmid=str(number))
    client, page = client_of(lead), url("missing")
    first = client.get(page).content.decode()
    assert "3 records without an abstract" in first
    assert "3 of them have" in first
    client.post(url("complete-records"), {"fields_wanted": ["abstract"]})
    running = client.get(page).content.decode()
    assert "every 2s" in running
    assert "Waiting for a worker" in running
    work_off()
    Job.objects.update(finished_at="2026-11-22T12:00Z")
    done = client.get(page).content.decode()
    assert "3 records looked up, 1 completed" in done
    assert ABSTRACT[:40] in done
    assert "PubMed does not know the PubMed id" in done
    reader = client_of(screener).get(page).content.decode()
    assert "Look up what is missing" not in reader
    assert "Take back" in reader
    assert str(lead) not in reader, "who looks a record up reads it; that stays with the audit"
    Job.objects.update(state=Job.State.FAILED, error="No answer from there.")
    assert "Go on from there" in client.get(page).content.decode()


def test_a_wrong_choice_is_said(client_of: type, lead: Membership, record: Record) -> None:
    client = client_of(lead)
    for sent in ({}, {"fields_wanted": ["title"]}, {"fields_wanted": ["year"]}):
        page = client.post(url("complete-records"), sent, follow=True).content.decode()
        assert 'class="notice notice-error"' in page, sent
    assert not Job.objects.exists()


def test_a_screener_pastes_an_abstract_and_takes_it_back(
    client_of: type, screener: Membership, record: Record
) -> None:
    client = client_of(screener)
    desk = client.get(url("screen", stage="title-abstract")).content.decode()
    assert "Paste the abstract" in desk
    paste = url("paste-abstract", record_id=record.pk)
    given = {"abstract": "<b>Words</b> of the paper.", "found_in": "the PDF"}
    part = client.post(paste, given, headers=PART).content.decode()
    assert "&lt;b&gt;Words&lt;/b&gt; of the paper." in part
    assert f"This one was pasted by {screener}, found in the PDF" in part
    assert f"pasted by {screener}" in client.get(url("missing")).content.decode()
    refused = client.post(paste, given | {"abstract": "Other words."}, headers=PART)
    assert "nothing is overwritten" not in Record.objects.get(pk=record.pk).abstract
    assert "Other words." not in refused.content.decode()
    undo = url("undo-completion", completion_id=RecordCompletion.objects.get().pk)
    assert "The source gave no abstract." in client.post(undo, headers=PART).content.decode()


def test_a_pasted_text_that_is_refused_stays_in_its_field(
    client_of: type, screener: Membership, record: Record
) -> None:
    text = "a" * 20_001
    paste = url("paste-abstract", record_id=record.pk)
    part = client_of(screener).post(paste, {"abstract": text}, headers=PART).content.decode()
    assert "longer than an abstract" in part
    assert text in part
