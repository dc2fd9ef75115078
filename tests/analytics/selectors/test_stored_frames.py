"""What one process read of a large review the next takes over, as far as it still holds."""

import numpy as np
import pytest
from django.utils import timezone
from pandas.testing import assert_frame_equal

from analytics import tasks
from analytics.selectors import frames, stored_frames, warming
from analytics.selectors.comparing import comparing_form
from analytics.selectors.experiments import selection_of
from extraction.models import ExtractedValue
from extraction.selectors.sheets import SHEET_JOB
from reviewapp.jobs import followers
from screening.models import Job
from screening.selectors.bundles import DELETE_JOB


@pytest.fixture(autouse=True)
def _large_and_empty(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(frames, "LARGE", 1)
    monkeypatch.setattr(warming, "LARGE", 5)
    frames.forget()
    yield
    frames.forget()


@pytest.fixture
def read(monkeypatch):
    """Which studies were asked for at each reading; None for all."""
    asked = []
    reader = frames.answers_of
    monkeypatch.setattr(frames, "answers_of", lambda *all_: asked.append(all_[-1]) or reader(*all_))
    return asked


def frames_now(review):
    return frames.frames_of(review, comparing_form(review), frames.Sight(include_raw=True))


def kept_files(review):
    return sorted(stored_frames.folder().glob(f"{review.pk}-*.npz"))


def test_another_process_reads_nothing_anew_and_has_the_same_frames(review, stored, read):
    first = frames_now(review)
    frames.forget()
    second = frames_now(review)
    assert read == [None, []]
    assert_frame_equal(first.studies, second.studies)
    assert_frame_equal(first.experiments, second.experiments)
    assert first.row_keys == second.row_keys
    assert first.prints == second.prints


def test_of_an_old_file_only_what_still_holds_is_taken(review, stored, read, monkeypatch):
    frames_now(review)
    row = stored["t3"]
    ExtractedValue.objects.filter(row=row, field="treated").update(superseded_at=timezone.now())
    ExtractedValue.objects.create(
        extraction=row.extraction, row=row, field="treated", value="71", unit="percent"
    )
    frames.forget()
    patched = frames_now(review)
    assert read == [None, [row.extraction.study_id]]
    for path in kept_files(review):
        path.unlink()
    frames.forget()
    assert_frame_equal(patched.experiments, frames_now(review).experiments)


def test_ids_that_a_restored_database_gave_out_again_are_told_apart(review, stored, read):
    """Same ids, same numbers of values, another value: the moment differs."""
    frames_now(review)
    value = ExtractedValue.objects.filter(row=stored["t1"], field="treated").get()
    ExtractedValue.objects.filter(pk=value.pk).update(value="55", created_at=timezone.now())
    frames.forget()
    frames_now(review)
    assert read[1] == [stored["t1"].extraction.study_id]


def test_another_form_another_pair_and_another_sight_have_files_of_their_own(review, stored):
    frames_now(review)
    selection_of(review)
    assert len(kept_files(review)) == 2


def test_a_damaged_file_and_a_folder_that_cannot_be_written_are_no_fault(review, stored, read):
    first = frames_now(review)
    (path,) = kept_files(review)
    path.write_bytes(path.read_bytes()[:200])
    frames.forget()
    assert_frame_equal(first.experiments, frames_now(review).experiments)
    assert read == [None, None]
    for one in kept_files(review):
        one.unlink()
    stored_frames.folder().rmdir()
    stored_frames.folder().write_text("in the way")
    frames.forget()
    assert len(frames_now(review).experiments) == len(first.experiments)


def test_a_file_holds_no_code(review, stored):
    frames_now(review)
    (path,) = kept_files(review)
    with np.load(path, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays)
    assert path.stat().st_mode & 0o077 == 0


def test_files_not_asked_for_longest_go_first(review, stored, monkeypatch):
    frames_now(review)
    monkeypatch.setattr(stored_frames, "LIMIT_BYTES", kept_files(review)[0].stat().st_size + 10)
    before = kept_files(review)
    selection_of(review)
    assert len(kept_files(review)) == 1
    assert kept_files(review) != before


def test_small_reviews_are_not_written(review, stored, monkeypatch):
    monkeypatch.setattr(frames, "LARGE", 10_000)
    frames_now(review)
    assert kept_files(review) == []


def test_after_a_sheet_the_worker_reads_ahead_and_a_deletion_leaves_nothing(review, stored, read):
    job = Job(kind=SHEET_JOB, review=review)
    assert followers(SHEET_JOB) == (tasks.read_ahead,)
    tasks.read_ahead(job)
    assert len(kept_files(review)) == 1
    selection_of(review)
    assert read == [None, []]
    assert followers(DELETE_JOB) == (tasks.drop_figures,)
    tasks.drop_figures(Job(kind=DELETE_JOB, params={"review": review.pk}))
    assert kept_files(review) == []


def test_a_small_review_is_not_read_ahead(review, stored, read, monkeypatch):
    monkeypatch.setattr(warming, "LARGE", 10_000)
    tasks.read_ahead(Job(kind=SHEET_JOB, review=review))
    assert read == []
