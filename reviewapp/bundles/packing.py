"""A ZIP that is written as a stream, each member with its size and SHA-256."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from reviewapp.bundles.cells import guarded

START = (1980, 1, 1, 0, 0, 0)  # no clock in the archive: equal contents are equal bytes
MODE = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Packed:
    """One member of the archive."""

    path: str
    size: int
    sha256: str


class _Digesting(io.RawIOBase):
    """Passes bytes on and sums them up."""

    def __init__(self, out: io.RawIOBase) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        block = bytes(data)
        self.digest.update(block)
        self.size += len(block)
        self._out.write(block)
        return len(block)


@dataclass
class Packing:
    """Writes members one after the other and remembers what they were."""

    archive: zipfile.ZipFile
    packed: dict[str, Packed] = field(default_factory=dict)

    @contextmanager
    def member(self, path: str) -> Iterator[BinaryIO]:
        """A new member to write bytes to."""
        info = zipfile.ZipInfo(path, START)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = MODE
        with self.archive.open(info, "w", force_zip64=True) as out:
            digesting = _Digesting(out)  # type: ignore[arg-type]  # an open member is raw enough
            buffered = io.BufferedWriter(cast("Any", digesting), 1024 * 256)
            yield buffered
            buffered.flush()
        sha256 = digesting.digest.hexdigest()
        self.packed[path] = Packed(path, digesting.size, sha256)

    def add(self, path: str, content: bytes) -> None:
        """A member that is small."""
        with self.member(path) as out:
            out.write(content)

    def add_table(self, path: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
        """A CSV file (RFC 4180, UTF-8), every cell guarded against formulas; how many rows."""
        count = 0
        with self.member(path) as out:
            text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(columns)
            for row in rows:
                writer.writerow([guarded(cell) for cell in row])
                count += 1
            text.flush()
            text.detach()
        return count
