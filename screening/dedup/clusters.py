"""Groups out of pairs: no chain joins two records that are clearly not one report."""

from collections import defaultdict
from collections.abc import Callable, Iterable

Pair = tuple[str, str]


class Clusters:
    """Disjoint groups of ids that grow by links, strongest first."""

    def __init__(self, may_join: Callable[[str, str], bool]) -> None:
        """Start with every id alone.

        Args:
            may_join: tells for two ids whether they may stand in one group.
        """
        self._may_join = may_join
        self._head: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}

    def head(self, name: str) -> str:
        """The id that stands for the group of an id.

        Args:
            name: any id.

        Returns:
            The same id for all members of a group.

        Source:
            Own definition.
        """
        return self._head.get(name, name)

    def members(self, name: str) -> list[str]:
        """All ids of the group of an id.

        Args:
            name: any id.

        Returns:
            The ids, the given one among them.

        Source:
            Own definition.
        """
        return self._members.get(self.head(name), [name])

    def join(self, one: str, two: str) -> bool:
        """Join two groups unless one pair across them must stay apart.

        Args:
            one: an id.
            two: another.

        Returns:
            True when both are in one group afterwards.

        Source:
            Own definition (complete linkage over refusals).
        """
        first, second = sorted((self.head(one), self.head(two)))
        if first == second:
            return True
        mine, theirs = self.members(first), self.members(second)
        linked = {(one, two), (two, one)}
        if not all((a, b) in linked or self._may_join(a, b) for a in mine for b in theirs):
            return False
        self._members[first] = mine + theirs
        self._members.pop(second, None)
        for name in self._members[first]:
            self._head[name] = first
        return True

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """All groups of more than one id.

        Returns:
            Sorted ids, the groups in the order of their first id.

        Source:
            Own definition.
        """
        return tuple(sorted(tuple(sorted(names)) for names in self._members.values()))


def pairs_by_id(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    """Look-up of pairs from both sides.

    Args:
        pairs: unordered pairs of ids.

    Returns:
        For each id those it is paired with.

    Source:
        Own definition.
    """
    partners: dict[str, set[str]] = defaultdict(set)
    for one, two in pairs:
        partners[one].add(two)
        partners[two].add(one)
    return partners
