"""Simulations of a screening: asked for by a lead, run by a worker, kept with their job."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from analytics.selectors.simulations import SIMULATION
from screening.models import Job, Membership, Review
from screening.permissions import require
from screening.ranking.rankers import MODEL_NAMES
from screening.ranking.reading import read_labelled
from screening.ranking.simulation import Simulation, simulate
from screening.ranking.stopping import recall_curve
from screening.rules.roles import Capability
from screening.selectors.rankings.outcomes import final_decisions

STEPS, MOST_POINTS = 100, 400

Progress = Callable[[int, int, str], None]
Labelled = tuple[Sequence[str], Sequence[bool]]


@transaction.atomic
def start_simulation(
    *, lead: Membership, models: Sequence[str], seeds: int, table: "File[bytes] | None" = None
) -> Job:
    """Let a worker replay a screening with each model and seed.

    Args:
        lead: Who asks.
        models: Keys of `MODEL_NAMES`.
        seeds: How many; the seeds 1 to this.
        table: Labelled records; without it the review's own decisions are replayed.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: A model is unknown, or there are too few labels.
    """
    require(lead, Capability.MANAGE)
    unknown = sorted(set(models) - MODEL_NAMES.keys())
    if unknown or not models:
        raise ValidationError(f"Choose models among {', '.join(MODEL_NAMES)}.")
    path = default_storage.save(f"simulations/{uuid4().hex}.csv", table) if table else ""
    name = (table.name or "table") if table else lead.review.title
    try:
        _check(_labelled(lead.review, path))
    except ValueError as error:
        if path:
            default_storage.delete(path)
        raise ValidationError(f"{name}: {error}") from error
    params = {"models": list(models), "seeds": seeds, "path": path, "name": name}
    return Job.objects.enqueue(
        kind=SIMULATION, review=lead.review, created_by=lead.user, params=params
    )


def run_simulation(*, job: Job, progress: Progress) -> list[dict[str, Any]]:
    """Replay the screening with each model and seed and keep what came of it with the job.

    Args:
        job: With its parameters.
        progress: Told steps done, steps in all and a sentence; may raise to stop the work.

    Returns:
        One row per model and seed.
    """
    if job.review is None:
        raise ValueError(f"Job {job.pk} names no review.")
    models, seeds = job.params["models"], job.params["seeds"]
    texts, labels = _labelled(job.review, job.params["path"])
    runs = [(model, seed) for model in models for seed in range(1, seeds + 1)]
    rows: list[dict[str, Any]] = []
    for number, (model, seed) in enumerate(runs):
        told = _teller(progress, (number, len(runs)), f"{MODEL_NAMES[model]}, seed {seed}")
        done = simulate(texts, labels, seed=seed, model=model, on_progress=told)
        rows.append(_row(done))
        result = {"records": len(labels), "relevant": int(sum(labels)), "runs": rows}
        Job.objects.filter(pk=job.pk, owner=job.owner).update(result=result)
    progress(len(runs) * STEPS, len(runs) * STEPS, "Done")
    return rows


def _labelled(review: Review, path: str) -> Labelled:
    if not path:
        rows = final_decisions(review)
        return [text for text, _ in rows], [is_relevant for _, is_relevant in rows]
    with default_storage.open(path, "rb") as kept, tempfile.NamedTemporaryFile() as copy:
        copy.write(kept.read())
        copy.flush()
        table = read_labelled(Path(copy.name))
    return table.texts, table.labels


def _check(labelled: Labelled) -> None:
    relevant = int(sum(labelled[1]))
    if min(relevant, len(labelled[1]) - relevant) < 2:  # noqa: PLR2004  # one known, one to find
        raise ValueError(
            f"{relevant} of {len(labelled[1])} decided records are relevant; a simulation needs "
            "two relevant and two irrelevant ones."
        )


def _teller(progress: Progress, at: tuple[int, int], words: str) -> Callable[[int, int], None]:
    """Tell every hundredth of a run."""
    number, runs = at
    told = [-1]

    def on_progress(done: int, total: int) -> None:
        step = done * STEPS // total
        if step > told[0]:
            told[0] = step
            progress(number * STEPS + step, runs * STEPS, words)

    return on_progress


def _row(done: Simulation) -> dict[str, Any]:
    """A run as JSON, its curve thinned out."""
    found = recall_curve(done.labels)
    step = max(1, len(found) // MOST_POINTS)
    places = sorted({*range(0, len(found), step), len(found) - 1})
    return {
        "model": done.model,
        "seed": done.seed,
        "screened": places,
        "recall": np.round(found[places] / found[-1], 5).tolist(),
        **asdict(done.metrics),
        "stops": [stop._asdict() for stop in done.stops],
        "seconds_p50": round(float(np.median(done.seconds)), 5),
    }
