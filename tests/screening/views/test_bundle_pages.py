"""The page of a review's life: its bundles asked for, followed and taken; the API does the same."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from screening.models import Job
from tests import factories
from tests.responses import close


def page(review, name="screening:life", **parts):
    return reverse(name, kwargs={"slug": review.slug, **parts})


def finish(job):
    name = default_storage.save(f"bundles/{job.review_id}/x.zip", ContentFile(b"A ZIP."))
    job.state, job.finished_at = Job.State.DONE, timezone.now()
    job.result = {"file": name, "size": 6, "content_sha256": "c" * 64, "missing": ["a file"]}
    job.save()


def test_a_lead_asks_on_the_page_and_downloads_there(lead, client_of):
    client = client_of(lead)
    given = {"files": "full-texts", "pseudonyms": "on"}
    answer = client.post(page(lead.review, "screening:bundles"), given, follow=True)
    job = Job.objects.get()
    assert job.params == {"files": "full-texts", "pseudonyms": True}
    assert "every 2s" in answer.content.decode()
    finish(job)
    part = client.get(page(lead.review, "screening:bundles"), headers={"HX-Request": "true"})
    told = part.content.decode()
    assert "every 2s" not in told
    assert "with PDFs, with pseudonyms" in told
    assert "1 stored file could not be found" in told
    taken = client.get(page(lead.review, "screening:bundle", bundle_id=job.pk))
    assert (b"".join(taken), taken["Content-Type"]) == (b"A ZIP.", "application/zip")
    assert "no-store" in taken["Cache-Control"]
    close(taken)


def test_the_bare_part_leads_to_the_page(lead, client_of):
    answer = client_of(lead).get(page(lead.review, "screening:bundles"))
    assert answer["Location"] == page(lead.review)


def test_what_cannot_go_together_is_said_beside_the_field(lead, client_of):
    given = {"files": "all", "pseudonyms": "on"}
    answer = client_of(lead).post(page(lead.review, "screening:bundles"), given)
    assert answer.status_code == 400
    assert "names of reviewers" in answer.content.decode()
    assert not Job.objects.exists()


def test_while_blinding_hides_something_the_page_says_what_and_shows_no_button(lead, client_of):
    factories.make_record(lead.review)
    client = client_of(lead)
    told = client.get(page(lead.review)).content.decode()
    assert "Title &amp; abstract is screened blinded" in told
    assert "Make the bundle" not in told
    answer = client.post(page(lead.review, "screening:bundles"), {"files": "none"})
    assert answer.status_code == 400
    assert "screened blinded" in answer.content.decode()


def test_a_leaving_review_shows_its_final_bundle(lead, client_of):
    client = client_of(lead)
    client.post(page(lead.review), {"action": "delete", "title": lead.review.title})
    finish(Job.objects.get())
    told = client.get(page(lead.review)).content.decode()
    assert "Final bundle of" in told
    assert "nothing is deleted before it has been here for a day" in told
    assert "Make the bundle" not in told


def test_the_api_asks_lists_and_gives(lead, client_of):
    client = client_of(lead)
    url = page(lead.review, "screening-api:bundles")
    asked = client.post(url, {"files": "none"}, content_type="application/json")
    assert (asked.status_code, asked.json()["kind"]) == (202, "write_bundle")
    [one] = client.get(url).json()
    assert (one["is_there"], one["size"], one["is_final"]) == (False, None, False)
    finish(Job.objects.get())
    [one] = client.get(url).json()
    assert (one["is_there"], one["size"], one["content_sha256"]) == (True, 6, "c" * 64)
    file = page(lead.review, "screening-api:bundle", bundle_id=one["job"]["id"])
    taken = client.get(file)
    assert b"".join(taken) == b"A ZIP."
    close(taken)
