"""Reading back what was just written, and naming exactly what the format could not hold."""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from screening.importers.encodings import EncodingGuess
from screening.importers.files import Head, SourceFile
from screening.importers.own import FIELDS
from screening.importers.parsed import ParsedRecord
from screening.importers.prior import Prior
from screening.importers.reader import Reader, ReadOptions

_NOWHERE = Path("export")
_UTF8 = EncodingGuess("utf-8")
_OPTIONS = ReadOptions()
_HEAD = 4096


class MemorySource(SourceFile):
    """A text in memory that a reader takes for a file."""

    def __init__(self, text: str) -> None:
        """Keep the text as the file's bytes."""
        self._content = text.encode("utf-8", "replace")
        super().__init__(_NOWHERE, _UTF8, Head(b"", text[:_HEAD], is_whole=True))

    def open(self) -> BinaryIO:
        """Open the text's bytes."""
        return io.BytesIO(self._content)


def read_back(reader: Reader, text: str) -> ParsedRecord | None:
    """Read one written record.

    Args:
        reader: The reader of the format.
        text: What was written, as a file of its own.

    Returns:
        The record; None when the text is not read as exactly one record.
    """
    items = list(reader.read(MemorySource(text), _OPTIONS))
    records = [one for one in items if isinstance(one, ParsedRecord)]
    return records[0] if len(records) == 1 else None


def patch_of(wanted: ParsedRecord, got: ParsedRecord, prior: Prior | None) -> dict[str, Any]:
    """Name what reading back would lose or add.

    Args:
        wanted: The record.
        got: The record as it was read back.
        prior: What people said of it.

    Returns:
        JSON data that `own.restored` understands; empty when nothing differs.

    Source: own definition (docs/exports.md).
    """
    patch: dict[str, Any] = {}
    for name in FIELDS:
        want, have = getattr(wanted, name), getattr(got, name)
        if want == have:
            continue
        places = _breaks(want, have) if isinstance(want, str) else None
        if places:
            patch.setdefault("breaks", {})[name] = places
        else:
            patch.setdefault("set", {})[name] = _json(name, want)
    extra = _extra(wanted.extra, got.extra)
    if extra:
        patch["extra"] = extra
    if prior is not None:
        patch["prior"] = prior.as_dict()
    return patch


def note_of(patch: Mapping[str, Any]) -> str:
    """Return the patch as one line of JSON in plain ASCII.

    Args:
        patch: What `patch_of` gave.
    """
    return json.dumps(patch, separators=(",", ":"))


def _breaks(want: str, have: str) -> list[int]:
    """Places of line breaks that were read as blanks, when nothing else differs."""
    if len(want) != len(have) or want.replace("\n", " ") != have.replace("\n", " "):
        return []
    pairs = enumerate(zip(want, have, strict=True))
    places = [at for at, (one, other) in pairs if one == "\n" and other == " "]
    differing = sum(one != other for one, other in zip(want, have, strict=True))
    return places if len(places) == differing else []


def _json(name: str, value: Any) -> Any:
    if name == "urls":
        return [{key: str(text) for key, text in asdict(link).items()} for link in value]
    return list(value) if isinstance(value, tuple) else value


def _extra(
    wanted: Mapping[str, tuple[str, ...]], got: Mapping[str, tuple[str, ...]]
) -> dict[str, list[str] | None]:
    changes: dict[str, list[str] | None] = {
        name: list(values) for name, values in wanted.items() if got.get(name) != values
    }
    return changes | dict.fromkeys(name for name in got if name not in wanted)
