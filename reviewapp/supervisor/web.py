"""The web process: waitress on a socket that the supervisor holds open."""

import os
import signal
import socket
from types import FrameType
from typing import NoReturn

from waitress.server import create_server

from reviewapp.env import read_number
from reviewapp.supervisor.lifeline import hold_lifeline

SOCKET_VARIABLE = "REVIEWAPP_SOCKET"
HARD_BODY_LIMIT_BYTES = 2 * 1024**3  # a smaller, friendly limit is the middleware's matter


def main() -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hold_lifeline()
    listening = socket.socket(fileno=int(os.environ[SOCKET_VARIABLE]))
    from reviewapp.wsgi import application  # noqa: PLC0415  (after the signals are set)

    server = create_server(
        application,
        sockets=[listening],
        threads=read_number("WEB_THREADS", 8),
        max_request_body_size=HARD_BODY_LIMIT_BYTES,
        ident="",
    )
    server.run()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
