"""The house's own job: a count that shows whether messages, worker, lease and progress work."""

import time
from collections.abc import Callable

from screening.models import JobContext

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


HANDLERS: dict[str, Callable[[JobContext], None]] = {CHECK_KIND: count}
