"""The process that touches PDFs: `python -m screening.pdfs.worker`, asked over its pipes.

It can write no file, start no process, and has a bound on memory; whoever started it ends it when
an answer takes too long. It knows no setting, key or address of the installation.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any

import pypdfium2 as pdfium
from PIL import WebPImagePlugin  # noqa: F401 loaded now, while files may be opened

from screening.pdfs import engine, wire
from screening.pdfs.model import PdfTrouble

if sys.platform != "win32":
    import resource

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 120  # of processor time for one request; ends the process when nobody else does
HELD = 3
MAX_REQUEST = 2 * 1024 * 1024 * 1024
Answer = tuple[dict[str, Any], bytes]
TOO_LARGE = "This page needs more memory than a page may take. The other pages can be read."


class Held:
    """The last few files that were asked about, still open; each keeps its bytes."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._open: OrderedDict[str, tuple[pdfium.PdfDocument, bytes]] = OrderedDict()

    def get(self, key: str) -> tuple[pdfium.PdfDocument, bytes] | None:
        """The open file of a key, now the newest."""
        if key in self._open:
            self._open.move_to_end(key)
        return self._open.get(key)

    def put(self, key: str, content: bytes) -> tuple[pdfium.PdfDocument, bytes]:
        """Open a file; the oldest beyond `HELD` is closed.

        Raises:
            PdfTrouble: It cannot be opened.
        """
        while len(self._open) >= HELD:
            self._open.popitem(last=False)[1][0].close()
        self._open[key] = (engine.open_pdf(content), content)
        return self._open[key]

    def close(self) -> None:
        """Close all."""
        while self._open:
            self._open.popitem()[1][0].close()


def serve(source: IO[bytes], sink: IO[bytes], before: Callable[[], None]) -> None:
    """Answer requests until the other side goes; `before` is called ahead of each."""
    held = Held()
    while True:
        try:
            head, body = wire.receive(source, MAX_REQUEST)
        except EOFError:
            held.close()
            return
        before()
        wire.send(sink, *_answer(held, head, body))


def _answer(held: Held, head: dict[str, Any], body: bytes) -> Answer:
    key = head["key"]
    try:
        found = held.get(key) or (held.put(key, body) if body else None)
        if found is None:
            return {"wants": "file"}, b""
        return _TASKS[head["task"]](*found, head)
    except PdfTrouble as trouble:
        return {"trouble": str(trouble)}, b""
    except (MemoryError, pdfium.PdfiumError):
        return {"trouble": TOO_LARGE}, b""


def _count(document: pdfium.PdfDocument, _content: bytes, _head: dict[str, Any]) -> Answer:
    return {"count": len(document)}, b""


def _texts(document: pdfium.PdfDocument, _content: bytes, head: dict[str, Any]) -> Answer:
    """Texts of some pages; null for one that cannot be read."""
    texts: list[str | None] = []
    for number in head["numbers"]:
        try:
            texts.append(engine.page_text(document, number))
        except PdfTrouble:
            texts.append(None)
    return {"texts": texts}, b""


def _picture(document: pdfium.PdfDocument, _content: bytes, head: dict[str, Any]) -> Answer:
    return {}, engine.page_picture(document, head["number"], head["scale"], head["max_pixels"])


def _words(document: pdfium.PdfDocument, _content: bytes, head: dict[str, Any]) -> Answer:
    return asdict(engine.page_words(document, head["number"])), b""


def _stated(document: pdfium.PdfDocument, content: bytes, _head: dict[str, Any]) -> Answer:
    return asdict(engine.stated(document, content)), b""


_TASKS: dict[str, Callable[[pdfium.PdfDocument, bytes, dict[str, Any]], Answer]] = {
    "count": _count,
    "texts": _texts,
    "picture": _picture,
    "words": _words,
    "stated": _stated,
}


def set_limits(memory: int = MEMORY_BYTES) -> None:
    """Bound this process for good; where the system has no such bounds, only its time is.

    Args:
        memory: Bytes of address space.
    """
    if sys.platform != "win32":
        bounds = {
            resource.RLIMIT_AS: memory,
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_NPROC: 0,
        }
        for limit, most in bounds.items():
            hard = resource.getrlimit(limit)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(limit, (bound, bound))


def grant_time(seconds: int = CPU_SECONDS) -> None:
    """Give the next request its seconds of processor time."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        until = int(used.ru_utime + used.ru_stime) + seconds
        bound = until if hard == resource.RLIM_INFINITY else min(until, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (bound, hard))


if __name__ == "__main__":
    set_limits()
    serve(sys.stdin.buffer, sys.stdout.buffer, grant_time)
