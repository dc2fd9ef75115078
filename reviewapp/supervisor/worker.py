"""The worker process: Celery with a small pool, watched by the supervisor."""

import warnings

import django
from celery.exceptions import SecurityWarning

from reviewapp.env import read_number, read_text
from reviewapp.supervisor.lifeline import hold_lifeline


def worker_arguments() -> list[str]:
    """Celery's command line of the embedded worker."""
    return [
        "--quiet",  # no banner
        "worker",
        f"--concurrency={read_number('WORKER_PROCESSES', 1)}",
        f"--loglevel={read_text('LOG_LEVEL', 'WARNING')}",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]


def main() -> None:
    """Take back the jobs of a killed predecessor, then work until SIGTERM."""
    hold_lifeline()
    # Its advice concerns pickled messages; ours are JSON. Containers often run as root.
    warnings.simplefilter("ignore", SecurityWarning)
    django.setup()
    # After django.setup(): both reach models.
    from reviewapp.celery import app  # noqa: PLC0415
    from reviewapp.jobs import release_own_jobs  # noqa: PLC0415

    release_own_jobs()
    app.worker_main(worker_arguments())


if __name__ == "__main__":
    main()
