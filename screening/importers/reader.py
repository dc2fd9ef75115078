"""The one interface of every format: say how sure you are, then stream records and problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person chose: column -> field of `ParsedRecord`, and the delimiter; empty = guess."""

    mapping: Mapping[str, str] | None = None
    delimiter: str = ""


class Reader(Protocol):
    """A format. `name` is stored and never changes; `label` is shown to people."""

    name: str
    label: str

    def confidence(self, head: Head) -> float:
        """Say how sure it is that the file is of this format.

        Args:
            head: The beginning of the file.

        Returns:
            0 (cannot be) to 1 (certain).
        """
        ...

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the file's records and problems in the file's order.

        Args:
            source: The file.
            options: What a person chose.

        Yields:
            Records, and problems between them.

        Raises:
            ImportRefusedError: Nothing of the file can be read.
        """
        ...
