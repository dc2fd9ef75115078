"""Simulations of a review and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from screening.models import Job, Membership

SIMULATION = "simulate_screening"
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SimulationLine:
    """One simulation: its job and, as far as it has come, its runs."""

    job: Job
    name: str
    records: int
    relevant: int
    runs: Sequence[dict[str, Any]]

    @property
    def is_open(self) -> bool:
        """It waits or runs."""
        return self.job.state in {Job.State.QUEUED, Job.State.RUNNING}


def simulations_of(membership: Membership) -> list[SimulationLine]:
    """The review's simulations, the newest first."""
    jobs = Job.objects.filter(kind=SIMULATION, review=membership.review_id).order_by("-pk")
    return [_line(job) for job in jobs[:MOST_SHOWN]]


def _line(job: Job) -> SimulationLine:
    result = job.result or {}
    return SimulationLine(
        job=job,
        name=job.params.get("name", ""),
        records=result.get("records", 0),
        relevant=result.get("relevant", 0),
        runs=result.get("runs", []),
    )
