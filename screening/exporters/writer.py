"""The one interface of every format: a stream of records in, a stream of bytes out."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from screening.exporters.exported import Exported


class Writer(Protocol):
    """A format. `name` stands in addresses and never changes; `label` is shown to people."""

    name: str
    label: str
    ending: str
    content_type: str

    def stream(self, records: Iterable[Exported]) -> Iterator[bytes]:
        """Write the records one after the other, holding none of them.

        Args:
            records: What to write, in order.

        Yields:
            The pieces of the file; joined they are the whole of it.
        """
        ...


def encoded(text: str) -> bytes:
    """Return the text as UTF-8; half a surrogate pair, which no file may hold, becomes `?`.

    Args:
        text: Any text.
    """
    return text.encode("utf-8", "replace")
