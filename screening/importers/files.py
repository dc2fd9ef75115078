"""Opening an import file: unpacking, encoding, and its lines, one at a time in bounded memory."""

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
from screening.importers.packing import PackedFile
from screening.importers.parsed import ImportRefusedError, Problem

HEAD_BYTES = 256 * 1024
#: A line beyond this many letters is cut, and the cut is reported.
MAX_LINE = 4 * 1024 * 1024
_CHUNK = 1024 * 1024
_WINDOW = 256 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
#: The "encoding" of files that are no text.
BINARY = "binary"


def with_plain_line_ends(text: str) -> str:
    """Write LF for CR and CRLF.

    Args:
        text: Anything.

    Returns:
        The text in which only LF ends a line.

    Source: own definition.
    """
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, as a reader looks at it to say whether it can read the rest."""

    raw: bytes
    text: str
    is_whole: bool

    @property
    def plain(self) -> str:
        """Return the text with LF for every line end."""
        return with_plain_line_ends(self.text)

    @property
    def lines(self) -> list[str]:
        """Return the complete lines of the head (CR, LF and CRLF end a line, nothing else)."""
        lines = self.plain.split("\n")
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
        """Open the file as text with its line ends untouched; the caller closes it.

        Raises:
            ImportRefusedError: It is no text.
        """
        if self.encoding.name == BINARY:
            raise ImportRefusedError(
                "The file is a ZIP archive, not text, so it cannot be read in this format. Choose "
                "Excel or EndNote library if it is one, or unpack it and upload the files in it."
            )
        return io.TextIOWrapper(
            self.open(), encoding=self.encoding.name, errors=FALLBACK_HANDLER, newline=""
        )

    def windows(self) -> Iterator[tuple[int, str]]:
        """Yield (number of its first line from 1, some text) in order; the text is whole lines.

        A line that is cut or holds NUL bytes is reported in `pending`.
        """
        number = 1
        with self.text() as stream:
            while text := stream.read(min(_WINDOW, MAX_LINE)):
                window = text + self._rest_of_line(stream, number, text)
                if "\0" in window:
                    window = self._without_nuls(number, window)
                yield number, window
                number += count_lines(window)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield (number from 1, line with its line end); CR, LF and CRLF end a line."""
        for first, window in self.windows():
            yield from enumerate(io.StringIO(window, newline=""), first)

    def _rest_of_line(self, stream: io.TextIOWrapper, first: int, text: str) -> str:
        """Read on to the end of the text's last line, at most to `MAX_LINE` letters of it."""
        if text.endswith("\n"):
            return ""
        begun = len(text) - 1 - max(text.rfind("\n"), text.rfind("\r"))
        rest = stream.readline(max(MAX_LINE - begun, 1))
        if rest.endswith(("\n", "\r")) or begun + len(rest) < MAX_LINE:
            return rest
        beyond = 0
        while more := stream.readline(MAX_LINE):
            beyond += len(more)
            if more.endswith(("\n", "\r")):
                break
        message = f"The line is longer than {MAX_LINE:,} letters; {beyond:,} letters were cut off."
        self._note(first + count_lines(text), message, text[-begun:] if begun else rest)
        return f"{rest}\n"

    def _without_nuls(self, first: int, window: str) -> str:
        for number, line in enumerate(io.StringIO(window, newline=""), first):
            if "\0" in line:
                clean = line.replace("\0", "")
                self._note(number, "The line held NUL bytes; they were left out.", clean)
        return window.replace("\0", "")

    def _note(self, number: int, message: str, line: str) -> None:
        self.pending.append(Problem(number, message, line[:200]))


def count_lines(text: str) -> int:
    """Count the line ends of a text.

    Args:
        text: Anything.

    Returns:
        How many line ends (CR, LF or CRLF) it holds.

    Source: own definition.
    """
    breaks = text.count("\n")
    if "\r" in text:
        breaks += text.count("\r") - text.count("\r\n")
    return breaks


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
    with _open_bytes(path, is_packed=is_packed) as stream:
        return stream.read(HEAD_BYTES)


def _open_bytes(path: Path, *, is_packed: bool) -> BinaryIO:
    return cast("BinaryIO", PackedFile(path)) if is_packed else path.open("rb")


def _chunks(path: Path, *, is_packed: bool) -> Iterator[bytes]:
    with _open_bytes(path, is_packed=is_packed) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
