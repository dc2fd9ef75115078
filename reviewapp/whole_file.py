"""Files that appear under their name only when they are complete."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(target: Path, refusal: type[Exception]) -> Iterator[IO[bytes]]:
    """Write a file beside its place; at the end of the block it is put there, on disk and whole.

    Args:
        target: The file to make; one that exists is replaced, or stays when the block fails.
        refusal: Raised with words when the folder cannot be written.
    """
    try:
        handle, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise refusal(f"{target.parent} cannot be written: {error}.") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(handle)
        Path(partial).replace(target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
