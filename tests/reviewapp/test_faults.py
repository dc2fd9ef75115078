"""The benchmark of faults in small: workers killed with -9 on a team's database and broker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.postgres
@pytest.mark.broker
@pytest.mark.timeout(300)
def test_killed_workers_import_every_row_exactly_once() -> None:
    database = f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/faults_{os.getpid()}"
    options = {
        "--database": database,
        "--broker": os.environ["CELERY_BROKER_URL"],
        "--files": "6",
        "--records": "1500",
        "--kills": "3",
        "--window": "0.5",
        "--patience": "200",
    }
    words = [word for pair in options.items() for word in pair]
    command = [sys.executable, "benchmarks/faults.py", "kills", *words]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "each row once in 6" in done.stdout
