"""The engine's groups become links: many at a time, with as few queries as that needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from screening.dedup import DedupResult, Link, Reason
from screening.models import (
    Adjudication,
    AuditEvent,
    Decision,
    DuplicateLink,
    Record,
    Report,
    Review,
)
from screening.selectors.duplicates import richest
from screening.selectors.rulings import Rulings
from screening.services.compared import name_of
from screening.services.duplicates import Grounds, join

METHODS = {
    "same identifier and title": DuplicateLink.Method.IDENTIFIER,
    "same title, authors, year and venue": DuplicateLink.Method.TITLE,
}
BY_THIRD = Reason("group", agrees=True, text="Both are linked to a third record of the same report")


class Linking:
    """Links the groups of one portion; call it inside a transaction that holds the lock.

    Links are asked for by their records alone, which are all of one review: told the review too,
    SQLite walks through all of its links each time.
    """

    def __init__(self, review: Review, result: DedupResult, rulings: Rulings) -> None:
        """Start with an answer of the engine and what persons said."""
        self._review, self._result, self._rulings = review, result, rulings
        self._head: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}
        self._records: dict[int, Record] = {}
        self._busy: set[int] = set()
        self._plain: list[DuplicateLink] = []
        self.kept: set[int] = set()

    def link(self, groups: Sequence[tuple[str, ...]]) -> None:
        """Link the records of each group to the one that is kept."""
        links = DuplicateLink.objects.standing()
        ids = {int(name) for group in groups for name in group}
        self._head = dict(links.filter(record__in=ids).values_list("record_id", "kept_id"))
        split = [group for group in groups if len(self._heads(group)) > 1]
        self._load({head for group in split for head in self._heads(group)})
        for group in split:
            self._link_group(self._heads(group))
        self._write_plain()

    def _heads(self, group: Iterable[str]) -> set[int]:
        return {self._head.get(int(name), int(name)) for name in group}

    def _load(self, heads: Collection[int]) -> None:
        locked = Record.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        records = locked.select_related("source").defer("raw_text", "extra")
        self._records = records.in_bulk(sorted(heads))  # nobody decides on them meanwhile
        self._members = {head: {head} for head in heads}
        followers = DuplicateLink.objects.standing().filter(kept__in=heads)
        for pk, head in followers.values_list("record_id", "kept_id"):
            self._members[head].add(pk)
            self._head[pk] = head
        self._busy = _with_decisions(heads)
        self._reported = set(
            Report.objects.filter(record__in=heads).values_list("record_id", flat=True)
        )

    def _link_group(self, heads: set[int]) -> None:
        if len(heads) == 1:
            return
        records = [self._records[pk] for pk in sorted(heads)]
        kept = richest(records, reported=self._reported, decided=self._busy)
        for record in records:
            theirs, inside = self._members[record.pk], self._members[kept.pk]
            if record.pk != kept.pk and not self._rulings.forbid(inside, theirs):
                self._join(kept, record, grounds_of(theirs, inside, self._result))

    def _join(self, kept: Record, gone: Record, grounds: Grounds) -> None:
        if self._members[gone.pk] != {gone.pk} or gone.pk in self._busy:
            self._write_plain()
            join(kept=kept, gone=gone, grounds=grounds, by=None)
            self._busy.add(kept.pk)
        else:
            self._plain.append(_plain_link(self._review, kept, gone, grounds))
        theirs = self._members.pop(gone.pk)
        self._members[kept.pk] |= theirs
        self._head |= dict.fromkeys(theirs, kept.pk)
        self.kept.add(kept.pk)

    def _write_plain(self) -> None:
        """Write the links of records that bring neither decisions nor duplicates along."""
        links = DuplicateLink.objects.bulk_create(self._plain)
        AuditEvent.objects.append_many(
            action="duplicate.linked",
            review=self._review,
            afters=[(one, {"record": one.record_id, "kept": one.kept_id}) for one in links],
        )
        self._plain = []


def _with_decisions(ids: Collection[int]) -> set[int]:
    """Records with a current decision or ruling."""
    found: set[int] = set()
    for rows in (Decision.objects.current(), Adjudication.objects.current()):
        found |= set(rows.filter(record__in=ids).values_list("record_id", flat=True))
    return found


def _plain_link(review: Review, kept: Record, gone: Record, grounds: Grounds) -> DuplicateLink:
    return DuplicateLink(
        review=review,
        record=gone,
        kept=kept,
        method=grounds.method,
        score=grounds.score,
        reasons=grounds.reasons,
        created_at=timezone.now(),
    )


def grounds_of(theirs: Iterable[int], inside: Iterable[int], result: DedupResult) -> Grounds:
    """The strongest link from one group to the other; by way of a third record when none is."""
    others = [name_of(pk) for pk in inside]
    pairs = [tuple(sorted((name_of(one), two))) for one in theirs for two in others]
    links = [result.links[one, two] for one, two in pairs if (one, two) in result.links]
    if not links:
        return Grounds(DuplicateLink.Method.SCORE, None, [as_dict(BY_THIRD)])
    best = max(links, key=lambda link: (link.score, link.pair))
    method = METHODS.get(best.rule, DuplicateLink.Method.SCORE)
    return Grounds(method, best.score, reasons_of(best))


def reasons_of(link: Link) -> list[dict[str, Any]]:
    """Why two records are linked or asked about, as stored."""
    return [as_dict(reason) for reason in link.reasons]


def as_dict(reason: Reason) -> dict[str, Any]:
    """A reason as stored."""
    return {"field": reason.field, "agrees": reason.agrees, "text": reason.text}


def components(pairs: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """For each id of some pairs one id that stands for all it is connected with."""
    head: dict[int, int] = {}

    def find(pk: int) -> int:
        while head.setdefault(pk, pk) != pk:
            pk = head[pk]
        return pk

    for one, two in pairs:
        first, second = sorted((find(one), find(two)))
        head[second] = first
    return {pk: find(pk) for pk in list(head)}
