"""Files in the data folder that only save work and may be deleted at any time."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def keep_within(paths: Iterable[Path], limit: int) -> int:
    """Delete the files that were touched longest ago until the rest fits.

    Args:
        paths: Files of one cache.
        limit: Bytes that all of them may take.

    Returns:
        How many were deleted.
    """
    kept = []
    for path in paths:
        with suppress(FileNotFoundError):  # another process has just deleted it
            kept.append((path, path.stat()))
    size = sum(facts.st_size for _, facts in kept)
    deleted = 0
    for path, facts in sorted(kept, key=lambda pair: pair[1].st_mtime):
        if size <= limit:
            break
        path.unlink(missing_ok=True)
        size -= facts.st_size
        deleted += 1
    return deleted
