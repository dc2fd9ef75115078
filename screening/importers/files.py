"""Opening an import file: unpacking, encoding, and its lines, one at a time in bounded memory."""

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from screening.importers.encodings import (
    FALLBACK_HANDLER,
    EncodingGuess,
    guess_encoding,
)
from screening.importers.parsed import ImportRefusedError, Problem

HEAD_BYTES = 256 * 1024
#: A line beyond this many letters is cut, and the cut is reported.
MAX_LINE = 4 * 1024 * 1024
#: A packed file may not grow beyond this (a bomb does).
MAX_UNPACKED = 1024 * 1024 * 1024
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
#: The "encoding" of files that are no text.
BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, as a reader looks at it to say whether it can read the rest."""

    raw: bytes
    text: str
    is_whole: bool

    @property
    def lines(self) -> list[str]:
        """Return the complete lines of the head (CR, LF and CRLF end a line, nothing else)."""
        lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return lines if self.is_whole else lines[:-1] or lines


@dataclass(slots=True)
class SourceFile:
    """One file to read, its encoding, and the problems found while its lines were read.

    `open_source` makes one; readers take `lines()` or `open()`; `pending` is drained by `read`.
    """

    path: Path
    encoding: EncodingGuess
    head: Head
    is_packed: bool = False
    pending: list[Problem] = field(default_factory=list)

    def open(self) -> BinaryIO:
        """Open the (unpacked) bytes of the file; the caller closes it."""
        return _open_bytes(self.path, is_packed=self.is_packed)

    def text(self) -> io.TextIOWrapper:
        """Open the file as text with its line ends untouched; the caller closes it."""
        return io.TextIOWrapper(
            self.open(), encoding=self.encoding.name, errors=FALLBACK_HANDLER, newline=""
        )

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield (number from 1, line with its line end); a cut or NUL-holding line is reported."""
        with self.text() as stream:
            number = 0
            while line := stream.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
                    self._cut(stream, number, line)
                if "\0" in line:
                    line = line.replace("\0", "")
                    self._note(number, "The line held NUL bytes; they were left out.", line)
                yield number, line

    def _cut(self, stream: io.TextIOWrapper, number: int, line: str) -> None:
        beyond = 0
        while rest := stream.readline(MAX_LINE):
            beyond += len(rest)
            if rest.endswith(("\n", "\r")):
                break
        message = f"The line is longer than {MAX_LINE:,} letters; {beyond:,} letters were cut off."
        self._note(number, message, line)

    def _note(self, number: int, message: str, line: str) -> None:
        self.pending.append(Problem(number, message, line[:200]))


def open_source(path: Path, *, encoding: str = "") -> SourceFile:
    """Look at a file: is it packed, how does it begin, which encoding is it in.

    Args:
        path: The file.
        encoding: A codec name chosen by a person; "" guesses.

    Returns:
        The source, ready for `screening.importers.registry.detect` and `read`.

    Raises:
        ImportRefusedError: The file is empty or packed too densely.
    """
    with path.open("rb") as stream:
        is_packed = stream.read(2) == _GZIP
    raw = _head_of(path, is_packed=is_packed)
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise ImportRefusedError("The file is empty. Export it again and upload the new file.")
    if raw.startswith(_ZIP):
        return SourceFile(
            path, EncodingGuess(BINARY), Head(raw, raw.decode("latin-1"), is_whole=False)
        )
    if encoding:
        guess = EncodingGuess(encoding)
    else:
        guess = guess_encoding(_chunks(path, is_packed=is_packed), raw)
    text = raw.decode(guess.name, errors=FALLBACK_HANDLER)
    return SourceFile(
        path=path,
        encoding=guess,
        head=Head(raw, text, is_whole=len(raw) < HEAD_BYTES),
        is_packed=is_packed,
    )


def _head_of(path: Path, *, is_packed: bool) -> bytes:
    try:
        with _open_bytes(path, is_packed=is_packed) as stream:
            return stream.read(HEAD_BYTES)
    except (OSError, EOFError) as error:
        raise ImportRefusedError(
            f"The packed file is damaged: {error}. Upload it again."
        ) from error


def _open_bytes(path: Path, *, is_packed: bool) -> BinaryIO:
    if is_packed:
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def _chunks(path: Path, *, is_packed: bool) -> Iterator[bytes]:
    total = 0
    try:
        with _open_bytes(path, is_packed=is_packed) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if is_packed and total > MAX_UNPACKED:
                    message = f"Unpacked, the file is larger than {MAX_UNPACKED:,} bytes. Split it."
                    raise ImportRefusedError(message)
                yield chunk
    except (gzip.BadGzipFile, EOFError) as error:
        raise ImportRefusedError(
            f"The packed file is damaged: {error}. Upload it again."
        ) from error
