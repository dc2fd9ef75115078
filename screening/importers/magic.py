"""Files that are no bibliographic export, known by their first bytes, and what to say of them."""

import re

from screening.importers.files import Head
from screening.importers.parsed import ImportRefusedError

_KINDS = (
    (b"%PDF", "a PDF. Full texts are uploaded on the report's page; here, upload an export"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls or .doc); save it as .xlsx or .csv"),
    (b"{\\rtf", "a rich text file; export as plain text"),
    (b"SQLite format 3\0", "a database file"),
    (b"PK\x03\x04", "a ZIP archive; unpack it and upload the files in it"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it and upload the files in it"),
    (b"Rar!", "a RAR archive; unpack it and upload the files in it"),
    (b"ID3", "an audio file"),
)
_HTML = re.compile(rb"^\s*(?:<!doctype html|<html)", re.I)
_NUL_SHARE = 0.01
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_SHARE = 0.02


def refuse_foreign(head: Head) -> None:
    """Refuse a file that cannot hold search results, naming what it is.

    Args:
        head: The beginning of the file.

    Raises:
        ImportRefusedError: The file is a PDF, an image, a web page, an archive, binary, ...
    """
    raw = head.raw
    for magic, words in _KINDS:
        if raw.startswith(magic):
            raise ImportRefusedError(f"The file is {words}.")
    if _HTML.match(raw):
        raise ImportRefusedError(
            "The file is a web page, perhaps a log-in page saved by mistake. "
            "Use the export of the database (RIS, nbib, BibTeX, CSV) and upload that."
        )
    if head.text.count("\0") > len(head.text) * _NUL_SHARE:
        raise ImportRefusedError("The file is binary (it is full of NUL bytes), not an export.")
    if len(_CONTROLS.findall(head.text)) > len(head.text) * _CONTROL_SHARE:
        raise ImportRefusedError("The file is binary (it is full of control codes), not an export.")
