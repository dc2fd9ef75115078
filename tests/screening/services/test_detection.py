"""Detection over a review: sure ones linked, doubts noted, persons' words respected."""

import pytest
from django.core.exceptions import PermissionDenied

from screening.models import (
    DuplicateLink,
    DuplicateSuggestion,
    Job,
    JobContext,
    JobLost,
    Record,
)
from screening.selectors.duplicates import best_of, groups, open_suggestions
from screening.services import duplicates
from screening.services.detection import detect_duplicates, start_detection
from screening.tasks import HANDLERS
from tests import factories

PAPER = {
    "title": "Self-supervised pretraining for chest radiographs of children",
    "authors": ["Moreau, Alice", "Tanaka, Ken"],
    "venue": "Radiology",
    "volume": "12",
    "pages": "101-109",
    "abstract": "",
}


@pytest.fixture
def twins(review):
    return [factories.make_record(review, **PAPER) for _ in range(2)]


def test_records_of_one_report_are_linked_with_their_reasons(review, twins):
    detect_duplicates(review=review)
    (link,) = DuplicateLink.objects.standing()
    assert (link.record, link.kept) == (twins[1], twins[0])
    assert link.created_by is None
    assert {"field": "title", "agrees": True, "text": "Same title"} in link.reasons
    assert link.score > 0.9


def test_a_second_run_adds_nothing(review, twins):
    detect_duplicates(review=review)
    detect_duplicates(review=review)
    assert DuplicateLink.objects.count() == 1


def test_a_doubt_is_noted_once_and_not_linked(review):
    for _ in range(2):
        factories.make_record(review, **PAPER | {"volume": "", "pages": ""})
    detect_duplicates(review=review)
    detect_duplicates(review=review)
    assert DuplicateSuggestion.objects.count() == 1
    assert not DuplicateLink.objects.exists()


def test_a_rejected_pair_is_neither_linked_nor_asked_again(review, screener, twins):
    duplicates.reject_pair(membership=screener, one=twins[0], two=twins[1])
    detect_duplicates(review=review)
    assert not DuplicateLink.objects.exists()
    assert not open_suggestions(review=review).exists()


def test_an_undone_link_is_not_made_again_by_the_engine(review, screener, twins):
    detect_duplicates(review=review)
    duplicates.undo_link(membership=screener, link=DuplicateLink.objects.get())
    detect_duplicates(review=review)
    assert not DuplicateLink.objects.standing().exists()
    assert open_suggestions(review=review).count() == 1


def test_a_new_record_joins_the_group_that_a_person_made(review, screener, twins):
    other = factories.make_record(review, title="Quite another title")
    duplicates.link_records(membership=screener, kept=other, duplicate=twins[0])
    detect_duplicates(review=review)
    assert {frozenset(group) for group in groups(review=review)} == {
        frozenset([other.pk, twins[0].pk, twins[1].pk])
    }


def test_a_ruling_about_another_member_keeps_the_groups_apart(review, screener, twins):
    other = factories.make_record(review, title="Quite another title")
    duplicates.link_records(membership=screener, kept=other, duplicate=twins[0])
    duplicates.reject_pair(membership=screener, one=other, two=twins[1])
    detect_duplicates(review=review)
    assert DuplicateLink.objects.standing().count() == 1


def test_the_fullest_record_is_kept(review):
    bare = factories.make_record(review, **PAPER)
    full = factories.make_record(review, **PAPER | {"doi": "10.1000/1", "abstract": "Long."})
    detect_duplicates(review=review)
    link = DuplicateLink.objects.get()
    assert (link.record, link.kept) == (bare, full)


def test_a_record_with_a_report_is_kept_before_a_fuller_one(review, twins):
    factories.make_report(twins[1])
    assert best_of(twins) == twins[1]


def test_a_record_with_decisions_is_kept_before_a_fuller_one(screener, twins):
    factories.make_decision(twins[1], screener)
    assert best_of(twins) == twins[1]


def test_an_identifier_hidden_in_a_link_counts(review):
    url = {"label": "paper", "url": "https://arxiv.org/abs/2101.05224v2"}
    one = factories.make_record(review, title=PAPER["title"], urls=[url], authors=[])
    factories.make_record(review, title=PAPER["title"], arxiv_id="2101.05224", authors=[])
    detect_duplicates(review=review)
    link = DuplicateLink.objects.get()
    assert link.method == DuplicateLink.Method.IDENTIFIER
    assert one in (link.kept, link.record)


def test_records_of_other_reviews_are_not_compared(review, twins):
    foreign = factories.make_record(factories.make_review(), **PAPER)
    detect_duplicates(review=review)
    assert not DuplicateLink.objects.filter(record=foreign).exists()


def test_the_screened_set_shrinks_by_the_links(review, twins):
    detect_duplicates(review=review)
    assert Record.objects.filter(review=review).to_screen().count() == 1


def test_progress_is_told_and_ends_complete(review, twins):
    told = []
    detect_duplicates(review=review, progress=lambda *step: told.append(step))
    assert told[-1] == (3, 3, "Done")  # one group, two records remembered


def test_detection_runs_as_a_job_once_at_a_time(review, screener):
    job = start_detection(membership=screener)
    assert (job.kind, job.review) == ("find_duplicates", review)
    assert start_detection(membership=screener) == job
    assert job.kind in HANDLERS


def test_an_observer_may_not_start_detection(observer):
    with pytest.raises(PermissionDenied):
        start_detection(membership=observer)
    assert not Job.objects.exists()


def running(job):
    """The job as a worker holds it."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, owner="worker")
    job.refresh_from_db()
    return JobContext(job)


def test_the_job_links_and_reports_its_progress(review, screener, twins):
    job = start_detection(membership=screener)
    HANDLERS[job.kind](running(job))
    job.refresh_from_db()
    assert (job.done, job.total, job.message) == (3, 3, "Done")
    assert DuplicateLink.objects.standing().count() == 1


def test_a_job_without_a_review_says_so(db):
    job = Job.objects.create(kind="find_duplicates", review=None)
    with pytest.raises(ValueError, match="names no review"):
        HANDLERS[job.kind](running(job))


def test_a_cancelled_job_stops_at_its_next_step(review, screener, twins):
    context = running(start_detection(membership=screener))
    Job.objects.update(state=Job.State.CANCELLED)
    with pytest.raises(JobLost):
        HANDLERS[context.job.kind](context)
    assert not DuplicateLink.objects.exists()


def test_every_record_of_the_report_is_linked_to_the_record_a_person_keeps(review, screener, twins):
    other = factories.make_record(review, title="Quite another title")
    factories.make_report(other)
    duplicates.link_records(membership=screener, kept=other, duplicate=twins[0])
    third = factories.make_record(review, **PAPER)
    detect_duplicates(review=review)
    assert {link.kept for link in DuplicateLink.objects.standing()} == {other}
    assert third.duplicate_links.get().reasons
