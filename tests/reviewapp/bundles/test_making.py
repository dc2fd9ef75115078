"""The job that writes a bundle: progress told meanwhile, the file kept, what may not be refused."""

import time
import zipfile

import pytest
from django.core.files.storage import default_storage

from reviewapp.bundles.telling import Aside
from reviewapp.bundles.verifying.__main__ import verify
from reviewapp.jobs import perform
from screening.models import AuditEvent, Job, JobLost, Review
from screening.rules.bundles import Files
from screening.selectors.bundles import final_bundle
from screening.services import bundles, life
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def done(job):
    perform(job.pk, owner="x")
    job.refresh_from_db()
    return job


def test_a_bundle_is_written_kept_and_proves_itself(lead, tmp_path):
    job = done(bundles.start_bundle(lead=lead, files=Files.NONE, has_pseudonyms=True))
    assert (job.state, job.error) == (Job.State.DONE, "")
    path = tmp_path / "taken.zip"
    with bundles.take_bundle(lead=lead, bundle_id=job.pk).stream as stream:
        path.write_bytes(stream.read())
    assert path.stat().st_size == job.result["size"]
    assert not any(verify(path).values())
    with zipfile.ZipFile(path) as archive:
        assert lead.user.email.encode() not in archive.read("tables/people.csv")
    told = AuditEvent.objects.get(action="bundle.exported")
    assert (told.actor, told.after["has_pseudonyms"]) == (lead.user, True)


def test_what_was_hidden_again_meanwhile_is_refused(lead):
    job = bundles.start_bundle(lead=lead, files=Files.NONE, has_pseudonyms=False)
    factories.make_record(lead.review)
    job = done(job)
    assert (job.state, job.result) == (Job.State.FAILED, None)
    assert "screened blinded" in job.error


def test_the_final_bundle_is_written_in_a_leaving_review_blinded_or_not(lead):
    factories.make_record(lead.review)
    life.ask_deletion(lead=lead, title=lead.review.title)
    job = done(final_bundle(Review.objects.get()).job)
    assert (job.state, job.error) == (Job.State.DONE, "")
    assert default_storage.exists(job.result["file"])


def test_no_final_bundle_of_a_review_that_stays(lead):
    life.ask_deletion(lead=lead, title=lead.review.title)
    job = Job.objects.get(kind="write_bundle")
    life.take_back_deletion(lead=lead)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)  # by a hand that came late
    assert "taken back" in done(job).error


def test_a_file_that_nobody_would_find_is_not_kept(lead, monkeypatch):
    job = bundles.start_bundle(lead=lead, files=Files.NONE, has_pseudonyms=False)
    save = default_storage.save
    kept = []

    def cancelled_meanwhile(name, content):
        kept.append(save(name, content))
        Job.objects.update(owner="somebody else")
        return kept[0]

    monkeypatch.setattr(default_storage, "save", cancelled_meanwhile)
    assert done(job).result is None
    assert not default_storage.exists(kept[0])


def is_lost(aside, number):
    """Whether the work is stopped, sooner or later, once this is told."""
    for _ in range(10_000):
        try:
            aside(number, 3, f"Step {number}")
        except JobLost:
            return True
        time.sleep(0.002)
    return False


def told_until(said, aside, number):
    for _ in range(10_000):
        aside(number, 3, f"Step {number}")
        if (number, 3, f"Step {number}") in said:
            return True
        time.sleep(0.002)
    return False


def test_progress_is_told_aside_and_a_lost_job_stops_the_work():
    said = []

    def tell(*progress):
        said.append(progress)
        if progress[0] == 2:
            raise JobLost("Gone.")

    with Aside(tell, seconds=0.001) as aside:
        assert told_until(said, aside, 1)
        assert is_lost(aside, 2)
    assert said == [(1, 3, "Step 1"), (2, 3, "Step 2")]
