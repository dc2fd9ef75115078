"""Builds and enters the project's own environment; standard library only, run by any Python 3.11+.

The environment is `.venv` at the project's root, filled from the hashed lock files. It is touched
again only when a lock changes. Inside somebody's own virtual environment nothing is installed.
"""

import contextlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from reviewapp import locks

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
RUN_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "requirements-dev.txt"
S3_LOCK = ROOT / "requirements-s3.txt"
S3_VARIABLES = ("S3_BUCKET", "S3_BUCKET_FILE")
STAMP_NAME = "reviewapp-locks"
NETWORK_SIGNS = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "Temporary failure in name resolution",
    "No matching distribution found",
)
NO_VENV = """\
This Python ({python}) cannot make a virtual environment: its `venv`/`ensurepip` part is missing.
On Debian and Ubuntu install it and run the same command again:

    sudo apt-get install python3-venv
"""
NO_NETWORK = """\
The packages could not be downloaded, so the environment is not complete.
Check the network and run the same command again: it continues where it stopped.
Behind a proxy set HTTPS_PROXY; with a mirror of your own set PIP_INDEX_URL.
"""


def take_data_dir(arguments: Sequence[str]) -> list[str]:
    """Move `--data-dir DIR` out of the arguments into REVIEWAPP_DATA_DIR, for any command.

    Args:
        arguments: What follows `manage.py`.

    Returns:
        The arguments without the option.
    """
    kept: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        option, equals, value = argument.partition("=")
        if option != "--data-dir":
            kept.append(argument)
            continue
        folder = value if equals else next(rest, "")
        if not folder:
            _refuse("--data-dir needs a folder: --data-dir DIR.", code=2)
        os.environ["REVIEWAPP_DATA_DIR"] = str(Path(folder).expanduser().resolve())
    return kept


def enter_environment(argv: Sequence[str], *, testing: bool) -> None:
    """Make sure the packages of the command are there; start again inside `.venv` if outside.

    Args:
        argv: The process's own arguments, used to start it again.
        testing: Whether the command also needs the test tools.
    """
    wanted = [RUN_LOCK, TEST_LOCK] if testing else [RUN_LOCK]
    if any(os.environ.get(name) for name in S3_VARIABLES):
        wanted.append(S3_LOCK)
    if is_in_environment() and not is_in_own_environment():
        _check_foreign(testing=testing)
        return
    changed = complete_environment(wanted)
    if changed or not is_in_own_environment():
        python = str(python_of(ENVIRONMENT))
        sys.stdout.flush()
        os.execv(python, [python, *argv])  # noqa: S606  (no shell wanted)


def is_in_environment() -> bool:
    """Whether this Python runs inside any virtual environment."""
    return sys.prefix != sys.base_prefix


def is_in_own_environment() -> bool:
    """Whether this Python runs inside the project's `.venv`."""
    return is_in_environment() and Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def python_of(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def complete_environment(wanted: Sequence[Path]) -> bool:
    """Build or refill `.venv` unless it already holds what the locks name.

    Returns:
        Whether anything was installed.
    """
    if _is_stamped(wanted):
        return False
    with _one_builder():
        if _is_stamped(wanted):
            return False
        if not python_of(ENVIRONMENT).exists():
            _say(f"Building the environment in {ENVIRONMENT} (first run: a minute or less) ...")
            _make_environment()
        missing = locks.missing_pins(wanted, locks.installed_versions(_site_packages()))
        if missing:
            _say(f"Installing {len(missing)} packages ...")
            _install(wanted)
        _write_stamp(wanted)
    return bool(missing)


def _stamp_text(wanted: Sequence[Path]) -> str:
    return "".join(f"{locks.fingerprint([lock])} {lock.name}\n" for lock in wanted)


def _is_stamped(wanted: Sequence[Path]) -> bool:
    stamp = ENVIRONMENT / STAMP_NAME
    if not stamp.is_file() or not python_of(ENVIRONMENT).exists():
        return False
    known = stamp.read_text(encoding="utf-8").splitlines()
    return all(line in known for line in _stamp_text(wanted).splitlines())


def _write_stamp(wanted: Sequence[Path]) -> None:
    (ENVIRONMENT / STAMP_NAME).write_text(_stamp_text(wanted), encoding="utf-8")


def _site_packages() -> list[Path]:
    return [*ENVIRONMENT.glob("lib/python3*/site-packages"), ENVIRONMENT / "Lib/site-packages"]


def _make_environment() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        _refuse(NO_VENV.format(python=sys.executable))
    made = _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])
    if made.returncode:
        _refuse(f"{made.stdout}{made.stderr}\n{NO_VENV.format(python=sys.executable)}")


def _install(wanted: Sequence[Path]) -> None:
    python = str(python_of(ENVIRONMENT))
    if _run([python, "-m", "pip", "--version"]).returncode:
        _run([python, "-m", "ensurepip", "--upgrade"])
    names = [part for lock in wanted for part in ("-r", str(lock))]
    # Modules are compiled when they are first imported: most of them never are.
    options = ["--require-hashes", "--no-compile", "--no-input", "--quiet"]
    options.append("--disable-pip-version-check")
    done = _run([python, "-m", "pip", "install", *options, *names])
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        is_network = any(sign in done.stderr for sign in NETWORK_SIGNS)
        _refuse(f"{tail}\n\n{NO_NETWORK if is_network else 'The packages were not installed.'}")


def _check_foreign(*, testing: bool) -> None:
    needed = ("django", "celery", "pytest") if testing else ("django", "celery")
    absent = [name for name in needed if importlib.util.find_spec(name) is None]
    if absent:
        names = "-r requirements.txt" + (" -r requirements-dev.txt" if testing else "")
        _refuse(
            f"You are in the virtual environment {sys.prefix}, which lacks {', '.join(absent)}.\n"
            f"Either fill it:    python -m pip install --require-hashes {names}\n"
            "or leave it (`deactivate`) and run the same command: it then builds its own .venv."
        )


@contextlib.contextmanager
def _one_builder() -> Iterator[None]:
    """Let a second start wait while a first one installs (a lock on the folder itself)."""
    if sys.platform == "win32":  # builders are not kept apart there
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def _refuse(message: str, code: int = 1) -> NoReturn:
    _say(message)
    sys.exit(code)
