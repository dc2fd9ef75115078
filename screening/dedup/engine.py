"""From records to groups and questions: the engine's front door."""

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from rapidfuzz import fuzz

from screening.dedup.blocking import Blocks, Key
from screening.dedup.clusters import Clusters, Pair, pairs_by_id
from screening.dedup.evidence import Evidence, compare
from screening.dedup.normal import Normal, normalise
from screening.dedup.reasons import reasons_of
from screening.dedup.records import DedupRecord, DedupResult, Link
from screening.dedup.rules import Answer, judge

_WORTH_TITLE = 60.0
_WORTH_WORDS = 90.0
_SILENCE = 0.2


def find_duplicates(records: Iterable[DedupRecord], rejected: Collection[Pair] = ()) -> DedupResult:
    """Find the records that are one report, and those a person should look at.

    Args:
        records: any number, in any order; the answer does not depend on it.
        rejected: pairs of ids that a person has called "not duplicates": they are neither
            merged, not even by way of a third record, nor suggested.

    Returns:
        Groups, suggestions and links.

    Raises:
        ValueError: Two records have the same id.

    Source:
        Own definition.
    """
    index = DuplicateIndex(rejected)
    return index.add(records)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep Python from looking for circles among millions of small values that form none.

    Source:
        Own definition; saves a sixth of the time over 50,000 records.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Verdict(NamedTuple):
    """What a rule said about a pair, and on what grounds."""

    score: float
    answer: Answer
    rule: str
    found: Evidence


def verdict_on(one: Normal, two: Normal) -> Verdict | None:
    """Judge two records that share a key.

    Args:
        one: a record in comparable form.
        two: another one.

    Returns:
        A merge or a doubt; None when they are different.

    Source:
        Own definition.
    """
    if not _is_worth_comparing(one, two):
        return None
    found = compare(one, two)
    rule = judge(found)
    if rule.answer is Answer.DIFFERENT:
        return None
    return Verdict(score_of(found), rule.answer, rule.name, found)


class DuplicateIndex:
    """Known records that new ones are compared with, without comparing the known ones again."""

    def __init__(
        self,
        rejected: Collection[Pair] = (),
        closed: Collection[Key] = (),
        judged: Mapping[Pair, Verdict | None] | None = None,
        keys: Mapping[str, Collection[Key]] | None = None,
    ) -> None:
        """Start empty.

        Args:
            rejected: as for `find_duplicates`.
            closed: keys that have too many records among those that are not fed here.
            judged: what `verdict_on` has said of some pairs already, by ids in their order.
            keys: what `keys_of` has given already, by id of the record.
        """
        self._judged = judged or {}
        self._rejected = pairs_by_id(rejected)
        self._records: list[Normal] = []
        self._place: dict[str, int] = {}
        self._blocks = Blocks(closed, keys)
        self._merges: dict[Pair, Verdict] = {}
        self._doubts: dict[Pair, Verdict] = {}

    def add(self, records: Iterable[DedupRecord]) -> DedupResult:
        """Add records and answer for all records added so far.

        Args:
            records: new records.

        Returns:
            The same as one run over all of them would give.

        Raises:
            ValueError: An id is already known.

        Source:
            Own definition.
        """
        self.feed(records)
        return self.result()

    @property
    def records(self) -> Sequence[Normal]:
        """The records added so far, in comparable form and in their order."""
        return self._records

    def feed(self, records: Iterable[DedupRecord]) -> None:
        """Add records without answering yet, so that long work can report its progress.

        Args:
            records: new records.

        Raises:
            ValueError: An id is already known.

        Source:
            Own definition.
        """
        self.feed_normal(map(normalise, records))

    def feed_normal(self, records: Iterable[Normal]) -> None:
        """Add records that are in comparable form already, without answering yet.

        Args:
            records: new records.

        Raises:
            ValueError: An id is already known.

        Source:
            Own definition.
        """
        with collector_at_rest():
            for record in records:
                if record.id in self._place:
                    raise ValueError(f"Two records have the id {record.id!r}.")
                self._place[record.id] = len(self._records)
                self._records.append(record)
            for one, two in self._blocks.new_pairs(self._records):
                self._judge(self._records[one], self._records[two])

    def _judge(self, one: Normal, two: Normal) -> None:
        if one.id > two.id:
            one, two = two, one
        if two.id in self._rejected.get(one.id, ()):
            return
        pair = (one.id, two.id)
        verdict = self._judged[pair] if pair in self._judged else verdict_on(one, two)
        if verdict is None:
            return
        known = self._merges if verdict.answer is Answer.MERGE else self._doubts
        known[pair] = verdict

    def _drop_unmet(self) -> None:
        """Forget pairs that met only by keys that have become too common since."""
        for known in (self._merges, self._doubts):
            for one, two in [pair for pair in known if not self._meet(*pair)]:
                del known[one, two]

    def _meet(self, one: str, two: str) -> bool:
        return self._blocks.meet(self._normal(one), self._normal(two))

    def result(self) -> DedupResult:
        """Answer for all records added so far.

        Returns:
            Groups, suggestions and links.

        Source:
            Own definition.
        """
        if self._blocks.has_closed:
            self._drop_unmet()
        clusters = Clusters(self._may_join)
        doubts = dict(self._doubts)
        links: list[Pair] = []
        for pair, verdict in sorted(self._merges.items(), key=self._rank):
            if clusters.join(*pair):
                links.append(pair)
            else:
                doubts[pair] = verdict
        questions = self._questions(doubts, clusters)
        return DedupResult(
            merged=clusters.groups(),
            suggested=tuple(self._link(pair, doubts[pair]) for pair in questions),
            links={pair: self._link(pair, self._merges[pair]) for pair in links},
        )

    def _questions(self, doubts: dict[Pair, Verdict], clusters: Clusters) -> Sequence[Pair]:
        """One question for two groups, however many of their pairs are in doubt."""
        asked: set[tuple[str, str]] = set()
        questions: list[Pair] = []
        for pair, _ in sorted(doubts.items(), key=self._rank):
            one, two = sorted(map(clusters.head, pair))
            if one == two or (one, two) in asked or self._is_rejected(one, two, clusters):
                continue
            asked.add((one, two))
            questions.append(pair)
        return questions

    def _rank(self, item: tuple[Pair, Verdict]) -> tuple[object, ...]:
        """The strongest first; ties by what the records say, not by who came first."""
        pair, verdict = item
        return -verdict.score, sorted(_content(self._normal(name)) for name in pair), pair

    def _is_rejected(self, one: str, two: str, clusters: Clusters) -> bool:
        others = set(clusters.members(two))
        return any(self._rejected.get(name, set()) & others for name in clusters.members(one))

    def _may_join(self, one: str, two: str) -> bool:
        pair = (one, two) if one < two else (two, one)
        if two in self._rejected.get(one, ()):
            return False
        if pair in self._merges:
            return True
        found = compare(self._normal(one), self._normal(two))
        return judge(found).answer is not Answer.DIFFERENT and not _contradicts(found)

    def _normal(self, name: str) -> Normal:
        return self._records[self._place[name]]

    def _link(self, pair: Pair, verdict: Verdict) -> Link:
        reasons = reasons_of(self._normal(pair[0]), self._normal(pair[1]), verdict.found)
        return Link(*pair, verdict.rule, verdict.score, reasons)


def _content(record: Normal) -> tuple[object, ...]:
    pages, title = record.pages.first, record.title.squeezed
    return record.doi, record.pmid, record.volume, pages, record.year or 0, title, record.abstract


def _is_worth_comparing(one: Normal, two: Normal) -> bool:
    if fuzz.ratio(one.title.squeezed, two.title.squeezed, score_cutoff=_WORTH_TITLE):
        return True
    if (one.doi and one.doi == two.doi) or (one.pmid and one.pmid == two.pmid):
        return True
    if one.arxiv_id and one.arxiv_id == two.arxiv_id:
        return True
    if one.pages.first and one.pages.first == two.pages.first and one.volume == two.volume:
        return True
    if one.title.other or two.title.other:
        return True
    words = fuzz.token_set_ratio(one.title.key, two.title.key, score_cutoff=_WORTH_WORDS)
    return bool(words)


def _contradicts(found: Evidence) -> bool:
    """A pair inside a group whose own evidence says two reports.

    The same text on the same page of the same journal stays one report, whatever identifier a
    look-up has put on it.
    """
    if found.kinds:
        return True
    one_page = bool(found.pages and found.venue and found.abstract) and found.year == 0
    if one_page and found.title == found.authors == 1:
        return False
    return found.doi is False or found.pmid is False


def score_of(found: Evidence) -> float:
    """Likeness for sorting; it decides nothing.

    Args:
        found: a comparison.

    Returns:
        0 (nothing agrees) to 1 (everything agrees); what one record does not give counts a little
        against it.

    Source:
        Own definition.
    """
    place = [part for part in (found.volume, found.pages, found.venue) if part is not None]
    parts = [
        (4.0, found.title),
        (1.5, found.authors),
        (1.0, None if found.year is None else max(0.0, 1 - found.year / 3)),
        (1.5, sum(place) / len(place) if place else None),
        (2.0, None if found.doi is None else float(found.doi)),
        (1.0, None if found.abstract is None else float(found.abstract)),
    ]
    known = sum(weight for weight, value in parts if value is not None)
    silent = sum(weight for weight, value in parts if value is None)
    agreed = sum(weight * value for weight, value in parts if value is not None)
    return round(agreed / (known + _SILENCE * silent), 4)
