"""A review archived, reopened, leaving with days of grace, and gone with everything it had."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone

from extraction.schema.codec import to_json
from extraction.schema.templates import template
from reviewapp.jobs import perform
from screening.models import AuditEvent, Job, Membership, Record, Review
from screening.permissions import ReviewIsReadOnly
from screening.rules.roles import Role
from screening.services import life
from screening.services.detection import detect_duplicates
from screening.services.labels import add_note
from screening.services.people import accept_invitation, invite
from screening.services.removing import files_of, ways_to_review
from tests import factories
from tests.doors.world import make_world
from tests.pdf import make_pdf
from tests.screening.services.test_decisions import decide


def whole(slug):
    definition = to_json(template("ssl_classification"))
    return make_world(slug, definition, make_pdf(["Some words."])).review


def passed(review):
    """The days of grace are over."""
    over = timezone.now() - timedelta(seconds=1)
    Review.objects.filter(pk=review.pk).update(deletes_at=over)
    finals = Job.objects.filter(review=review, params__has_key="deletes_at")
    for job in finals:
        job.params["deletes_at"] = over.isoformat()
        job.save(update_fields=["params"])


def with_final_bundle(review):
    """What a worker would have written."""
    [job] = Job.objects.open().filter(review=review, kind="write_bundle")
    name = default_storage.save(f"bundles/{review.pk}/final.zip", ContentFile(b"A ZIP."))
    job.state, job.finished_at, job.result = Job.State.DONE, timezone.now(), {"file": name}
    job.save()
    return job


def test_an_archived_review_refuses_writes_until_it_is_reopened(lead, screener):
    record = factories.make_record(lead.review)
    life.archive_review(lead=lead)
    screener.review.refresh_from_db()
    with pytest.raises(ReviewIsReadOnly, match="archived"):
        add_note(membership=screener, record=record, body="Late.")
    with pytest.raises(ReviewIsReadOnly):
        decide(screener, record)
    with pytest.raises(ReviewIsReadOnly):
        detect_duplicates(review=lead.review)
    life.reopen_review(lead=lead)
    screener.review.refresh_from_db()
    decide(screener, record)
    told = AuditEvent.objects.filter(review=lead.review, action__startswith="review.")
    assert [event.action for event in told] == ["review.archived", "review.reopened"]


def test_a_member_who_read_the_review_before_decides_no_more(lead, screener):
    record = factories.make_record(lead.review)
    stale = Membership.objects.select_related("review").get(pk=screener.pk)
    life.archive_review(lead=lead)
    with pytest.raises(ReviewIsReadOnly):
        decide(stale, record)


def test_nobody_joins_an_archived_review(lead, stranger):
    _, token = invite(lead=lead, roles=[Role.OBSERVER])
    life.archive_review(lead=lead)
    with pytest.raises(ValidationError, match="reopen"):
        accept_invitation(user=stranger, token=token)


def test_work_under_way_is_waited_for_and_later_work_refused(lead):
    job = Job.objects.enqueue(
        kind="find_duplicates", review=lead.review, created_by=lead.user, params={}
    )
    with pytest.raises(ValidationError, match="1 job\\."):
        life.archive_review(lead=lead)
    Review.objects.filter(pk=lead.review_id).update(archived_at=timezone.now())
    perform(job.pk, owner="x")
    job.refresh_from_db()
    assert (job.state, "archived" in job.error) == (Job.State.FAILED, True)


@pytest.mark.parametrize("act", [life.archive_review, life.reopen_review, life.take_back_deletion])
def test_only_a_lead_decides_over_the_whole(act, screener):
    with pytest.raises(PermissionDenied, match="lead"):
        act(lead=screener)


def test_a_deletion_needs_the_title_and_can_be_taken_back(lead):
    with pytest.raises(ValidationError, match="type the title"):
        life.ask_deletion(lead=lead, title="ssl")
    review = life.ask_deletion(lead=lead, title=lead.review.title)
    assert timedelta(days=29) < review.deletes_at - timezone.now() <= timedelta(days=30)
    assert life.start_due_deletions() == []
    with pytest.raises(ValidationError, match="grace"):
        life.delete_review(review_id=review.pk)
    with pytest.raises(ReviewIsReadOnly, match="deleted"):
        life.archive_review(lead=lead)
    assert not life.take_back_deletion(lead=lead).is_read_only


def test_a_review_whose_time_has_come_goes_with_everything_and_nothing_else(lead):
    going, staying = whole("going"), whole("staying")
    member = factories.make_member(going, "lead")
    Job.objects.filter(review=going).update(state=Job.State.DONE)
    life.ask_deletion(lead=member, title=going.title)
    bundle = with_final_bundle(going)
    passed(going)
    assert life.start_due_deletions() == []  # nobody has had a day to take the bundle
    Job.objects.filter(pk=bundle.pk).update(finished_at=timezone.now() - timedelta(days=1))
    files, kept = list(files_of(going)), list(files_of(staying))
    files.append(bundle.result["file"])
    before = counts_of(staying)
    [job] = life.start_due_deletions()
    assert life.start_due_deletions() == [job]
    perform(job.pk, owner="x")
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert not Review.objects.filter(pk=going.pk).exists()
    assert not any(counts_of(going).values())
    assert files
    assert not any(default_storage.exists(name) for name in files)
    assert kept
    assert all(default_storage.exists(name) for name in kept)
    assert counts_of(staying) == before
    told = AuditEvent.objects.get(action="review.deleted")
    assert (told.review, told.before["slug"], told.actor) == (None, "going", member.user)
    assert life.delete_review(review_id=going.pk) == {}


def counts_of(review):
    return {
        model._meta.label: model._base_manager.filter(**{way: review.pk}).count()
        for model, way in ways_to_review().items()
    }


def test_every_table_that_is_not_the_installations_goes_with_its_review():
    installation = {"user", "user_groups", "user_user_permissions", "auditrelease", "review"}
    installation |= {"idempotentanswer", "hostpace"}
    installation |= {"signin", "secondfactor", "recoverycode", "identity", "passkey"}
    houses = [apps.get_app_config(name) for name in ("screening", "extraction", "analytics")]
    tables = {model for house in houses for model in house.get_models(include_auto_created=True)}
    left = {model._meta.model_name for model in tables - ways_to_review().keys()}
    assert left == installation


def test_the_trail_stays_when_its_review_is_not_leaving(lead):
    event = AuditEvent.objects.append_by(lead, "x.tested", Record())
    for act in (event.delete, lambda: AuditEvent.objects.filter(pk=event.pk).update(action="y")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
