"""The house's own jobs: a bundle, and a count that shows whether workers and progress work."""

import time
from collections.abc import Callable

from screening.models import JobContext
from screening.selectors.bundles import BUNDLE_JOB

CHECK_KIND = "check_worker"


def count(context: JobContext) -> None:
    """Count to `steps`, pausing `pause` seconds at each; goes on at its cursor."""
    steps = int(context.params.get("steps", 3))
    pause = float(context.params.get("pause", 0))
    start = int(context.cursor or 0)
    context.advance(done=start, total=steps, message="Counting")
    for step in range(start + 1, steps + 1):
        time.sleep(pause)
        context.advance(done=step, cursor=step)


def write_bundle(context: JobContext) -> None:
    """Write the bundle that was asked for; done again from the start when it was cut."""
    # here, since what it computes loads pandas, which no other of these needs
    from reviewapp.bundles.making import make_bundle  # noqa: PLC0415

    make_bundle(
        job=context.job,
        progress=lambda done, total, message: context.advance(
            done=done, total=total, message=message
        ),
    )


READING = frozenset({BUNDLE_JOB})  # also in an archived review, and in one about to be deleted
HANDLERS: dict[str, Callable[[JobContext], None]] = {CHECK_KIND: count, BUNDLE_JOB: write_bundle}
