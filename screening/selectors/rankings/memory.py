"""What this process remembers of rankings: a few reviews' vectors, the last order per scope.

Nothing here is the truth: another process, or this one after a start, makes the same again from
the stored vectors and the decisions.
"""

from collections import OrderedDict
from threading import Lock

from screening.models import RankingVectors
from screening.ranking.vectors import Vectors
from screening.selectors.rankings.marks import Scope
from screening.selectors.rankings.standing import RankedRecords

#: Bytes of vectors kept at most; the one in use is always kept.
BUDGET = 100 * 1024 * 1024
MOST_ORDERS = 60

_vectors: OrderedDict[int, Vectors] = OrderedDict()
_orders: OrderedDict[tuple[Scope, int], RankedRecords] = OrderedDict()
_lock, _reading = Lock(), Lock()


def vectors_of(vectors_id: int) -> Vectors:
    """The vectors of this number, read from the storage unless they are remembered."""
    with _reading:  # one at a time: two big ones at once would take twice the memory
        with _lock:
            known = _vectors.get(vectors_id)
            if known is not None:
                _vectors.move_to_end(vectors_id)
                return known
        row = RankingVectors.objects.get(pk=vectors_id)
        _make_room(row.review_id)
        with row.file.open("rb") as file:
            read = Vectors.from_bytes(file.read())
        with _lock:
            _vectors[vectors_id] = read
            while len(_vectors) > 1 and sum(map(size_of, _vectors.values())) > BUDGET:
                _vectors.popitem(last=False)
        return read


def _make_room(review_id: int) -> None:
    """Let go of older vectors of the same review before its new ones are read."""
    same = RankingVectors.objects.filter(review=review_id).values_list("pk", flat=True)
    with _lock:
        for pk in set(same) & _vectors.keys():
            del _vectors[pk]


def size_of(vectors: Vectors) -> int:
    """About how many bytes of memory vectors take."""
    counts = vectors.counts
    return int(counts.nnz * 10 + len(vectors.vocabulary) * 12 + len(vectors.vocabulary.words) * 80)


def remembered(scope: Scope, member_id: int) -> RankedRecords | None:
    """The last order of a person in this process."""
    with _lock:
        return _orders.get((scope, member_id))


def remember(scope: Scope, member_id: int, ranked: RankedRecords) -> None:
    """Keep an order in place of the person's last one."""
    with _lock:
        _orders[scope, member_id] = ranked
        _orders.move_to_end((scope, member_id))
        while len(_orders) > MOST_ORDERS:
            _orders.popitem(last=False)


def forget() -> None:
    """Forget everything; it is made again when asked for."""
    with _lock:
        _vectors.clear()
        _orders.clear()
