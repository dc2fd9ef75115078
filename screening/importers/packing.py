"""How far a packed file may grow: limits against bombs, held while it is unpacked."""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO

from screening.importers.parsed import ImportRefusedError

#: A packed file may not grow beyond this (a bomb does) ...
MAX_UNPACKED = 1024 * 1024 * 1024
#: ... nor beyond so many times its packed size, once it is larger than the last number.
MAX_RATIO = 200
_RATIO_FROM = 64 * 1024 * 1024


def refuse_bomb(unpacked: int, packed: int) -> None:
    """Refuse what grows too large.

    Args:
        unpacked: Bytes so far.
        packed: Bytes of the packed file.

    Raises:
        ImportRefusedError: It is beyond a limit. Exports of text shrink to a tenth or so, so a
            two-hundredth is no export.

    Source: own definition.
    """
    if unpacked > MAX_UNPACKED:
        raise ImportRefusedError(
            f"Unpacked, the file is larger than {MAX_UNPACKED:,} bytes. Split the export."
        )
    if unpacked > _RATIO_FROM and unpacked > packed * MAX_RATIO:
        raise ImportRefusedError(
            f"The file unpacks to more than {MAX_RATIO} times its size. No export does that, so it "
            "was not read."
        )


class PackedFile(gzip.GzipFile):
    """A gzip file that refuses to grow too large and says plainly when it is damaged."""

    def __init__(self, path: Path) -> None:
        """Open it for reading."""
        self._packed = path.stat().st_size
        super().__init__(path, "rb")

    def read(self, size: int | None = -1) -> bytes:
        """Read so many bytes; never all at once without a limit."""
        return self._checked(super().read, -1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        """Read what comes with one look at the packed file."""
        return self._checked(super().read1, size)

    def _checked(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            data = read(size)
        except (OSError, EOFError, zlib.error) as error:
            message = f"The packed file is damaged: {error}. Upload it again."
            raise ImportRefusedError(message) from error
        refuse_bomb(self.tell(), self._packed)
        return data


def check_archive(stream: BinaryIO, limit_of: Callable[[str], int], damaged: str) -> None:
    """Refuse a ZIP that would unpack beyond all measure, before any of it is unpacked.

    Args:
        stream: The archive.
        limit_of: How many bytes a part may have, by its name.
        damaged: What to say when it is no ZIP.

    Raises:
        ImportRefusedError: It is damaged, or the whole or a part is too large. What the archive
            states of its parts is binding: no more than that is unpacked.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, UnicodeError, EOFError, RuntimeError) as error:
        raise ImportRefusedError(damaged) from error
    packed = stream.seek(0, SEEK_END)
    stream.seek(0)
    if any(part.compress_size > packed for part in parts):  # it would all be asked for at once
        raise ImportRefusedError(damaged)
    refuse_bomb(sum(part.file_size for part in parts), packed)
    for part in parts:
        limit = limit_of(part.filename)
        if part.file_size > limit:
            raise ImportRefusedError(
                f"The part {part.filename!r} of the file unpacks to {part.file_size:,} bytes; at "
                f"most {limit:,} are read. Save it as CSV, or split it."
            )
