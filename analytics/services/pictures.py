"""Figures as pictures: our own static page, printed by Chromium, each sheet made a PNG."""

import contextlib
import io
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from django.conf import settings
from plotly.offline import get_plotlyjs

from analytics.tables.document import Drawing, drawings_as_html

WIDTH = 900
SCALE = 2.5
PIXELS_A_POINT = 96 / 72
SECONDS = 90
LARGEST_FILE = 200 * 1024 * 1024
NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoPicturesError(Exception):
    """There are no pictures; the message says why, for people."""


def pictures_of(drawings: Sequence[Drawing]) -> dict[str, bytes]:
    """Draw figures as PNG files.

    Chromium gets a page of ours in a folder of its own, no network, little time and a bounded size
    of files; it is ended with all its children when the time is over.

    Raises:
        NoPicturesError: There is no Chromium on this machine, or it did not draw.
    """
    if not drawings:
        return {}
    program = _program()
    with tempfile.TemporaryDirectory(prefix="figures-") as name:
        folder = Path(name)
        page, printed = folder / "figures.html", folder / "figures.pdf"
        page.write_text(drawings_as_html(drawings, WIDTH, get_plotlyjs()), encoding="utf-8")
        _run(program, page, printed, folder)
        if not printed.exists():
            raise NoPicturesError("Figures could not be drawn: Chromium gave no file.")
        return _cut(printed, drawings)


def _program() -> str:
    chosen = settings.CHROMIUM
    if chosen == "off":
        raise NoPicturesError("Figures are not drawn here: Chromium is switched off.")
    found = next(filter(None, map(shutil.which, (chosen,) if chosen else NAMES)), None)
    if found is None:
        raise NoPicturesError("Figures could not be drawn: there is no Chromium on this machine.")
    return found


def _run(program: str, page: Path, printed: Path, folder: Path) -> None:
    command = [
        program,
        "--headless",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--proxy-server=127.0.0.1:9",
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",
        "--virtual-time-budget=30000",
        f"--print-to-pdf={printed}",
        page.as_uri(),
    ]
    if os.geteuid() == 0:  # Chromium's sandbox refuses to work for root, e.g. in a container
        command.insert(1, "--no-sandbox")
    child = subprocess.Popen(  # noqa: S603 fixed arguments and paths of ours
        command,
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_limit,  # noqa: PLW1509 only sets limits
    )
    try:
        child.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NoPicturesError(
            f"Figures could not be drawn: Chromium took longer than {SECONDS} seconds."
        ) from error
    finally:
        _end(child)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _cut(printed: Path, drawings: Sequence[Drawing]) -> dict[str, bytes]:
    document = pdfium.PdfDocument(printed)
    try:
        if len(document) < len(drawings):
            raise NoPicturesError("Figures could not be drawn: Chromium printed too few pages.")
        found = {}
        for number, one in enumerate(drawings):
            picture = document[number].render(scale=SCALE * PIXELS_A_POINT).to_pil().convert("RGB")
            size = (0, 0, picture.width, min(picture.height, round(one.height * SCALE)))
            out = io.BytesIO()
            picture.crop(size).save(out, "PNG", optimize=True)
            found[one.key] = out.getvalue()
        return found
    finally:
        document.close()
