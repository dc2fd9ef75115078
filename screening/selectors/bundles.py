"""Bundles of a review that a worker has written for its leads, and what still bars one.

A bundle holds what everybody said. While a part of the review is blinded and unfinished, no page
gives one; only the final bundle of a review that is about to be deleted is given all the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from screening.models import AuditEvent, Job, Pilot, Record, Review, StageSettings
from screening.rules.consensus import Stage, Status
from screening.selectors.records import STAGE_WORDS
from screening.selectors.stages import in_stage

BUNDLE_JOB = "write_bundle"
DELETE_JOB = "delete_review"  # kind of the job that ends the days of grace
DOWNLOADED = "bundle.downloaded"
KEPT = 3
UNSETTLED = (Status.AWAITING.value, Status.CONFLICT.value)

BlindSpots = Callable[[Review], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle of a review, as far as it is."""

    job: Job

    @property
    def is_final(self) -> bool:
        """Whether it is what the review leaves behind when it is deleted."""
        return "deletes_at" in self.job.params

    @property
    def file(self) -> str:
        """Where it is stored; empty until it is written."""
        return str((self.job.result or {}).get("file", ""))

    @property
    def facts(self) -> dict[str, Any]:
        """What it came to: size, hash over its contents, what is missing."""
        return self.job.result or {}

    @property
    def is_moving(self) -> bool:
        """Whether it waits or is being written."""
        return self.job.state in {Job.State.QUEUED, Job.State.RUNNING}


def bundles_of(review: Review) -> list[Bundle]:
    """The bundles of a review, the newest first; a final one only while the review is leaving."""
    jobs = Job.objects.filter(review=review, kind=BUNDLE_JOB).order_by("-pk")
    found = [Bundle(job) for job in jobs if not (job.result or {}).get("forgotten")]
    return [one for one in found if not one.is_final or is_of_this_leave(one, review)]


def is_of_this_leave(bundle: Bundle, review: Review) -> bool:
    """Whether a final bundle belongs to the deletion that the review waits for now."""
    leaves_at = review.deletes_at.isoformat() if review.deletes_at else None
    return leaves_at is not None and bundle.job.params.get("deletes_at") == leaves_at


def final_bundle(review: Review) -> Bundle | None:
    """The newest final bundle of a leaving review, whatever became of it."""
    return next((one for one in bundles_of(review) if one.is_final), None)


def bundle_numbered(review: Review, job_id: int) -> Bundle | None:
    """A bundle of the review that can be taken."""
    return next((one for one in bundles_of(review) if one.job.pk == job_id and one.file), None)


def was_taken(bundle: Bundle) -> bool:
    """Whether somebody has downloaded it."""
    taken = AuditEvent.objects.filter(review=bundle.job.review_id, action=DOWNLOADED)
    return taken.filter(target_id=str(bundle.job.pk)).exists()


def hidden_parts(review: Review) -> list[str]:
    """What is blinded and not finished, in words; while there is any, no bundle is given."""
    found = [
        f"{STAGE_WORDS[Stage(one.stage)]} is screened blinded and not finished"
        for one in hidden_stages(review)
    ]
    for name in settings.BLIND_SPOTS:
        look: BlindSpots = import_string(name)
        found += look(review)
    return found


def hidden_stages(review: Review) -> list[StageSettings]:
    """Blinded stages with a pilot under way or records that wait for verdicts or a ruling."""
    return [
        one
        for one in StageSettings.objects.filter(review=review, is_blinded=True)
        if _is_unfinished(review, Stage(one.stage))
    ]


def _is_unfinished(review: Review, stage: Stage) -> bool:
    if Pilot.objects.filter(review=review, stage=stage, ended_at__isnull=True).exists():
        return True
    here = in_stage(Record.objects.filter(review=review), stage).with_status(stage)
    is_unfinished: bool = here.filter(Q(team_status__in=UNSETTLED)).exists()
    return is_unfinished


def _unfinished(one: StageSettings) -> str:
    return f"{STAGE_WORDS[Stage(one.stage)]} is screened blinded and not finished"
