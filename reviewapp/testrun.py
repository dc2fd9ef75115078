"""The one command that tests the project: pytest, optionally under coverage."""

import os
import subprocess
import sys
from collections.abc import Sequence

from reviewapp.bootstrap import ROOT

COVERAGE_OPTION = "--coverage"


def run_tests(arguments: Sequence[str]) -> int:
    """Run pytest with the given arguments from the project's root.

    Args:
        arguments: pytest's own; `--coverage` among them measures coverage as well and fails under
            the floor that pyproject.toml states.

    Returns:
        The exit code: 0 when all that was asked for passed.
    """
    os.chdir(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "reviewapp.settings_test"
    if COVERAGE_OPTION not in arguments:
        return _run(["-m", "pytest", *arguments])
    kept = [argument for argument in arguments if argument != COVERAGE_OPTION]
    _run(["-m", "coverage", "erase"])
    code = _run(["-m", "coverage", "run", "-m", "pytest", *kept])
    # Processes that a test kills leave half a file behind; their part is told as a warning.
    _run(["-W", "ignore", "-m", "coverage", "combine", "--quiet"])
    floor = _run(["-m", "coverage", "report"])
    return code or floor


def _run(arguments: Sequence[str]) -> int:
    done = subprocess.run([sys.executable, *arguments], check=False)  # noqa: S603  (our own tools)
    return done.returncode
