"""What persons said about pairs of records: the engine never overrides it."""

from collections.abc import Iterable

from screening.models import DuplicateLink, NotDuplicate, Review

Pairs = set[tuple[int, int]]


class Rulings:
    """What persons said: pairs that stay apart, and pairs that only a person may link."""

    def __init__(self, review: Review) -> None:
        """Read the rulings, standing and taken back, and the links that a person undid."""
        rulings = NotDuplicate.objects.filter(review=review)
        undone = DuplicateLink.objects.filter(review=review, undone_by__isnull=False)
        standing = rulings.filter(undone_at__isnull=True)
        self.rejected: Pairs = set(standing.values_list("first_id", "second_id"))
        self.withdrawn: Pairs = set(rulings.values_list("first_id", "second_id")) - self.rejected
        self.unlinked: Pairs = {
            (min(pair), max(pair)) for pair in undone.values_list("record_id", "kept_id")
        }

    @property
    def apart(self) -> Pairs:
        """Pairs that the engine must neither merge nor ask about."""
        return self.rejected | self.unlinked

    @property
    def of_persons(self) -> Pairs:
        """Pairs that a person has ever ruled on, whatever stands now."""
        return self.apart | self.withdrawn

    def forbid(self, one: Iterable[int], two: Iterable[int]) -> bool:
        """Whether some pair across two groups was ruled apart."""
        others = list(two)
        return any((min(a, b), max(a, b)) in self.apart for a in one for b in others)
