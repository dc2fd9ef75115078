"""The worker processes: one with a small pool for long work, one with threads for short work.

Each has its own queue, so that work of seconds never waits behind work of minutes.
"""

import os
import sys
import warnings

import django
from celery.exceptions import SecurityWarning

from reviewapp.env import read_number, read_text
from reviewapp.supervisor.lifeline import hold_lifeline

NICENESS = 5  # of long work: where processors are short, the pages come first
SHORT_THREADS = 4  # short work mostly waits: for a writer's place, for the answer to a webhook


def worker_arguments(queue: str) -> list[str]:
    """Celery's command line of the embedded worker of a queue."""
    threads = ["--pool=threads", f"--concurrency={SHORT_THREADS}"]
    processes = [f"--concurrency={read_number('WORKER_PROCESSES', 1)}"]
    return [
        "--quiet",  # no banner
        "worker",
        f"--queues={queue}",
        f"--hostname={queue}@%h",
        *(threads if queue == "short" else processes),
        f"--loglevel={read_text('LOG_LEVEL', 'WARNING')}",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]


def main(queue: str) -> None:
    """Take back the jobs of a killed predecessor, then work until SIGTERM."""
    hold_lifeline()
    if queue != "short":
        os.nice(NICENESS)
    # Its advice concerns pickled messages; ours are JSON. Containers often run as root.
    warnings.simplefilter("ignore", SecurityWarning)
    django.setup()
    # After django.setup(): both reach models.
    from reviewapp.celery import app  # noqa: PLC0415
    from reviewapp.jobs import release_own_jobs  # noqa: PLC0415

    release_own_jobs()
    app.worker_main(worker_arguments(queue))


if __name__ == "__main__":
    main(sys.argv[1])
