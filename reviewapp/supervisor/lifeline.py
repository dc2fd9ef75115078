"""A child's watch on its supervisor: an inherited pipe that ends when the supervisor dies."""

import os
import signal
import threading
import time

VARIABLE = "REVIEWAPP_LIFELINE"
GRACE_SECONDS = 4.0


def hold_lifeline() -> None:
    """Start watching the pipe named in the environment; without one, do nothing."""
    number = os.environ.pop(VARIABLE, "")
    if number:
        threading.Thread(target=_watch, args=(int(number),), daemon=True, name="lifeline").start()


def _watch(pipe: int) -> None:
    while os.read(pipe, 1):
        pass  # the supervisor never writes; only the end of the pipe matters
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)
