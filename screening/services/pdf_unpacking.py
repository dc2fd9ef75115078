"""PDFs out of what was uploaded: files as they are, archives unpacked within limits."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

MAX_FILES = 500
MAX_UNPACKED = 500 * 1024 * 1024
MAX_RATIO = 100  # PDFs are packed already; a bomb shrinks to a thousandth
RATIO_FROM = 1024 * 1024
MAX_DIRECTORY = 1024 * 1024  # bytes of an archive's list of parts
HEAD = 1024

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535
_LOCATOR = 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    UnicodeError,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One file that came with its size: its content, or why it is none that can be read."""

    name: str
    size: int
    content: bytes
    refusal: str = ""


def pieces_of(uploads: "Sequence[UploadedFile[bytes]]") -> Iterator[Piece]:
    """The files among the uploads, archives unpacked, one after the other.

    What systems put into archives by themselves (folders, `__MACOSX`, hidden files) is left out.

    Raises:
        ValidationError: There are too many, an archive is damaged, or it unpacks to too much;
            nothing may be kept then.
    """
    count = 0
    for upload in uploads:
        is_archive = upload.read(4) in _ZIP
        upload.seek(0)
        for piece in _unpacked(upload) if is_archive else [_plain(upload)]:
            count += 1
            if count > MAX_FILES:
                raise ValidationError(f"These are more than {MAX_FILES} files. Upload fewer.")
            yield piece


def _plain(upload: "UploadedFile[bytes]") -> Piece:
    return _checked(upload.name or "file", upload.read())


def _checked(name: str, content: bytes) -> Piece:
    if not content:
        return Piece(name, 0, b"", "This file is empty.")
    if b"%PDF-" not in content[:HEAD]:
        return Piece(name, len(content), b"", "This file is no PDF.")
    return Piece(name, len(content), content)


def _unpacked(upload: "UploadedFile[bytes]") -> Iterator[Piece]:
    name = upload.name or "archive"
    stream = upload.file
    if stream is None:
        raise ValidationError(f"{name} did not arrive. Upload it again.")
    _check_directory(stream, name)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = [part for part in archive.infolist() if _is_file(part)]
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                most = MAX_UNPACKED // settings.MEGABYTE
                raise ValidationError(f"{name} unpacks to more than {most} MB. Split it.")
            for part in parts:
                yield _part(archive, part)
    except _BROKEN as error:
        raise ValidationError(f"{name} is damaged and cannot be unpacked.") from error


def _is_file(part: zipfile.ZipInfo) -> bool:
    names = PurePosixPath(part.filename).parts
    is_hidden = "__MACOSX" in names or names[-1:] == () or names[-1].startswith(".")
    return not (part.is_dir() or is_hidden)


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Piece:
    name = PurePosixPath(part.filename).name or "file"
    if part.flag_bits & 1:
        return Piece(name, part.file_size, b"", "This file is protected by a password.")
    if part.file_size > settings.UPLOAD_LIMIT_BYTES:
        return Piece(name, part.file_size, b"", "This file is too large.")
    if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * part.compress_size:
        return Piece(name, part.file_size, b"", "This file unpacks to far more than a PDF does.")
    try:
        with archive.open(part) as packed:  # gives no more than the size it states
            return _checked(name, packed.read(part.file_size))
    except _BROKEN:
        return Piece(name, part.file_size, b"", "This file is damaged in the archive.")


def _check_directory(stream: IO[bytes], name: str) -> None:
    """Look at the size of the list of parts before it is read into memory."""
    stream.seek(0, 2)
    end = stream.tell()
    stream.seek(max(0, end - _END_LENGTH - _LONGEST_COMMENT - _LOCATOR))
    tail = stream.read()
    stream.seek(0)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_LENGTH:
        raise ValidationError(f"{name} is damaged and cannot be unpacked.")
    (length,) = struct.unpack("<L", tail[place + 12 : place + 16])
    is_64 = tail[max(0, place - _LOCATOR) : place].startswith(_END_64)
    if is_64 or length > MAX_DIRECTORY:
        raise ValidationError(f"{name} lists too many files. Put at most {MAX_FILES} into it.")
