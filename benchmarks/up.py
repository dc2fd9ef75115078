"""Times `manage.py up` from a clean copy of the tree to the first page: first and second run.

Run with any Python 3.11+: `python3 benchmarks/up.py [--demo]`. The copy builds an
environment of its own, so the first run includes the installation of all packages.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DROPPED = {"VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CELERY_BROKER_URL"}


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def seconds_to_page(tree: Path, data: Path, options: list[str]) -> float:
    """Start `up`, wait for the sign-in page, stop it again."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in DROPPED}
    python = shutil.which("python3", path=os.defpath) or sys.executable
    command = [python, "manage.py", "up", "--port", str(port), "--data-dir", str(data), *options]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not is_served(port):
            if process.poll() is not None:
                sys.exit(f"`up` ended with {process.returncode}")
            time.sleep(0.02)
        return time.monotonic() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def is_served(port: int) -> bool:
    """Whether the front page answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=600) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def main() -> None:
    """Measure and print two lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true", help="load the demo in the first run")
    options = ["--demo"] if parser.parse_args().demo else []
    with tempfile.TemporaryDirectory() as folder:
        tree, data = Path(folder) / "tree", Path(folder) / "data"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(tree)], check=True)
        for run in ("first", "second"):
            print(f"{run} run: {seconds_to_page(tree, data, options):.1f} s to the first page")


if __name__ == "__main__":
    main()
