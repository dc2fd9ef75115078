"""Frames of large reviews on disk, for the next process: numbers and texts, no code.

A file may be deleted at any time. What it holds is taken over only where the prints of the studies
still hold, so that an old file saves most of the reading and never changes what is shown.
"""

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Mapping, Set
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from django.conf import settings

from screening.selectors.cached_files import keep_within

LIMIT_BYTES = 300 * 1024 * 1024
SUFFIX = ".npz"
ROOMS = ("analytics", "extraction")  # whose code decides what stands in a frame


class StoredFrames(NamedTuple):
    """What is kept of a reading: both frames, the rows' keys and the prints by study."""

    studies: pd.DataFrame
    experiments: pd.DataFrame
    row_keys: Mapping[int, Set[str]]
    prints: Mapping[int, str]


def folder() -> Path:
    """Where they are kept; it may be emptied at any time."""
    return Path(settings.DATA_DIR) / "cache" / "frames"


def keep_stored(review_id: int, key: str, kept: StoredFrames) -> None:
    """Write frames for other processes; a full disk or a forbidden folder is no fault of theirs.

    Args:
        review_id: The review.
        key: What else they depend on: the form, the pair, whose answers are read.
        kept: The frames.
    """
    with suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=folder(), suffix=".tmp")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **_arrays(kept))
            fresh.replace(_place(review_id, key))
        finally:
            fresh.unlink(missing_ok=True)
        keep_within(folder().glob(f"*{SUFFIX}"), LIMIT_BYTES)


def take_stored(review_id: int, key: str) -> StoredFrames | None:
    """Read what was kept; None where there is nothing or it cannot be read.

    Args:
        review_id: The review.
        key: As it was kept.
    """
    place = _place(review_id, key)
    try:
        content = place.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            found = _from_arrays(arrays)
        os.utime(place)
    except (OSError, ValueError, KeyError, BadZipFile):
        return None
    return found


def drop_stored(review_id: int) -> int:
    """Delete what is kept of a review, e.g. with the review; the number of files."""
    places = list(folder().glob(f"{review_id}-*{SUFFIX}"))
    for place in places:
        place.unlink(missing_ok=True)
    return len(places)


def _place(review_id: int, key: str) -> Path:
    database = settings.DATABASES["default"]
    where = [str(database.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME")]
    text = json.dumps([_code(), *where, key])
    return folder() / f"{review_id}-{hashlib.sha256(text.encode()).hexdigest()[:32]}{SUFFIX}"


@cache
def _code() -> str:
    """A print of the code that makes frames: another version reads everything anew."""
    root = Path(__file__).resolve().parent.parent.parent
    digest = hashlib.sha256(pd.__version__.encode())
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _arrays(kept: StoredFrames) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    shape: dict[str, list[tuple[str, str]]] = {}
    for name in ("studies", "experiments"):
        frame: pd.DataFrame = getattr(kept, name)
        shape[name] = [(column, str(frame[column].dtype)) for column in frame.columns]
        for number, column in enumerate(frame.columns):
            for part, array in _of_column(frame[column]).items():
                arrays[f"{name}.{number}.{part}"] = array
    rows = {str(study): sorted(keys) for study, keys in kept.row_keys.items()}
    prints = {str(study): text for study, text in kept.prints.items()}
    arrays["about"] = _text({"shape": shape, "row_keys": rows, "prints": prints})
    return arrays


def _of_column(column: pd.Series) -> dict[str, np.ndarray]:
    """Texts once each with their places; tuples as JSON; numbers as they are."""
    kind = str(column.dtype)
    if kind == "str":
        codes, known = pd.factorize(column, use_na_sentinel=True)
        return {"codes": codes.astype("int32"), "known": _text(known.tolist())}
    if kind == "object":
        return {"json": _text(column.tolist())}
    if kind == "Int64":
        return {
            "values": column.fillna(0).to_numpy("int64"),
            "missing": column.isna().to_numpy("bool"),
        }
    return {"values": column.to_numpy()}


def _from_arrays(arrays: Any) -> StoredFrames:
    about = json.loads(arrays["about"].tobytes())
    frames = {
        name: pd.DataFrame(
            {
                column: _column(arrays, f"{name}.{number}", kind)
                for number, (column, kind) in enumerate(about["shape"][name])
            }
        )
        for name in ("studies", "experiments")
    }
    return StoredFrames(
        frames["studies"],
        frames["experiments"],
        {int(study): frozenset(keys) for study, keys in about["row_keys"].items()},
        {int(study): text for study, text in about["prints"].items()},
    )


def _column(arrays: Any, name: str, kind: str) -> Any:
    if kind == "str":
        known = np.array([*json.loads(arrays[f"{name}.known"].tobytes()), np.nan], dtype="object")
        return pd.array(known[arrays[f"{name}.codes"]], dtype="str")
    if kind == "object":
        texts = json.loads(arrays[f"{name}.json"].tobytes())
        return pd.Series([tuple(one) for one in texts], dtype="object")
    values = arrays[f"{name}.values"]
    if kind == "Int64":
        return pd.arrays.IntegerArray(values, arrays[f"{name}.missing"])
    return values


def _text(data: object) -> np.ndarray:
    text = json.dumps(data, separators=(",", ":")).encode()
    return np.frombuffer(text, dtype="uint8")
