"""The web process: waitress on a socket that the supervisor holds open."""

import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

from waitress.server import create_server

from reviewapp.env import read_number
from reviewapp.supervisor.lifeline import hold_lifeline

HEAD_START_SECONDS = 3.0  # of the first page before pandas, SciPy and Plotly are loaded
SOCKET_VARIABLE = "REVIEWAPP_SOCKET"
LATER_VARIABLE = "REVIEWAPP_LATER"  # set for those that let the first process start before them
LATER_SECONDS = 6.0
TURN_SECONDS = 0.0005  # of a thread that computes, while others wait to go on with a request
HARD_BODY_LIMIT_BYTES = 2 * 1024**3  # a smaller, friendly limit is the middleware's matter


def main() -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hold_lifeline()
    if os.environ.get(LATER_VARIABLE):
        time.sleep(LATER_SECONDS)
    sys.setswitchinterval(TURN_SECONDS)
    listening = socket.socket(fileno=int(os.environ[SOCKET_VARIABLE]))
    from reviewapp.wsgi import application  # noqa: PLC0415  (after the signals are set)

    server = create_server(
        application,
        sockets=[listening],
        threads=read_number("WEB_THREADS", 8),
        max_request_body_size=HARD_BODY_LIMIT_BYTES,
        ident="",
    )
    threading.Thread(target=_load_heavy_views, name="heavy-views", daemon=True).start()
    server.run()


def _load_heavy_views() -> None:
    """Load what the addresses left for later, once the first page can be served.

    Then large reviews are read, so that nobody's first look at their figures waits for that.
    """
    from django.utils.module_loading import import_string  # noqa: PLC0415  (see `main`)

    import reviewapp.urls  # noqa: F401, PLC0415  (what the first request waits for)
    from analytics.urls import heavy_views  # noqa: PLC0415

    time.sleep(HEAD_START_SECONDS)

    for name in heavy_views:
        import_string(name)

    from django.db import connection  # noqa: PLC0415  (see `main`)

    from analytics.selectors.warming import warm_figures  # noqa: PLC0415  (needs pandas)

    try:
        warm_figures()
    finally:
        connection.close()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
