"""Handlers of long work, by kind of job; each calls one service and works in chunks."""

from collections.abc import Callable, Mapping

from analytics.selectors.simulations import SIMULATION
from analytics.selectors.written_reports import REPORT
from extraction.selectors.form_changes import CARRY_JOB
from extraction.selectors.sheets import SHEET_JOB
from screening.models import Job, JobContext
from screening.selectors.bundles import DELETE_JOB


def simulate_screening(context: JobContext) -> None:
    """Replay a screening; done again from the start when it was cut."""
    # here, since numpy and SciPy are wanted by this work only
    from analytics.services.simulations import run_simulation  # noqa: PLC0415

    run_simulation(
        job=context.job,
        progress=lambda done, total, message: context.advance(
            done=done, total=total, message=message
        ),
    )


def write_report(context: JobContext) -> None:
    """Write the report of a review; done again from the start when it was cut."""
    from analytics.services.reports import run_report  # noqa: PLC0415 as above

    run_report(
        job=context.job,
        progress=lambda done, total, message: context.advance(
            done=done, total=total, message=message
        ),
    )


def read_ahead(job: Job) -> None:
    """Read the figures of a large review whose values have just come or moved."""
    # here, since pandas is wanted by this work only
    from analytics.selectors.warming import read_ahead_of  # noqa: PLC0415

    if job.review is not None:
        read_ahead_of(job.review)


def drop_figures(job: Job) -> None:
    """Delete what is kept on disk of a review that is deleted."""
    from analytics.selectors.stored_frames import drop_stored  # noqa: PLC0415 as above

    drop_stored(job.params["review"])


HANDLERS: Mapping[str, Callable[[JobContext], None]] = {
    SIMULATION: simulate_screening,
    REPORT: write_report,
}

AFTERWARDS: Mapping[str, Callable[[Job], None]] = {
    SHEET_JOB: read_ahead,
    CARRY_JOB: read_ahead,
    DELETE_JOB: drop_figures,
}
