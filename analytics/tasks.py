"""Handlers of long work, by kind of job; each calls one service and works in chunks."""

from collections.abc import Callable, Mapping

from analytics.selectors.simulations import SIMULATION
from analytics.selectors.written_reports import REPORT
from screening.models import JobContext


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


HANDLERS: Mapping[str, Callable[[JobContext], None]] = {
    SIMULATION: simulate_screening,
    REPORT: write_report,
}
