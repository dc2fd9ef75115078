"""Rows are numbered from 1 in each table of a bundle, so that ids of an installation stay home."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from reviewapp.bundles.errors import BundleRefusedError


class Numbering:
    """The ids of a table's rows in rising order; a row's number is its place, from 1."""

    def __init__(self, name: str, ids: Iterable[int]) -> None:
        """Keep the ids, eight bytes each."""
        self.name = name
        self.ids = array("q", ids)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.ids)

    def number(self, pk: int) -> int | None:
        """The number of an id, or nothing when the bundle has no such row."""
        place = bisect_left(self.ids, pk)
        return place + 1 if place < len(self.ids) and self.ids[place] == pk else None

    def needed(self, pk: int) -> int:
        """The number of an id that has to be there.

        Raises:
            BundleRefusedError: The row belongs to another review.
        """
        found = self.number(pk)
        if found is None:
            raise BundleRefusedError(
                f"The review names row {pk} of {self.name}, which is no row of this review. "
                "The database is damaged; restore a backup."
            )
        return found

    def pk(self, number: int) -> int | None:
        """The id of a number, or nothing when there is no such row."""
        return self.ids[number - 1] if 1 <= number <= len(self.ids) else None
