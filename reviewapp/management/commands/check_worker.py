"""`manage.py check_worker`: sends a small job through broker and worker and waits for its end."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewapp.tasks import CHECK_KIND
from screening.models import Job


class Command(BaseCommand):
    """Says whether long work is done here, and how fast it starts."""

    help = "Send a counting job to the workers and wait until it is done."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--steps", type=int, default=3, help="how far to count")
        parser.add_argument("--pause", type=float, default=0.0, help="seconds between two steps")
        parser.add_argument("--timeout", type=float, default=60.0, help="seconds to wait")
        parser.add_argument(
            "--queue", choices=Job.Queue.values, help="one queue only; both unless told"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Enqueue in each queue, wait, report."""
        for queue in [options["queue"]] if options["queue"] else Job.Queue.values:
            self._check(queue, options)

    def _check(self, queue: str, options: dict[str, Any]) -> None:
        params = {"steps": options["steps"], "pause": options["pause"]}
        started = time.monotonic()
        job = Job.objects.enqueue(
            kind=CHECK_KIND,
            review=None,
            created_by=None,
            params=params,
            is_short=queue == Job.Queue.SHORT,
        )
        while job.state in {Job.State.QUEUED, Job.State.RUNNING}:
            if time.monotonic() - started > options["timeout"]:
                raise CommandError(
                    f"No worker of {queue} work finished job {job.pk} in "
                    f"{options['timeout']:g} s; it is "
                    f"{job.get_state_display().lower()} ({job.done} of {options['steps']}). "
                    "Is a worker running on the same database and broker?"
                )
            time.sleep(0.1)
            job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise CommandError(f"Job {job.pk} ended as {job.get_state_display()}: {job.error}")
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{job.get_queue_display()}: job {job.pk} done in {seconds:.1f} s, "
            f"{job.done} steps, attempts: {job.attempts}."
        )
