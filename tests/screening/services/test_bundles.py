"""Bundles asked for, kept, taken and forgotten, and the final one of a review that leaves."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.utils import timezone

from extraction.models import Extraction
from screening.models import AuditEvent, Job, Pilot, Review
from screening.rules.bundles import Files
from screening.rules.consensus import Verdict
from screening.selectors.bundles import bundles_of, final_bundle, hidden_parts
from screening.services import bundles, life
from screening.services.anonymising import anonymise_person
from tests import factories


def ask(lead, files=Files.NONE, *, has_pseudonyms=False):
    return bundles.start_bundle(lead=lead, files=files, has_pseudonyms=has_pseudonyms)


def written(job):
    name = default_storage.save(f"bundles/{job.review_id}/x.zip", ContentFile(b"A ZIP."))
    job.state, job.finished_at = Job.State.DONE, timezone.now()
    job.result = {"file": name, "content_sha256": "c" * 64}
    job.save()
    return job


def leave(lead):
    life.ask_deletion(lead=lead, title=lead.review.title)
    lead.review.refresh_from_db()
    return final_bundle(lead.review).job


def test_only_a_lead_asks_and_takes(lead, screener):
    with pytest.raises(PermissionDenied, match="lead"):
        ask(screener)
    job = written(ask(lead))
    with pytest.raises(PermissionDenied, match="lead"):
        bundles.take_bundle(lead=screener, bundle_id=job.pk)


def test_who_takes_one_is_noted(lead):
    job = written(ask(lead, Files.FULL_TEXTS, has_pseudonyms=True))
    taken = bundles.take_bundle(lead=lead, bundle_id=job.pk)
    with taken.stream as stream:
        assert stream.read() == b"A ZIP."
    assert taken.name.startswith("ssl-bundle-")
    event = AuditEvent.objects.get(action="bundle.downloaded")
    assert (event.actor, event.target_id) == (lead.user, str(job.pk))


def test_imported_files_do_not_go_with_pseudonyms(lead):
    with pytest.raises(ValidationError, match="names of reviewers"):
        ask(lead, Files.ALL, has_pseudonyms=True)


def test_one_is_written_at_a_time_and_the_newest_three_are_kept(lead):
    first = written(ask(lead))
    for _ in range(2):
        written(ask(lead))
    last = ask(lead)
    with pytest.raises(ValidationError, match="being written"):
        ask(lead)
    assert first.pk not in {one.job.pk for one in bundles_of(lead.review)}
    assert len(bundles_of(lead.review)) == 3
    with pytest.raises(Http404):
        bundles.take_bundle(lead=lead, bundle_id=first.pk)
    with pytest.raises(Http404):  # it is not there yet
        bundles.take_bundle(lead=lead, bundle_id=last.pk)


def test_what_blinding_hides_is_not_given_until_it_is_finished(lead, screener, other_screener):
    record = factories.make_record(lead.review)
    with pytest.raises(ValidationError, match="Title & abstract is screened blinded"):
        ask(lead)
    for member in (screener, other_screener):
        factories.make_decision(record, member, Verdict.EXCLUDE)
    assert hidden_parts(lead.review) == []
    started = {"review": lead.review, "stage": "title_abstract", "number": 1, "started_by": lead}
    Pilot.objects.create(**started)
    with pytest.raises(ValidationError, match="Title & abstract"):
        ask(lead)
    lead.review.stage_settings.update(is_blinded=False)
    assert ask(lead).kind == "write_bundle"


def test_a_review_that_leaves_has_its_final_bundle_written_by_itself(lead):
    job = leave(lead)
    assert (job.created_by, job.params["files"], job.params["pseudonyms"]) == (
        lead.user, "all", False
    )  # fmt: skip
    life.start_due_deletions()
    assert Job.objects.filter(kind="write_bundle").count() == 1
    job.state, job.finished_at = Job.State.FAILED, timezone.now()
    job.save()
    life.start_due_deletions()  # not at once
    assert Job.objects.filter(kind="write_bundle").count() == 1
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(hours=1))
    life.start_due_deletions()
    life.start_due_deletions()
    assert Job.objects.filter(kind="write_bundle").count() == 2


def test_nothing_is_deleted_before_its_final_bundle_is_there(lead):
    leave(lead)
    over = timezone.now() - timedelta(days=3)
    Review.objects.filter(pk=lead.review_id).update(deletes_at=over)
    assert life.start_due_deletions() == []
    job = final_bundle(Review.objects.get(pk=lead.review_id)).job
    with pytest.raises(ValidationError, match="final bundle"):
        life.delete_review(review_id=lead.review_id)
    written(job)
    Job.objects.filter(pk=job.pk).update(finished_at=over)
    [deletion] = life.start_due_deletions()
    assert deletion.kind == "delete_review"
    default_storage.delete(job.result["file"])
    with pytest.raises(ValidationError, match="final bundle"):
        life.delete_review(review_id=lead.review_id)


def test_a_review_that_is_kept_has_no_final_bundle(lead, django_capture_on_commit_callbacks):
    job = written(leave(lead))
    with django_capture_on_commit_callbacks(execute=True):
        review = life.take_back_deletion(lead=lead)
    assert bundles_of(review) == []
    assert not default_storage.exists(job.result["file"])


def test_who_took_the_final_bundle_and_keeps_the_review_has_ended_its_blinding(lead):
    factories.make_record(lead.review)
    job = written(leave(lead))
    bundles.take_bundle(lead=lead, bundle_id=job.pk).stream.close()
    life.take_back_deletion(lead=lead)
    open_ = dict(lead.review.stage_settings.values_list("stage", "is_blinded"))
    assert open_ == {"title_abstract": False, "full_text": True}  # nothing was at full text yet
    event = AuditEvent.objects.get(action="stage.changed")
    assert (event.before, event.after) == ({"is_blinded": True}, {"is_blinded": False})
    lead.review.refresh_from_db()
    assert lead.review.is_extraction_blinded


def test_nobody_took_it_so_blinding_stays(lead):
    factories.make_record(lead.review)
    written(leave(lead))
    life.take_back_deletion(lead=lead)
    assert set(lead.review.stage_settings.values_list("is_blinded", flat=True)) == {True}


def test_the_writing_of_a_final_bundle_stops_when_the_review_is_kept(lead):
    job = leave(lead)
    life.take_back_deletion(lead=lead)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_extraction_that_is_blinded_and_unfinished_bars_it_and_is_opened_with_it(lead, extractor):
    study = factories.make_study(lead.review)
    form = factories.make_form(lead.review, {"groups": []})
    Extraction.objects.create(study=study, form=form, extractor=extractor)
    assert hidden_parts(lead.review) == ["studies are being extracted blinded"]
    job = written(leave(lead))
    bundles.take_bundle(lead=lead, bundle_id=job.pk).stream.close()
    life.take_back_deletion(lead=lead)
    lead.review.refresh_from_db()
    assert not lead.review.is_extraction_blinded
    assert hidden_parts(lead.review) == []


def test_bundles_that_name_a_person_go_when_the_person_is_made_unknown(lead, screener):
    named, nameless = written(ask(lead)), written(ask(lead, has_pseudonyms=True))
    anonymise_person(person=screener.user, by=None)
    assert [one.job.pk for one in bundles_of(lead.review)] == [nameless.pk]
    named.refresh_from_db()
    assert named.result == {"forgotten": True}
